/**
 * Rows of kind `topology_fraction`: what a topology leaves of the chips' bandwidth, by theory, by a packet simulator or
 * measured. The unit column says of what the number is a share.
 */

import { busFactor } from '../../src/cli/collective/quote.ts';
import type { CollectiveOp } from '../../src/engine/plan/spec.ts';
import { operationOf, type Prediction, timeOf } from './collective.ts';
import { bisectionOf, fractionOf, pairLoad } from './fraction.ts';
import { type Chips, networkOf } from './machine.ts';
import type { Row } from './row.ts';
import { isTwisted, patternIn, untwisted, type Wiring, wiringOf } from './wiring.ts';

/** Google's twisted tori reach this share of the exact gain (TPU v4, arXiv 2304.01433). */
const TWIST_REACHED = 0.94;
const PERCENT = 100;
const GIB = 2 ** 30;

export function predictFraction(row: Row, chips: Chips): Prediction {
  const { unit } = row;
  if (/throughput|tokens|step/i.test(unit))
    return { reason: 'asks for a whole training step, not for a collective' };
  if (/speed-?up|\bgain\b|^x\b|ratio/i.test(unit)) return speedUp(row);
  if (/bisection/i.test(`${row.collective} ${unit}`)) return bisectionRate(row);
  if (/pair[- ]load/i.test(unit))
    return answer(row, (graph, op) => (op === 'all_to_all' ? pairLoad(graph) : undefined));
  const ideal = /theor|optim|simulat|exact|ideal|fluid|limit|bound|computed/i;
  if (ideal.test(unit) || row.hardware === '') return shareByTheory(row);
  return shareMeasured(row, chips);
}

function wiring(row: Row): Wiring | undefined {
  return wiringOf(row.topology || row.hardware, row.ranks ?? row.chips);
}

/** Of the row's graph, or that there is none. */
function answer(row: Row, by: (graph: Wiring, op: CollectiveOp) => number | undefined): Prediction {
  const graph = wiring(row);
  if (!graph) return { reason: `no graph is known by the name '${row.topology || row.hardware}'` };
  const op = operationOf(row.collective);
  if (!op) return { reason: `the collective '${row.collective}' is not known` };
  const value = by(graph, op);
  return value === undefined
    ? { reason: `'${row.collective}' on '${row.topology || row.hardware}' is not priced` }
    : { value };
}

function shareByTheory(row: Row): Prediction {
  const scale = scaleOf(row.unit);
  return answer(row, (graph, op) => {
    const share = fractionOf(graph, op, patternIn(`${row.collective} ${row.topology}`));
    return share && scale * share * (/simulat|packet/i.test(row.unit) ? packets(graph, op) : 1);
  });
}

/** "% of …" or "fraction of …". */
function scaleOf(unit: string): number {
  return /fraction/i.test(unit) && !unit.includes('%') ? 1 : PERCENT;
}

/**
 * What packets with finite queues keep of the fluid limit (HammingMesh, arXiv 2209.01346, table 2, recalled): next to all on
 * trees, less the more paths a flow can collide on.
 */
function packets({ topology }: Wiring, op: CollectiveOp): number {
  if (op !== 'all_to_all') return 0.985;
  switch (topology.kind) {
    case 'hyperx':
      return 0.92;
    case 'hamming_mesh':
      return 0.87;
    case 'dragonfly':
      return 0.68;
    default:
      return 0.999;
  }
}

/** An all-to-all on the twisted torus over the same without the twist. */
function speedUp(row: Row): Prediction {
  const graph = wiring(row);
  if (!graph || !isTwisted(graph)) return { reason: `no twisted torus in '${row.topology}'` };
  const [twisted, regular] = [graph, untwisted(graph)].map(each => fractionOf(each, 'all_to_all'));
  if (!twisted || !regular) return { reason: 'only K x K x 2K and K x 2K x 2K can be twisted, K at least 4' };
  return { value: (twisted / regular) * (/measured/i.test(row.unit) ? TWIST_REACHED : 1) };
}

function bisectionRate(row: Row): Prediction {
  const graph = wiring(row);
  if (!graph || row.scaleUp === undefined)
    return { reason: 'a bisection needs a topology and the rate of its links' };
  const rate = bisectionOf(graph, row.scaleUp);
  if (rate === undefined) return { reason: `'${row.topology}' is not priced` };
  return { value: rate / (/TB/.test(row.unit) ? 1e12 : 1e9) };
}

/** Large messages, by the engine's rates. */
function shareMeasured(row: Row, chips: Chips): Prediction {
  const op = operationOf(row.collective);
  const ranks = row.ranks ?? row.chips;
  if (!op || ranks === undefined) return { reason: `the collective '${row.collective}' is not known` };
  if (op === 'send_recv') return { value: PERCENT * networkOf(row).share };
  const ring = /\bring\b/i.test(row.collective) || op !== 'all_reduce';
  const asked: Row = {
    ...row,
    algorithm: row.algorithm || (ring ? 'ring' : ''),
    bytes: row.bytes ?? 16 * GIB,
  };
  const busbw = (job: Row, n: number): number | string => {
    const time = timeOf(job, op, n, chips);
    return typeof time === 'string' ? time : (busFactor(op, n) * job.bytes!) / time;
  };
  const all = busbw(asked, ranks);
  if (typeof all === 'string') return { reason: all };
  const of = referenceOf(row, ranks, n => busbw({ ...asked, bytes: 8 * GIB }, n));
  return typeof of === 'string' ? { reason: of } : { value: (PERCENT * all * of.factor) / of.rate };
}

/** What the share is of, bytes/s, and the factor by which the unit multiplies the bus bandwidth first. */
function referenceOf(
  row: Row,
  ranks: number,
  busbw: (n: number) => number | string,
): { rate: number; factor: number } | string {
  const { unit, scaleUp, scaleOut, domain = 8 } = row;
  if (/single[- ](rack|node)/i.test(unit)) {
    const rate = busbw(domain);
    return typeof rate === 'string' ? rate : { rate, factor: 1 };
  }
  if (/NIC/i.test(unit)) {
    if (scaleOut === undefined) return 'the scale-out rate is not stated';
    const nodes = Math.ceil(ranks / domain);
    return { rate: scaleOut, factor: /\(k-1\)\/\(n-1\)/.test(unit) ? (nodes - 1) / (ranks - 1) : 1 / domain };
  }
  if (scaleUp === undefined) return 'the scale-up rate is not stated';
  const links = /usable link/i.test(unit) ? Math.max(1, domain - 1) / Math.max(1, ranks - 1) : 1;
  return { rate: scaleUp / links, factor: 1 };
}
