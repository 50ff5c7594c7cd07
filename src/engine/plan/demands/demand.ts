/** One collective that a plan causes, before it is priced; and what the files of this folder share to make one. */
import type { Cause, Phase } from '../../estimate/result.ts';
import type { Digit } from '../../fabric/pattern.ts';
import type { Degrees, Stage } from '../degrees.ts';
import type { TrafficScale } from '../dispatch.ts';
import { axesOfRole, axisName, groupOf, type Placement } from '../placement.ts';
import type { ShardParameters } from '../shards.ts';
import type { Algorithm, CollectiveOp, PlanSpec, Role } from '../spec.ts';

/** Under which work a collective may run; the schedule knows how long that is. */
export type Cover =
  | 'nothing'
  /** Weight- and data-gradient GEMMs of the same layer. */
  | 'backward_gemm'
  /** The blocks of attention of a ring. */
  | 'attention_forward'
  | 'attention_backward'
  /** Attention and MLP of the other microbatch. */
  | 'layer'
  /** The shared experts of the same layer. */
  | 'shared_experts'
  /** The stage's own pass over a microbatch (FSDP). */
  | 'forward_pass'
  | 'backward_pass'
  /** The tail of the last backward pass, the head of the first forward pass. */
  | 'last_backward'
  | 'first_forward'
  | 'pipeline';

export interface Demand {
  name: string;
  what: string;
  op: CollectiveOp;
  axis: string;
  owner: string;
  role: Role;
  group: Digit[];
  bytes: number;
  count: number;
  phase: Phase;
  cover: Cover;
  /** Hottest rank over mean: multiplies the time. */
  imbalance: number;
  algorithm?: Algorithm;
  /** Of a ring: blocks into which it divides attention, one of which a hop may hide under. */
  blocks?: number;
  /** Deduplicated dispatch: factors on scale-out and scale-up bytes. */
  scale?: TrafficScale;
  causes: Cause[];
}

/** What the demands of one stage are made from. */
export interface Context {
  plan: PlanSpec;
  degrees: Degrees;
  placement: Placement;
  stage: Stage;
  microbatches: number;
  shard: ShardParameters;
}

export function demand(
  context: Context,
  axes: readonly string[],
  fields: Omit<Demand, 'axis' | 'owner' | 'group' | 'imbalance'> & Partial<Demand>,
): Demand {
  const { group, axis } = groupOf(context.placement, axes);
  return {
    axis,
    owner: axis.split('*')[0] ?? axis,
    group,
    imbalance: 1,
    ...fields,
  };
}

export function axisCause(context: Context, role: Role): Cause {
  return { kind: 'axis', key: axisName(context.plan.mesh, role) };
}

export function namesOf(context: Context, ...roles: Role[]): string[] {
  return axesOfRole(context.plan.mesh, ...roles).map(axis => axis.name);
}
