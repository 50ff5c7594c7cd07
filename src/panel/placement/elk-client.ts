/**
 * elkjs in a worker of its own, started from its embedded source: a webview admits no other. Cancelling ends the worker.
 * Where workers are refused the closed form stays, and nothing is lost but the arrangement of irregular parts.
 */
import ELK, { type ELK as Elk } from 'elkjs/lib/elk-api.js';
import workerSource from 'elkjs/lib/elk-worker.min.js?text';
import { fromElk, toElk } from '../../layout/elk/elk.ts';
import { isLayable, type LaneGraph, type Positions } from '../../layout/elk/graph.ts';

/** A layout that takes longer is not worth waiting for. */
const PATIENCE = 8000;

export class ElkClient {
  private elk: Elk | undefined;
  private refused = false;
  private readonly running = new Set<string>();
  private readonly known = new Map<string, Positions>();
  /** Positions that the next graph of a family starts from. */
  private readonly latest = new Map<string, Positions>();
  private readonly onPositions: () => void;

  constructor(onPositions: () => void) {
    this.onPositions = onPositions;
  }

  /** Layouts found so far, by key of the graph. */
  get positions(): ReadonlyMap<string, Positions> {
    return this.known;
  }

  /** Asks for a layout unless it is known or under way; the answer comes through `onPositions`. */
  request(graph: LaneGraph): void {
    if (this.refused || this.known.has(graph.key) || this.running.has(graph.key) || !isLayable(graph)) return;
    const elk = this.start();
    if (!elk) return;
    this.running.add(graph.key);
    const old = graph.family === undefined ? undefined : this.latest.get(graph.family);
    const patience = window.setTimeout(() => this.cancel(), PATIENCE);
    elk
      .layout(toElk(graph, old))
      .then(laid => {
        const positions = fromElk(graph, laid);
        if (positions) this.known.set(graph.key, positions);
        if (positions && graph.family !== undefined) this.latest.set(graph.family, positions);
        this.onPositions();
      })
      .catch(() => {
        // The closed form is on screen already; a layout that fails changes nothing.
      })
      .finally(() => {
        window.clearTimeout(patience);
        this.running.delete(graph.key);
      });
  }

  get busy(): boolean {
    return this.running.size > 0;
  }

  /** Gives up what is under way. */
  cancel(): void {
    this.elk?.terminateWorker();
    this.elk = undefined;
    this.running.clear();
  }

  private start(): Elk | undefined {
    if (this.elk) return this.elk;
    try {
      const address = URL.createObjectURL(new Blob([workerSource], { type: 'text/javascript' }));
      this.elk = new ELK({
        algorithms: ['layered', 'stress'],
        workerFactory: () => {
          const worker = new Worker(address);
          worker.onerror = () => {
            this.refused = true;
            this.cancel();
          };
          return worker;
        },
      });
      URL.revokeObjectURL(address);
    } catch {
      this.refused = true;
    }
    return this.elk;
  }
}
