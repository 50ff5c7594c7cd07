/**
 * When ASTRA-sim's analytical backends say that a collective ends: its own rules for chunks, queues, endpoints, whole-message
 * links and whole nanoseconds, played event by event. Behaviour after the sources of astra-sim 518bd51 and
 * astra-network-analytical 599a047, checked against recorded runs; no line of the engine's pricing is used.
 *
 * Ranks that do the same are played once: rings and direct exchanges look alike from every rank, and so does
 * halving-doubling behind a switch. Then a link stands for its likes, and a message that goes out comes in at the same rank.
 * Where ranks differ (trees; halving-doubling around a ring whose links are shared) each rank of the line is played.
 */
import { type Dimension, type Phase, phasesOf, ranks, type Settings } from '../settings.ts';
import { Clock } from './clock.ts';
import type { Algorithm, Endpoint } from './endpoint.ts';
import { Direct, HalvingDoubling, Ring } from './exchanges.ts';
import { BinaryTree } from './tree.ts';
import { type Hop, hopsWithin, type Transport, Wires } from './wires.ts';

export interface Finish {
  /** Nanoseconds; of the first and the last rank. */
  first: number;
  last: number;
}

export interface Options {
  storeAndForward?: boolean;
  wholeNanoseconds?: boolean;
  /** Play every rank, or only one of those that do the same. Without it: every rank where order may matter. */
  everyRank?: boolean;
}

/**
 * Several chunks that share links in several dimensions may reach a link at the same moment, and then the order of ranks
 * decides which goes first. Up to this many ranks are played in that order; of more, the recorded runs do not tell the
 * difference.
 */
const PLAYED_IN_ORDER = 64;

/** Chunks of a collective: S / splits each, and one more where that leaves a rest. At least a byte for every rank. */
export function chunksOf(settings: Settings): number[] {
  const npus = ranks(settings.dimensions);
  let chunk = Math.floor(settings.size / settings.splits);
  let size = settings.size;
  if (settings.op !== 'all_gather' && npus > chunk) {
    chunk = npus;
    size = chunk * settings.splits;
  }
  return chunk > 0 ? new Array<number>(Math.ceil(size / chunk)).fill(chunk) : [];
}

interface Stream {
  id: number;
  phases: QueuedPhase[];
  at: number;
}

interface QueuedPhase extends Phase {
  queue: string;
  turn: 1 | -1;
  mirrored: boolean;
}

/** @returns undefined where some rank never finishes */
export function simulate(settings: Settings, options: Options = {}): Finish | undefined {
  if (!settings.dimensions.every(canRun)) return undefined;
  const play = new Play(settings, options);
  return play.run();
}

/** Halving-doubling and trees stop or crash where the ranks are no power of two; nobody talks to nobody alone. */
function canRun({ method, npus }: Dimension): boolean {
  return method === 'ring' || method === 'direct' || Number.isInteger(Math.log2(npus));
}

class Play {
  readonly settings: Settings;
  readonly clock = new Clock();
  readonly wires: Wires;
  /** Whether ranks of this dimension are played one by one. */
  private readonly single: boolean[];
  readonly finished: number[] = [];
  private readonly npus: Npu[];
  private readonly strides: number[];

  constructor(settings: Settings, options: Options) {
    this.settings = settings;
    const { dimensions, congestion } = settings;
    const transport: Transport = {
      congestion,
      storeAndForward: options.storeAndForward ?? true,
      wholeNanoseconds: options.wholeNanoseconds ?? true,
    };
    this.wires = new Wires(this.clock, dimensions, transport);
    const ordered = congestion && dimensions.length > 1 && settings.splits > 1;
    const every = options.everyRank ?? (ordered && ranks(dimensions) <= PLAYED_IN_ORDER);
    this.single = dimensions.map(
      ({ method, block }) =>
        every ||
        settings.members !== undefined ||
        method === 'doubleBinaryTree' ||
        (method === 'halvingDoubling' && block === 'Ring' && congestion),
    );
    let count = 1;
    this.strides = dimensions.map(({ npus }, index) => {
      const stride = count;
      if (this.single[index]) count *= npus;
      return stride;
    });
    this.npus = Array.from({ length: settings.members ?? count }, (_, id) => new Npu(this, id));
  }

