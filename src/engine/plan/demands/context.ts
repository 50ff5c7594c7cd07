/** Context parallelism: ring, gathered (Llama 3 report, 2407.21783), Ulysses (2309.14509), and Ulysses inside a ring. */
import type { Cause, Phase } from '../../estimate/result.ts';
import { contextSplit, exchangedHeads } from '../context.ts';
import { layersOf } from '../degrees.ts';
import { axesOfRole } from '../placement.ts';
import { recomputedShare } from '../recompute.ts';
import type { CollectiveOp } from '../spec.ts';
import { axisCause, type Context, type Demand, demand, namesOf } from './demand.ts';

type Fields = {
  what: string;
  op: CollectiveOp;
  bytes: number;
  /** Times per layer and microbatch. */
  times: number;
  phase: Phase;
} & Partial<Pick<Demand, 'cover' | 'algorithm' | 'blocks'>>;

export function contextDemands(context: Context): Demand[] {
  const { plan, degrees, stage, microbatches, placement } = context;
  if (degrees.cp === 1) return [];
  const { mla, heads, headDim } = plan.model;
  const { inner, outer } = contextSplit(plan, placement);
  const causes: Cause[] = [
    { kind: 'plan', key: 'cp.method' },
    axisCause(context, axesOfRole(plan.mesh, 'cp').length > 0 ? 'cp' : 'sp'),
  ];
  const layers = layersOf(stage) * microbatches;
  const again = recomputedShare(plan.recompute, context.stage);
  // Keys and values of one head and token. Latent attention exchanges them after the up-projection, as Transformer Engine does.
  const keyAndValue = mla ? mla.nopeDim + mla.ropeDim + mla.valueDim : 2 * headDim;
  const held = mla ? heads / degrees.tp : degrees.kvHeadsPerRank;
  const perHead = degrees.bytes.activation * degrees.tokens * keyAndValue;
  const over =
    (group: Demand['group'], axes: string[]) =>
    ({ times, cover = 'nothing', ...fields }: Fields): Demand => ({
      ...demand(context, axes, {
        name: 'cp_exchange',
        role: 'cp',
        count: layers * times,
        cover,
        causes,
        ...fields,
      }),
      group,
    });
  const cp = namesOf(context, 'cp');
  // Part of the `cp` axis exchanges heads where the method says so; an `sp` axis always does.
  const exchanging = [...(inner.exchanged ? cp : []), ...namesOf(context, 'sp')];
  const demands: Demand[] = [];
  if (inner.ranks > 1) {
    const exchange = over(inner.group, exchanging);
    // Queries and outputs are one exchange each; with latent attention they differ in width, and this is their mean.
    const width = mla ? keyAndValue / 2 : headDim;
    const queries = degrees.bytes.activation * degrees.tokens * (heads / degrees.tp) * width;
    for (const phase of ['forward', 'backward'] as const) {
      const times = phase === 'forward' ? 1 + again : 1;
      const op = 'all_to_all';
      demands.push(
        exchange({ what: 'queries and outputs', op, bytes: queries, times: 2 * times, phase }),
        exchange({
          what: 'keys and values',
          op,
          bytes: perHead * exchangedHeads(held, inner.ranks),
          times,
          phase,
        }),
      );
    }
  }
  if (outer.ranks === 1) return demands;
  // After the exchange a rank has more of the sequence and fewer heads: as many bytes, or more where heads are replicated.
  const block = perHead * (inner.ranks > 1 ? exchangedHeads(held, inner.ranks) : held);
  const travel = over(outer.group, cp);
  if (outer.gathered) {
    const whole = block * outer.ranks;
    const gather = (what: string, times: number, phase: Phase): Demand =>
      travel({ what, op: 'all_gather', bytes: whole, times, phase });
    return [
      ...demands,
      gather('keys and values', 1 + again, 'forward'),
      // Only a rank's own part is kept: Transformer Engine gathers once more (`AttnFuncWithCPAndKVAllGather.backward`). Counts that
      // leave this out assume that every layer keeps the keys and values of the whole sequence.
      gather('keys and values, gathered again', 1, 'backward'),
      travel({
        what: 'gradients of keys and values',
        op: 'reduce_scatter',
        bytes: whole,
        times: 1,
        phase: 'backward',
      }),
    ];
  }
  // Every block goes all the way round: the last rank passes it on to the first.
  const ring = { op: 'send_recv', algorithm: 'ring', blocks: outer.ranks } as const;
  const hops = outer.ranks - 1;
  return [
    ...demands,
    travel({
      ...ring,
      what: 'keys and values around the ring',
      bytes: block,
      times: hops * (1 + again),
      phase: 'forward',
      cover: 'attention_forward',
    }),
    travel({
      ...ring,
      what: 'keys, values and their gradients',
      bytes: 2 * block,
      times: hops,
      phase: 'backward',
      cover: 'attention_backward',
    }),
  ];
}
