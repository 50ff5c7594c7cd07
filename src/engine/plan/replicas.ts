/** Which ranks hold the same weights, over which of them ZeRO and FSDP split the states, and which groups reduce gradients. */
import { type Digit, groupSize, normaliseGroup } from '../fabric/pattern.ts';
import type { Precision } from '../fabric/spec.ts';
import { reducesEveryMicrobatch } from './degrees.ts';
import { axesOfRole, type Placement, remainder } from './placement.ts';
import type { PlanSpec, Role } from './spec.ts';

/** All weights but routed experts, or these: they have other replicas. */
export type WeightPart = 'dense' | 'experts';

export interface ReplicaGroup {
  role: 'dp' | 'fsdp';
  /** Axes that the plan's keys and the lines of the mesh are looked up by. */
  axes: string[];
  group: Digit[];
  /** The axes of which the group has ranks, joined by `*`. */
  axis: string;
  zero: 0 | 1 | 2 | 3;
  /** Ranks over which an inner group already splits what this one reduces. */
  divided: number;
  reshard: boolean;
  /** Format in which matrices are gathered, where it is not that of the weights. */
  gather?: Precision;
  overlap: { forward: boolean; backward: boolean };
  accumulate: 'local' | 'sharded';
  /** Layers whose weights are gathered ahead. */
  prefetch: number;
}

/**
 * One group for `dp` alone or `fsdp` alone; with both (HSDP) `fsdp` shards and `dp` reduces the shards. Context ranks hold
 * replicas of everything; of routed experts so do tensor ranks that split neither experts nor their number.
 */
export function replicaGroups(plan: PlanSpec, placement: Placement, part: WeightPart): ReplicaGroup[] {
  let known = found.get(placement);
  // What the groups rest on beside the placement and its mesh.
  if (!known || known.dp !== plan.dp || known.fsdp !== plan.fsdp) {
    known = { dp: plan.dp, fsdp: plan.fsdp };
    found.set(placement, known);
  }
  known[part] ??= findGroups(plan, placement, part);
  return known[part];
}

/** Asked for by every stage, by its collectives, its memory and its optimizer. */
const found = new WeakMap<
  Placement,
  Pick<PlanSpec, 'dp' | 'fsdp'> & { [part in WeightPart]?: ReplicaGroup[] }
>();

function findGroups(plan: PlanSpec, placement: Placement, part: WeightPart): ReplicaGroup[] {
  const { mesh } = plan;
  const named = (...roles: Role[]): string[] => axesOfRole(mesh, ...roles).map(axis => axis.name);
  const used = (name: string): boolean => (placement.digits.get(name) ?? []).length > 0;
  const taken =
    part === 'experts' ? named('ep', 'etp').flatMap(name => placement.digits.get(name) ?? []) : [];
  const left = (name: string): Digit[] => remainder(placement.digits.get(name) ?? [], taken);
  const grouped = (axes: string[]): Pick<ReplicaGroup, 'axes' | 'group' | 'axis'> => ({
    axes,
    group: normaliseGroup(axes.flatMap(left)),
    axis: axes.filter(name => left(name).length > 0).join('*'),
  });
  const always = named('cp', 'sp');
  if (part === 'experts') always.push(...named('tp').filter(name => left(name).length > 0));
  const dp = named('dp');
  const fsdp = named('fsdp');
  // An axis of one rank splits nothing: `fsdp: 1` leaves the word to `dp`.
  const shards = fsdp.length > 0 && (fsdp.some(used) || !dp.some(used));
  const groups: ReplicaGroup[] = [];
  if (shards) {
    groups.push({
      role: 'fsdp',
      ...grouped([...fsdp, ...always]),
      zero: plan.fsdp.zero,
      divided: 1,
      reshard: plan.fsdp.reshard,
      ...(plan.fsdp.gather && { gather: plan.fsdp.gather }),
      accumulate: plan.fsdp.accumulate ?? 'sharded',
      prefetch: plan.fsdp.prefetch ?? 1,
      overlap: { forward: plan.fsdp.overlapForward, backward: plan.fsdp.overlapBackward },
    });
  }
  const inner = groups[0];
  const replicated = inner ? dp : [...dp, ...always];
  if (replicated.length > 0) {
    groups.push({
      role: 'dp',
      ...grouped(replicated),
      zero: inner ? 0 : plan.dp.zero,
      divided: inner && inner.zero > 0 ? groupSize(inner.group) : 1,
      reshard: true,
      ...(plan.dp.gather && { gather: plan.dp.gather }),
      accumulate: plan.dp.accumulate,
      prefetch: 1,
      overlap: { forward: plan.dp.overlapForward, backward: plan.dp.overlapBackward },
    });
  }
  return groups;
}

/** Over how many ranks each of the states is split; 1 where every rank holds all of it. */
export interface StateSplit {
  weights: number;
  gradients: number;
  optimizer: number;
}

/** ZeRO (1910.02054): stage 1 splits the optimizer's states, 2 the gradients too, 3 also the weights. */
export function stateSplit(plan: PlanSpec, placement: Placement, part: WeightPart): StateSplit {
  const sharding = replicaGroups(plan, placement, part)[0];
  if (!sharding) return { weights: 1, gradients: 1, optimizer: 1 };
  const { zero, accumulate, group } = sharding;
  const ranks = groupSize(group);
  return {
    optimizer: zero >= 1 ? ranks : 1,
    gradients: reducesEveryMicrobatch(zero, accumulate) ? ranks : 1,
    weights: zero >= 3 ? ranks : 1,
  };
}