  run(): Finish | undefined {
    this.clock.after(0, () => {
      for (const npu of this.npus) npu.begin();
    });
    this.clock.run();
    if (this.finished.length < this.npus.length) return undefined;
    return { first: this.finished[0]!, last: this.finished.at(-1)! };
  }

  /** Ranks of a line that plays a phase, and the place of one of them in it. */
  lineOf(dimension: number): number {
    return this.settings.members ?? this.settings.dimensions[dimension]!.npus;
  }

  placeOf(npu: number, dimension: number): number {
    return this.settings.members === undefined ? this.position(npu, dimension) : npu;
  }

  private position(npu: number, dimension: number): number {
    if (!this.single[dimension]) return 0;
    return Math.floor(npu / this.strides[dimension]!) % this.settings.dimensions[dimension]!.npus;
  }

  /** Who is `offset` further on in a dimension, and the way there. */
  peer(npu: number, dimension: number, offset: number): { npu: Npu; hops: Hop[] } {
    const { members } = this.settings;
    if (members === undefined) return this.along(npu, dimension, offset);
    const to = (npu + offset) % members;
    return { npu: this.npus[to]!, hops: this.across(npu, to) };
  }

  /** From rank to rank by dimension, the first one first. */
  private across(from: number, to: number): Hop[] {
    const hops: Hop[] = [];
    let at = from;
    this.settings.dimensions.forEach(({ npus }, dimension) => {
      const offset = (this.position(to, dimension) - this.position(at, dimension) + npus) % npus;
      if (offset === 0) return;
      const way = this.along(at, dimension, offset);
      hops.push(...way.hops);
      at = way.to;
    });
    return hops;
  }

  private along(npu: number, dimension: number, offset: number): { npu: Npu; to: number; hops: Hop[] } {
    const block = this.settings.dimensions[dimension]!;
    const position = this.position(npu, dimension);
    // Ranks that are played once have links of their own in the dimensions in which all are alike.
    const alike = (to: number) => (block.block === 'FullyConnected' ? `${npu} at ${to}` : `${npu}`);
    const base = npu - position * this.strides[dimension]!;
    const device = (at: number) => `${base + at * this.strides[dimension]!}`;
    const single = this.single[dimension]!;
    const hops = hopsWithin(block, dimension, position, offset, single ? device : alike);
    const to = single ? base + ((position + offset) % block.npus) * this.strides[dimension]! : npu;
    return { npu: this.npus[to]!, to, hops };
  }
}

/** One rank: its queues, and what waits at its endpoint. */
class Npu {
  private readonly play: Play;
  private readonly id: number;
  /** Chunks in the order of their coming, those at work first; and how many are. */
  private readonly queues = new Map<string, { streams: Stream[]; running: number }>();
  private readonly handling = new Map<number, (() => void)[]>();
  /** Messages that came early, and those waited for. */
  private readonly early = new Map<string, number>();
  private readonly expected = new Map<string, (() => void)[]>();
  private unfinished = 0;

  constructor(play: Play, id: number) {
    this.play = play;
    this.id = id;
  }

  begin(): void {
    const chunks = chunksOf(this.play.settings);
    const deal = new Dealer(this.play.settings);
    this.unfinished = chunks.length;
    const streams = chunks.map((size, id) => ({ id, phases: deal.phases(size), at: 0 }));
    for (const stream of streams) this.enter(stream);
  }

  /** Into the queue of the phase it is at. */
  private enter(stream: Stream): void {
    const { queue } = stream.phases[stream.at]!;
    let waiting = this.queues.get(queue);
    if (!waiting) {
      waiting = { streams: [], running: 0 };
      this.queues.set(queue, waiting);
    }
    waiting.streams.push(stream);
    this.fill(queue);
  }

  private fill(queue: string): void {
    const { active, queues } = this.play.settings;
    const atOnce = Math.ceil(active / queues);
    const waiting = this.queues.get(queue)!;
    while (waiting.running < atOnce && waiting.running < waiting.streams.length)
      this.start(waiting.streams[waiting.running++]!);
  }

