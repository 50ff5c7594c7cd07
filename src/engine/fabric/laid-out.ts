/**
 * A group's collective laid on the links once for all sizes. Everything that travels is proportional to the size, so loads,
 * shares and limit are kept for a buffer of one byte; an edit of a batch size or a precision finds them here.
 */
import type { CollectiveOp } from '../plan/spec.ts';
import { type Schedule, schedulesFor } from './algorithms.ts';
import { crossedLevels } from './crossing.ts';
import { type Limit, limitOf } from './limit.ts';
import { type ClassLoad, loadsOf } from './load.ts';
import type { Network } from './network.ts';
import { once } from './once.ts';
import type { Group } from './pattern.ts';

export interface StepLoad {
  repeat: number;
  /** Per byte of the buffer. */
  loads: ClassLoad[];
}

/** One algorithm on one group. Loads are counted when first asked for: many algorithms never are. */
export interface LaidAlgorithm {
  schedule: Schedule;
  steps(): StepLoad[];
}

export interface LaidOut {
  /** Levels on which members meet, innermost first. */
  crossed: number[];
  /** Ports of one chip into the networks that the group uses, achieved, bytes/s: more than any algorithm can use. */
  port: number;
  algorithms: LaidAlgorithm[];
  /** Times in seconds per byte, see `limit.ts`. */
  limit(): Limit;
}

const byNetwork = new WeakMap<Network, Map<string, LaidOut>>();
/** A search tries thousands of meshes on one network. */
const MOST_KEPT = 4000;

export function laidOut(network: Network, group: Group, op: CollectiveOp, chips: number): LaidOut {
  let known = byNetwork.get(network);
  if (!known || known.size >= MOST_KEPT) {
    known = new Map();
    byNetwork.set(network, known);
  }
  let key = `${op}/${chips}`;
  for (const digit of group) key += `/${digit.stride}x${digit.size}`;
  let laid = known.get(key);
  if (!laid) {
    laid = lay(network, group, op, chips);
    known.set(key, laid);
  }
  return laid;
}

function lay(network: Network, group: Group, op: CollectiveOp, chips: number): LaidOut {
  const crossed = crossedLevels(network, group, chips);
  const loads = (steps: Schedule['steps']) =>
    once(() =>
      steps().map(({ traffic, beside, repeat }) => ({
        repeat,
        loads: [traffic, ...(beside ? [beside] : [])].flatMap(each => loadsOf(network, each, chips)),
      })),
    );
  // The protocols of one algorithm send the same.
  const known = new Map<Schedule['steps'], () => StepLoad[]>();
  const algorithms = schedulesFor(network, group, op, 1, chips).map(schedule => {
    const steps = known.get(schedule.steps) ?? loads(schedule.steps);
    known.set(schedule.steps, steps);
    return { schedule, steps };
  });
  return {
    crossed,
    port: portRate(network, crossed),
    algorithms,
    limit: once(() => limitOf(network, group, op, 1, chips)),
  };
}

function portRate(network: Network, crossed: readonly number[]): number {
  let rate = 0;
  for (const stack of new Set(crossed.map(index => network.levels[index]!.stack))) {
    const port = stack.links.find(link => link.span === 1);
    if (!port && stack.wired.length > 0) {
      // All links of all endpoints: what the ranks send together passes at least one each.
      for (const { links, wiring, end } of stack.wired)
        rate +=
          links.reduce((sum, each) => sum + each.capacity * each.links * each.efficiency, 0) /
          wiring.ends /
          end;
      continue;
    }
    if (!port) return Number.POSITIVE_INFINITY;
    const links = port.kind === 'pairs' ? port.unit / port.span - 1 : 1;
    rate += port.capacity * links * port.efficiency;
  }
  return rate;
}
