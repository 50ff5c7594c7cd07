/**
 * What of a collective the step waits for. Hidden communication still takes its share of the chip (`overlapTax`); nothing
 * hides longer than the work beside it.
 */
import type { Degrees } from '../plan/degrees.ts';
import type { Cover, Demand } from '../plan/demands/index.ts';
import type { PlanSpec, Role } from '../plan/spec.ts';
import type { CollectivePrice } from './result.ts';
import { dataWindow, exposedHops, type PipelineShape } from './schedule.ts';
import { type Companion, contention } from './sharing.ts';
import type { Software } from './software.ts';
import type { StageTimes } from './stage.ts';

export interface Priced {
  demand: Demand;
  price: CollectivePrice;
  /** Seconds of one, and of all in a step. */
  time: number;
  total: number;
}

export interface Exposed extends Priced {
  exposed: number;
  hiddenUnder?: string;
  /** Part of a step's first or last passes, and the seconds of its first or last piece, which nothing hides. */
  runsBeside?: 'first_forward' | 'last_backward';
  piece?: number;
  /** Hides only where a pass runs beside one of the other direction. */
  inPairs?: boolean;
  /** Seconds that a second of it beside a pass takes from the step. */
  tax?: number;
}

interface Cell {
  plan: PlanSpec;
  degrees: Degrees;
  software: Software;
  shape: PipelineShape;
  times: StageTimes;
  layers: number;
}

const COVER_NAMES: Partial<Record<Cover, string>> = {
  backward_gemm: 'weight- and data-gradient GEMMs',
  attention_forward: 'attention blocks',
  attention_backward: 'attention blocks',
  layer: 'attention and MLP of the layer',
  shared_experts: 'the shared experts',
  forward_pass: 'the forward pass',
  backward_pass: 'the backward pass',
  last_backward: 'the last backward pass',
  first_forward: 'the first forward pass',
  pipeline: 'other microbatches',
};

/** Share of a block of attention under which a ring's next hop hides, and of the hop that stays exposed. Fit, spread 20 %. */
const RING_COVER = 0.8;
const RING_EXPOSED = 0.1;

/** Beside what collectives of each kind may run: those that no row names are not there for others to meet. */
const INNER: readonly Cover[] = [
  'nothing',
  'backward_gemm',
  'attention_forward',
  'attention_backward',
  'layer',
  'shared_experts',
  'pipeline',
];
const OUTER: readonly Cover[] = ['forward_pass', 'backward_pass', 'last_backward', 'first_forward'];

/** @returns the same collectives with the seconds of a step that wait for each. */
export function exposeAll(priced: readonly Priced[], cell: Cell): Exposed[] {
  const result = new Array<Exposed>(priced.length);
  const covers = priced.map(({ demand }) => effectiveCover(demand, cell));
  const exposeKind = (cover: Cover, waits: number): void => {
    const own: Priced[] = [];
    for (let at = 0; at < priced.length; at++) if (covers[at] === cover) own.push(priced[at]!);
    if (own.length === 0) return;
    const companions = MEETS.includes(cover) ? companionsOf(cover, priced, covers, cell, waits) : [];
    const exposed = expose(cover, own, cell, waits, companions);
    for (let at = 0, next = 0; at < priced.length; at++)
      if (covers[at] === cover) result[at] = exposed[next++]!;
  };
  // In-layer collectives first: what they expose is time under which gathers of weights can hide.
  for (const cover of INNER) exposeKind(cover, 0);
  let forward = 0;
  let backward = 0;
  for (const each of result) {
    if (!each) continue;
    const { phase } = each.demand;
    if (phase === 'forward') forward += each.exposed;
    else if (phase === 'backward' || phase === 'recompute') backward += each.exposed;
  }
  for (const cover of OUTER)
    exposeKind(cover, cover === 'forward_pass' || cover === 'first_forward' ? forward : backward);
  return priced.map((each, at) => result[at] ?? { ...each, exposed: each.total });
}

/** Covers whose collectives run in the course of a pass that others run in, too. */
const MEETS: readonly Cover[] = ['layer', ...OUTER];

/**
 * Collectives of other axes in the same pass, with the share of the pass that each of them takes. A pair is looked at once:
 * from the one that hides farther out.
 */
