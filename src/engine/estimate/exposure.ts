/**
 * What of a collective the step waits for. Hidden communication still takes its share of the chip (`overlapTax`); nothing
 * hides longer than the work beside it.
 */
import type { Degrees } from '../plan/degrees.ts';
import type { Cover, Demand } from '../plan/demands/index.ts';
import type { PlanSpec } from '../plan/spec.ts';
import { exposedHops, gatherWindow, type PipelineShape, reductionWindow } from './schedule.ts';
import type { Software } from './software.ts';
import type { StageTimes } from './stage.ts';

export interface Priced {
  demand: Demand;
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
  /** Times as long as alone, for sharing links with collectives that run at the same time; 1 where it is not there. */
  slowed?: number;
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

/** @returns the same collectives with the seconds of a step that wait for each. */
export function exposeAll(priced: readonly Priced[], cell: Cell): Exposed[] {
  const result = new Map<Priced, Exposed>();
  const byCover = new Map<Cover, Priced[]>();
  for (const each of priced) {
    const cover = effectiveCover(each.demand, cell);
    byCover.set(cover, [...(byCover.get(cover) ?? []), each]);
  }
  // In-layer collectives first: what they expose is time under which gathers of weights can hide.
  const inner: Cover[] = [
    'nothing',
    'backward_gemm',
    'attention_forward',
    'attention_backward',
    'layer',
    'shared_experts',
    'pipeline',
  ];
  for (const cover of inner)
    for (const each of expose(cover, byCover.get(cover) ?? [], cell, 0))
      result.set(originOf(each, priced), each);
  const waits = { forward: 0, backward: 0 };
  for (const each of result.values()) {
    if (each.demand.phase === 'forward') waits.forward += each.exposed;
    if (each.demand.phase === 'backward' || each.demand.phase === 'recompute') waits.backward += each.exposed;
  }
  const outer: [Cover, number][] = [
    ['forward_pass', waits.forward],
    ['backward_pass', waits.backward],
    ['last_backward', 0],
    ['first_forward', 0],
  ];
  for (const [cover, wait] of outer) {
    for (const each of expose(cover, byCover.get(cover) ?? [], cell, wait))
      result.set(originOf(each, priced), each);
  }
  return priced.map(each => result.get(each) ?? { ...each, exposed: each.total });
}

function originOf(each: Exposed, priced: readonly Priced[]): Priced {
  return priced.find(one => one.demand === each.demand) ?? each;
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

/** @param waits seconds of a step that in-layer collectives of the same pass expose */
function expose(cover: Cover, priced: readonly Priced[], cell: Cell, waits: number): Exposed[] {
  if (priced.length === 0) return [];
  const { plan, software, shape, times, layers } = cell;
  const m = shape.microbatches;
  const under = COVER_NAMES[cover];
  const named = (each: Priced, exposed: number): Exposed => ({
    ...each,
    exposed: Math.min(exposed, each.total * (1 + software.overlapTax)),
    ...(under ? { hiddenUnder: under } : {}),
  });
  // Multiprocessors that a plan gives to the exchange of tokens compute nothing while it runs.
  const { sms } = plan.fabric.chip;
  const taken = plan.ep.sms && sms ? Math.min(1, plan.ep.sms / sms) : undefined;
  const overlapTax = ({ demand }: Priced): number =>
    demand.role === 'ep' || demand.role === 'etp' ? (taken ?? software.overlapTax) : software.overlapTax;
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
        software.overlapTax,
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
      return share(priced, m * (times.forward + times.backward), overlapTax, (each, exposed) => ({
        ...named(each, exposed),
        ...(inPairs(each.demand, plan, shape) && { inPairs: true }),
      }));
    case 'shared_experts':
      // Forward exchanges have the forward pass of the shared experts beside them, and what repeats them its repetition.
      return [true, false].flatMap(backward =>
        share(
          priced.filter(({ demand }) => (demand.phase === 'backward') === backward),
          m * (backward ? times.sharedBackward : times.sharedForward),
          overlapTax,
          named,
        ),
      );
    case 'pipeline':
      return exposeSends(priced, cell);
    case 'forward_pass':
    case 'backward_pass': {
      const work = m * (cover === 'forward_pass' ? times.forward : times.backward) + waits;
      return share(priced, work, software.overlapTax, named, each => each.time / Math.max(1, layers));
    }
    case 'last_backward':
    case 'first_forward': {
      const window =
        cover === 'last_backward'
          ? reductionWindow(plan.pp.schedule, shape, times.backward)
          : gatherWindow(plan.pp.schedule, shape, times.forward);
      const width = cover === 'last_backward' ? cell.degrees.bytes.reduce : cell.degrees.bytes.weight;
      const bucket = plan.dp.bucket ?? software.bucketParameters * width;
      const piece = (each: Priced): number => each.time * Math.min(1, bucket / each.demand.bytes);
      return share(
        priced,
        software.overlapShare * window,
        software.overlapTax,
        (each, exposed) => ({ ...named(each, exposed), runsBeside: cover, piece: piece(each) }),
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
  tax: number | ((each: Priced) => number),
  named: (each: Priced, exposed: number) => Exposed,
  least: (each: Priced) => number = () => 0,
): Exposed[] {
  const total = priced.reduce((sum, each) => sum + each.total, 0);
  const visible = total > 0 ? Math.max(0, total - window) / total : 0;
  return priced.map(each => {
    const out = Math.min(each.total, Math.max(each.total * visible, least(each)));
    const lost = typeof tax === 'number' ? tax : tax(each);
    return named(each, out + lost * (each.total - out));
  });
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
