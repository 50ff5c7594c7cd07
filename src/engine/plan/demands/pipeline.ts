/** Sends between pipeline stages. */
import type { Cause } from '../../estimate/result.ts';
import { softwareNamed } from '../../estimate/software.ts';
import { formOf } from '../../schedule/layout.ts';
import { axisCause, type Context, type Demand, demand, namesOf } from './demand.ts';

export function pipelineDemands(context: Context): Demand[] {
  const { plan, degrees, microbatches } = context;
  if (degrees.pp === 1) return [];
  const whole = degrees.bytes.activation * degrees.tokens * plan.model.hidden;
  // Every tensor rank sends its part of the sequence. Without sequence parallelism all hold the same: Megatron-LM of 2021 has each send
  // a part of it, which NVLink gathers on the other side (2104.04473, section 4.1); later code sends it whole.
  const split = plan.tp.sequenceParallel || softwareNamed(plan.software ?? '')?.scatterGather;
  const bytes = split ? whole / degrees.tp : whole;
  const count = microbatches * degrees.chunks;
  const causes: Cause[] = [axisCause(context, 'pp')];
  return (['forward', 'backward'] as const).map(phase =>
    demand(context, namesOf(context, 'pp'), {
      name: 'stage_send',
      what: phase === 'forward' ? 'activations to the next stage' : 'gradients to the stage before',
      op: 'send_recv',
      role: 'pp',
      bytes,
      count,
      phase,
      cover: 'pipeline',
      causes,
      // With several chunks in a line the last stage hands the next chunk to the first.
      ...(degrees.chunks > 1 && formOf(plan.pp.schedule) === 'line' ? { algorithm: 'ring' as const } : {}),
    }),
  );
}