function companionsOf(
  cover: Cover,
  priced: readonly Priced[],
  covers: readonly Cover[],
  { shape, times }: Cell,
  waits: number,
): (Companion & { role: Role })[] {
  const inLayer = cover === 'layer';
  const ahead = cover === 'forward_pass' || cover === 'first_forward';
  const { microbatches } = shape;
  const companions: (Companion & { role: Role })[] = [];
  for (let at = 0; at < priced.length; at++) {
    const { demand, total, price } = priced[at]!;
    const { phase, role } = demand;
    const own = covers[at]!;
    if (phase === 'step' || OUTER.includes(own) || (inLayer && (own === 'layer' || own === 'pipeline')))
      continue;
    const isForward = phase === 'forward';
    // Sends run all the time, whatever the stage itself is at.
    if (own !== 'pipeline' && !inLayer && (isForward !== ahead || phase === 'loss')) continue;
    const pass =
      inLayer || own === 'pipeline' ? times.forward + times.backward : ahead ? times.forward : times.backward;
    const seconds = microbatches * pass + (own === 'pipeline' ? 0 : waits);
    if (seconds > 0) companions.push({ role, price, share: Math.min(1, total / seconds) });
  }
  return companions;
}

function effectiveCover(demand: Demand, { software, plan, shape }: Cell): Cover {
  // The other direction's pass is there for it, whatever the plan says of overlap.
  if (inPairs(demand, plan, shape)) return 'layer';
  if (demand.cover === 'backward_gemm' && software.tpBackwardExposed === 1) return 'nothing';
  if ((demand.cover === 'last_backward' || demand.cover === 'first_forward') && software.overlapShare === 0)
    return 'nothing';
  return demand.cover;
}

/** DualPipe runs the experts' exchanges of one direction under the computing of the other (DeepSeek-V3, 2412.19437). */
function inPairs({ role, phase }: Demand, { pp }: PlanSpec, { stages }: PipelineShape): boolean {
  return (
    pp.schedule.kind === 'dualpipe' && stages > 1 && (role === 'ep' || role === 'etp') && phase !== 'step'
  );
}

/**
 * @param waits seconds of a step that in-layer collectives of the same pass expose
 * @param companions that run in the same pass
 */
function expose(
  cover: Cover,
  priced: readonly Priced[],
  cell: Cell,
  waits: number,
  companions: readonly (Companion & { role: Role })[],
): Exposed[] {
  const { plan, software, shape, times, layers } = cell;
  const m = shape.microbatches;
  const under = COVER_NAMES[cover];
  // Multiprocessors that a plan gives to the exchange of tokens compute nothing while it runs.
  const { sms } = plan.fabric.chip;
  const taken = plan.ep.sms && sms ? Math.min(1, plan.ep.sms / sms) : software.overlapTax;
  const shareOfChip = ({ role }: Demand): number =>
    role === 'ep' || role === 'etp' ? taken : software.overlapTax;
  // What hides takes its share of the chip, and of links that others use at the same time.
  const taxOf = ({ demand, price }: Priced): number => {
    const own = shareOfChip(demand);
    if (companions.length === 0) return own;
    const others = companions.filter(({ role }) => role !== demand.role);
    return Math.min(1, own + contention(price, others));
  };
  const named = (each: Priced, exposed: number): Exposed => ({
    ...each,
    exposed: Math.min(exposed, each.total * (1 + software.overlapTax)),
    ...(under ? { hiddenUnder: under } : {}),
  });
  switch (cover) {
    case 'nothing':
      return priced.map(each => {
        const chunked =
          each.demand.role === 'tp' &&
          plan.tp.overlap &&
          each.demand.op !== 'all_reduce' &&
          each.demand.phase !== 'step' &&
          each.demand.phase !== 'loss';
        return chunked
          ? {
              ...named(each, each.total * software.tpExposedShare),
              hiddenUnder: 'the GEMM next to it, in chunks',
            }
          : { ...each, exposed: each.total };
      });
    case 'backward_gemm':
      return share(
        priced,
        m * times.backwardGemm,
        taxOf,
        named,
        each => software.tpBackwardExposed * each.total,
      );
    case 'attention_forward':
    case 'attention_backward': {
      const attention = cover === 'attention_forward' ? times.attentionForward : times.attentionBackward;
      return priced.map(each => {
        const blocks = each.demand.blocks ?? cell.degrees.cp;
        const block = layers > 0 ? attention / layers / blocks : 0;
        const hop = Math.max(0, each.time - RING_COVER * block) + RING_EXPOSED * each.time;
        return named(each, Math.min(hop, each.time) * each.demand.count);
      });
    }
    case 'layer':
      return share(priced, m * (times.forward + times.backward), taxOf, (each, exposed) => ({
        ...named(each, exposed),
        ...(inPairs(each.demand, plan, shape) && { inPairs: true }),
      }));
    case 'shared_experts':
      return exposeUnderShared(priced, cell, taxOf, named);
    case 'pipeline':
      return exposeSends(priced, cell);
    case 'forward_pass':
    case 'backward_pass': {
      const work = m * (cover === 'forward_pass' ? times.forward : times.backward) + waits;
      return share(priced, work, taxOf, named, each => each.time / Math.max(1, layers));
    }
    case 'last_backward':
    case 'first_forward': {
      const pass = cover === 'last_backward' ? times.backward : times.forward;
      const window = dataWindow(plan.pp.schedule, shape, pass);
      const width = cover === 'last_backward' ? cell.degrees.bytes.reduce : cell.degrees.bytes.weight;
      const bucket = plan.dp.bucket ?? software.bucketParameters * width;
      const piece = (each: Priced): number => each.time * Math.min(1, bucket / each.demand.bytes);
      return share(
        priced,
        software.overlapShare * window,
        taxOf,
        (each, exposed) => ({
          ...named(each, exposed),
          runsBeside: cover,
          piece: piece(each),
          tax: taxOf(each),
        }),
        piece,
      );
    }
  }
}