  private start(stream: Stream): void {
    const phase = stream.phases[stream.at]!;
    const { method, window } = this.play.settings.dimensions[phase.dimension]!;
    const end = this.endpoint(stream, phase);
    let algorithm: Algorithm;
    if (method === 'ring') algorithm = new Ring(end, phase);
    else if (method === 'direct') algorithm = new Direct(end, phase, window);
    else if (method === 'halvingDoubling') algorithm = new HalvingDoubling(end, phase);
    else algorithm = new BinaryTree(end, phase.size, phase.mirrored);
    algorithm.start();
  }

  private leave(stream: Stream): void {
    const { queue } = stream.phases[stream.at++]!;
    const waiting = this.queues.get(queue)!;
    waiting.streams.splice(waiting.streams.indexOf(stream), 1);
    waiting.running--;
    const done = stream.at === stream.phases.length;
    // The chunk stands in its next queue before this one starts another, but starts itself after it.
    this.fill(queue);
    if (!done) this.enter(stream);
    else if (--this.unfinished === 0) this.play.finished.push(this.play.clock.now);
  }

  private endpoint(stream: Stream, { dimension, turn }: QueuedPhase): Endpoint {
    const { clock, settings, wires } = this.play;
    const key = (message: string, bytes: number): string => `${stream.id}/${dimension}/${message}/${bytes}`;
    return {
      position: this.play.placeOf(this.id, dimension),
      npus: this.play.lineOf(dimension),
      turn,
      handle: (bytes, reduce, done) => {
        const sum = 3 * Math.floor(bytes / settings.memory);
        this.later(settings.endpoint, reduce ? () => this.later(sum, done) : done);
      },
      send: (offset, message, bytes) => {
        const { npu, hops } = this.play.peer(this.id, dimension, offset);
        wires.send(hops, bytes, () => npu.deliver(key(message, bytes)));
      },
      receive: (message, bytes, arrived) => {
        const name = key(message, bytes);
        const here = this.early.get(name) ?? 0;
        if (here > 0) {
          this.early.set(name, here - 1);
          clock.after(0, arrived);
        } else {
          const others = this.expected.get(name);
          if (others) others.push(arrived);
          else this.expected.set(name, [arrived]);
        }
      },
      exit: () => this.leave(stream),
    };
  }

  private deliver(name: string): void {
    const arrived = this.expected.get(name)?.shift();
    if (arrived) arrived();
    else this.early.set(name, (this.early.get(name) ?? 0) + 1);
  }

  /** What a rank does at one moment it does in a row, at the place of the first. */
  private later(delay: number, done: () => void): void {
    const { clock } = this.play;
    const time = clock.now + delay;
    const row = this.handling.get(time);
    if (row) {
      row.push(done);
      return;
    }
    const made = [done];
    this.handling.set(time, made);
    clock.after(delay, () => {
      for (let at = 0; at < made.length; at++) made[at]!();
      this.handling.delete(time);
    });
  }
}

/**
 * Deals out queues and trees to chunks. Phases that are the only ones take all queues of a dimension in turn, those of the
 * second half anticlockwise; an all-reduce goes in through the first half and comes out, anticlockwise, through the second.
 */
class Dealer {
  private readonly settings: Settings;
  private readonly turns = new Map<string, number>();
  private readonly trees = new Map<number, number>();

  constructor(settings: Settings) {
    this.settings = settings;
  }

  phases(size: number): QueuedPhase[] {
    return phasesOf(this.settings, size).map(phase => ({
      ...phase,
      ...this.queueOf(phase),
      mirrored: this.tree(phase),
    }));
  }

  private queueOf({ dimension, part }: Phase): { queue: string; turn: 1 | -1 } {
    const { queues } = this.settings;
    const half = Math.floor(queues / 2);
    const from = part === 'last' ? half : 0;
    const count = part === 'only' ? queues : part === 'first' ? Math.max(1, half) : queues - half;
    const key = `${dimension}/${part}`;
    const turn = this.turns.get(key) ?? 0;
    this.turns.set(key, turn + 1);
    const queue = from + (turn % count);
    const back = part === 'last' || (part === 'only' && queues > 1 && queue >= half);
    return { queue: `${dimension}/${queue}`, turn: back ? -1 : 1 };
  }

  private tree({ dimension }: Phase): boolean {
    const made = this.trees.get(dimension) ?? 0;
    this.trees.set(dimension, made + 1);
    return made % 2 === 1;
  }
}
