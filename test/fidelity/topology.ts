/**
 * Rows of kind `topology_fraction`: what a topology leaves of the chips' bandwidth, by theory, by a packet simulator or
 * measured. The unit column says of what the number is a share.
 */

import { busFactor } from '../../src/cli/collective/quote.ts';
import { NETWORKS } from '../../src/engine/fabric/nccl/rates.ts';
import { operationOf, type Prediction, timeOf } from './collective.ts';
import { bisection, fractionOf } from './fraction.ts';
import type { Chips } from './machine.ts';
import type { Row } from './row.ts';
import { type Wiring, wiringOf } from './wiring.ts';

/** Google's twisted tori reach this share of the exact gain (TPU v4, arXiv 2304.01433). */
const TWIST_REACHED = 0.94;
const PERCENT = 100;
const GIB = 2 ** 30;

export function predictFraction(row: Row, chips: Chips): Prediction {
  if (/throughput/i.test(row.unit)) return { reason: 'asks for a whole training step, not for a collective' };
  if (/speed-?up/i.test(row.unit)) return speedUp(row);
  if (/bisection/i.test(row.collective)) return bisectionOf(row);
  if (/theor|optimum|simulation|exact/i.test(row.unit)) return shareByTheory(row);
  return shareMeasured(row, chips);
}

function wiring(row: Row): Wiring | undefined {
  return wiringOf(row.topology || row.hardware, row.ranks ?? row.chips);
}

function operation(row: Row): 'all_to_all' | 'all_gather' | 'all_reduce' | undefined {
  const op = operationOf(row.collective);
  if (op === 'reduce_scatter') return 'all_gather';
  return op === 'all_to_all' || op === 'all_gather' || op === 'all_reduce' ? op : undefined;
}

function shareByTheory(row: Row): Prediction {
  const graph = wiring(row);
  const op = operation(row);
  const share = graph && op && fractionOf(graph, op);
  if (share === undefined) return { reason: `no closed form for '${row.collective}' on '${row.topology}'` };
  return { value: PERCENT * share * (/simulation/i.test(row.unit) ? packets(graph!, op!) : 1) };
}

/**
 * What packets with finite queues keep of the fluid limit (HammingMesh, arXiv 2209.01346, table 2, recalled): next to all on
 * trees, less the more paths a flow can collide on.
 */
function packets(graph: Wiring, op: string): number {
  if (op !== 'all_to_all') return 0.985;
  switch (graph.kind) {
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

function speedUp(row: Row): Prediction {
  const graph = wiring(row);
  if (graph?.kind !== 'grid' || !graph.twisted) return { reason: `no twisted torus in '${row.topology}'` };
  const gain = fractionOf(graph, 'all_to_all')! / fractionOf({ ...graph, twisted: false }, 'all_to_all')!;
  return { value: gain * (/measured/i.test(row.unit) ? TWIST_REACHED : 1) };
}

function bisectionOf(row: Row): Prediction {
  const graph = wiring(row);
  if (graph?.kind !== 'grid' || row.scaleUp === undefined)
    return { reason: 'a bisection needs a torus and the rate of its links' };
  const rate = bisection(graph, row.scaleUp);
  return { value: rate / (/TB/.test(row.unit) ? 1e12 : 1e9) };
}

/** Large messages, by the engine's rates. */
function shareMeasured(row: Row, chips: Chips): Prediction {
  const op = operationOf(row.collective);
  const ranks = row.ranks ?? row.chips;
  if (!op || ranks === undefined) return { reason: `the collective '${row.collective}' is not known` };
  if (op === 'send_recv') return { value: PERCENT * NETWORKS.ib.share };
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