/**
 * Several collectives share one window: what does not fit is exposed in proportion, the hidden part is taxed, and each exposes
 * at least its own first or last piece (`least`), before or after which there is no work.
 */
function share(
  priced: readonly Priced[],
  window: number,
  taxOf: (each: Priced) => number,
  named: (each: Priced, exposed: number) => Exposed,
  least: (each: Priced) => number = () => 0,
): Exposed[] {
  const total = priced.reduce((sum, each) => sum + each.total, 0);
  const visible = total > 0 ? Math.max(0, total - window) / total : 0;
  return priced.map(each => {
    const out = Math.min(each.total, Math.max(each.total * visible, least(each)));
    return named(each, out + taxOf(each) * (each.total - out));
  });
}

/** Forward exchanges have the forward pass of the shared experts beside them, and what repeats them its repetition. */
function exposeUnderShared(
  priced: readonly Priced[],
  { shape, times }: Cell,
  taxOf: (each: Priced) => number,
  named: (each: Priced, exposed: number) => Exposed,
): Exposed[] {
  const isBackward = ({ demand }: Priced): boolean => demand.phase === 'backward';
  const under = (backward: boolean): Exposed[] => {
    const own = priced.filter(each => isBackward(each) === backward);
    const seconds = backward ? times.sharedBackward : times.sharedForward;
    return share(own, shape.microbatches * seconds, taxOf, named);
  };
  const [forward, backward] = [under(false), under(true)];
  return priced.map(each => (isBackward(each) ? backward : forward).shift()!);
}

/** Fill and drain wait for every hop; beyond that sends only bind when a stage cannot send as fast as it works. */
function exposeSends(priced: readonly Priced[], { plan, shape, times }: Cell): Exposed[] {
  const hops = exposedHops(plan.pp.schedule, shape);
  const work = shape.microbatches * (times.forward + times.backward);
  const total = priced.reduce((sum, each) => sum + each.total, 0);
  const backlog = total > 0 ? Math.max(0, total - work) / total : 0;
  return priced.map(each => {
    // Hops of other stages lie on the critical path too: with 1F1B there are more of them than this stage's own sends.
    const filled = (hops / priced.length) * each.time;
    return { ...each, exposed: filled + backlog * each.total, hiddenUnder: COVER_NAMES.pipeline! };
  });
}
