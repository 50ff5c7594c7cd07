/** Context parallelism: ring, gathered (Llama 3 report, 2407.21783) and Ulysses (2309.14509). */
import type { Cause, Phase } from '../../estimate/result.ts';
import { layersOf } from '../degrees.ts';
import { axesOfRole } from '../placement.ts';
import type { CollectiveOp } from '../spec.ts';
import { axisCause, type Context, type Cover, type Demand, demand, namesOf } from './demand.ts';

export function contextDemands(context: Context): Demand[] {
  const { plan, degrees, stage, microbatches } = context;
  if (degrees.cp === 1) return [];
  const { model } = plan;
  const axes = namesOf(context, 'cp', 'sp');
  const ulysses = plan.cp.method === 'ulysses' || axesOfRole(plan.mesh, 'sp').length > 0;
  const causes: Cause[] = [
    { kind: 'plan', key: 'cp.method' },
    axisCause(context, axesOfRole(plan.mesh, 'cp').length > 0 ? 'cp' : 'sp'),
  ];
  const layers = layersOf(stage) * microbatches;
  const width = model.mla ? model.heads / degrees.tp : degrees.kvHeadsPerRank;
  const keys = model.mla ? model.mla.nopeDim + model.mla.ropeDim + model.mla.valueDim : 2 * model.headDim;
  const again = plan.recompute.mode === 'full' ? 1 : 0;
  const make = (
    name: string,
    what: string,
    op: CollectiveOp,
    bytes: number,
    count: number,
    phase: Phase,
    cover: Cover,
  ): Demand => demand(context, axes, { name, what, op, role: 'cp', bytes, count, phase, cover, causes });
  const block = degrees.bytes.activation * degrees.tokens * width * keys;
  if (ulysses) {
    // Queries and outputs are one exchange each; with latent attention they differ in width, and this is their mean.
    const head = model.mla ? (model.mla.nopeDim + model.mla.ropeDim + model.mla.valueDim) / 2 : model.headDim;
    const queries = degrees.bytes.activation * degrees.tokens * (model.heads / degrees.tp) * head;
    return (['forward', 'backward'] as const).flatMap(phase => {
      const times = layers * (phase === 'forward' ? 1 + again : 1);
      return [
        make('cp_exchange', 'queries and outputs', 'all_to_all', queries, 2 * times, phase, 'nothing'),
        make('cp_exchange', 'keys and values', 'all_to_all', block, times, phase, 'nothing'),
      ];
    });
  }
  if (plan.cp.method === 'all_gather') {
    const whole = block * degrees.cp;
    return [
      make('cp_exchange', 'keys and values', 'all_gather', whole, layers * (1 + again), 'forward', 'nothing'),
      make(
        'cp_exchange',
        'gradients of keys and values',
        'reduce_scatter',
        whole,
        layers,
        'backward',
        'nothing',
      ),
    ];
  }
  const hops = (degrees.cp - 1) * layers;
  // Every block goes all the way round: the last rank passes it on to the first.
  const around: Pick<Demand, 'algorithm'> = { algorithm: 'ring' };
  return [
    {
      ...make(
        'cp_exchange',
        'keys and values around the ring',
        'send_recv',
        block,
        hops * (1 + again),
        'forward',
        'attention_forward',
      ),
      ...around,
    },
    {
      ...make(
        'cp_exchange',
        'keys, values and their gradients',
        'send_recv',
        2 * block,
        hops,
        'backward',
        'attention_backward',
      ),
      ...around,
    },
  ];
}
