/** Rows of kind `collective_bandwidth`: one collective, its rate as the row's source reckons it. */

import { busFactor } from '../../src/cli/collective/quote.ts';
import { buildNetwork } from '../../src/engine/fabric/network.ts';
import { normaliseGroup } from '../../src/engine/fabric/pattern.ts';
import { priceCollective } from '../../src/engine/fabric/price.ts';
import type { Algorithm, CollectiveOp } from '../../src/engine/plan/spec.ts';
import { expertBandwidth } from './experts.ts';
import { type Chips, machineOf } from './machine.ts';
import type { MemoryQuantity } from './memory.ts';
import type { Row } from './row.ts';
import type { StepDetail } from './step.ts';

/** A number in the unit of the row's measured column, or why there is none. */
export type Prediction = { value: number; step?: StepDetail; memory?: MemoryQuantity } | { reason: string };

/** A saturated value: large enough that its growth has ended. */
const SATURATED = 16 * 2 ** 30;

const PER_SECOND: Readonly<Record<string, number>> = { us: 1e6, µs: 1e6, ms: 1e3, s: 1 };

const OPS: readonly [RegExp, CollectiveOp][] = [
  [/all[_-]?reduce|psum/i, 'all_reduce'],
  [/all[_-]?gather/i, 'all_gather'],
  [/reduce[_-]?scatter/i, 'reduce_scatter'],
  [/all[_-]?to[_-]?all/i, 'all_to_all'],
  [/broadcast/i, 'broadcast'],
  [/send|p2p|ib_write|ppermute/i, 'send_recv'],
];

export function operationOf(text: string): CollectiveOp | undefined {
  return OPS.find(([word]) => word.test(text))?.[1];
}

export function predictCollective(row: Row, chips: Chips): Prediction {
  if (/^moe/i.test(row.collective)) return expertBandwidth(row, chips);
  const op = operationOf(row.collective);
  if (!op) return { reason: `the collective '${row.collective}' is not known` };
  const ranks = row.ranks ?? row.chips;
  if (ranks === undefined) return { reason: 'the number of ranks is not stated' };
  const time = timeOf(row, op, ranks, chips);
  if (typeof time === 'string') return { reason: time };
  const bytes = row.bytes ?? SATURATED;
  const [, timeUnit] = /^\s*(us|µs|ms|s)\b/i.exec(row.unit) ?? [];
  if (timeUnit) return { value: time * PER_SECOND[timeUnit.toLowerCase()]! };
  const rate = bytes / time / 1e9;
  return { value: /algbw/i.test(row.unit) ? rate : rate * busFactor(op, ranks) };
}

/** Seconds of the row's collective on the row's machine; or what is missing. */
export function timeOf(row: Row, op: CollectiveOp, ranks: number, chips: Chips): number | string {
  const machine = machineOf(row, chips, ranks);
  if (typeof machine === 'string') return machine;
  const network = buildNetwork(machine.fabric);
  const group = normaliseGroup([{ stride: 1, size: ranks }]);
  const algorithm = algorithmOf(row);
  const bytes = row.bytes ?? SATURATED;
  const { inSwitch } = machine.chip.efficiency;
  const options = { chips: machine.chips, ...(inSwitch !== undefined && { inSwitchRate: inSwitch }) };
  const price =
    (algorithm && priceCollective(network, group, op, bytes, { ...options, algorithm })) ||
    priceCollective(network, group, op, bytes, options);
  return price ? price.time : 'no algorithm can run it here';
}

/** What the job was told to use. NVLS is what the library takes by itself where it is faster. */
function algorithmOf({ algorithm }: Row): Algorithm | undefined {
  if (/default|not logged/i.test(algorithm)) return undefined;
  if (/^ring/i.test(algorithm)) return 'ring';
  if (/^(double )?(binary )?tree/i.test(algorithm)) return 'tree';
  return undefined;
}
