/**
 * How attention sees the other parts of a sequence: an inner group of ranks that exchanges heads for sequence (Ulysses, 2309.14509),
 * and an outer one over which keys and values travel, around a ring or gathered (Llama 3, 2407.21783). Either may be one rank;
 * both together are USP (2405.07719) and `a2a+p2p` of Transformer Engine, whose inner group lies in the fast network as well.
 */
import { type Digit, groupSize, normaliseGroup } from '../fabric/pattern.ts';
import { type FabricSpec, ranksOf } from '../fabric/spec.ts';
import { lastPartSkew } from '../model/flops.ts';
import type { ModelSpec } from '../model/spec.ts';
import {
  axesOfRole,
  degree,
  groupOf,
  type Placement,
  placeMesh,
  remainder,
  takeInnermost,
} from './placement.ts';
import type { PlanSpec } from './spec.ts';

export interface ContextSplit {
  /** Ranks that exchange heads for sequence, the group, and whether part of the `cp` axis is among them. */
  inner: { ranks: number; group: Digit[]; exchanged: boolean };
  /** Ranks over which keys and values travel, and the group. */
  outer: { ranks: number; group: Digit[]; gathered: boolean };
}

/**
 * An axis of role `sp` is always exchanged; one of role `cp` by `cp.method`. What the method does not state of
 * `hierarchical(ulysses:, ring:)` follows from the degree, and where it states neither, from {@link bestUlysses}.
 */
export function contextSplit(plan: PlanSpec, placement: Placement): ContextSplit {
  const named = (role: 'cp' | 'sp'): Digit[] =>
    groupOf(
      placement,
      axesOfRole(plan.mesh, role).map(({ name }) => name),
    ).group;
  const sp = named('sp');
  const cp = named('cp');
  const ranks = groupSize(cp);
  const { method } = plan.cp;
  const share =
    method === 'ulysses'
      ? ranks
      : method !== 'hierarchical'
        ? 1
        : (plan.cp.ulysses ??
          (plan.cp.ring === undefined ? bestUlysses(plan, cp, groupSize(sp)) : ranks / plan.cp.ring));
  // Legality is checked before; a share that is no part leaves all of the axis to the ring.
  const exchanged = takeInnermost(cp, share) ?? [];
  const inner = normaliseGroup([...sp, ...exchanged]);
  const outer = normaliseGroup(remainder(cp, exchanged));
  return {
    inner: { ranks: groupSize(inner), group: inner, exchanged: exchanged.length > 0 },
    outer: { ranks: groupSize(outer), group: outer, gathered: method === 'all_gather' },
  };
}

/**
 * The most ranks of a context group that share the innermost level and to whom the heads of a tensor rank come out even:
 * key/value heads too, or a whole number of ranks per head.
 * @param cp digits of the axis
 * @param before ranks that an `sp` axis exchanges heads with already
 */
export function bestUlysses(plan: PlanSpec, cp: readonly Digit[], before = 1): number {
  const tp = degree(plan.mesh, 'tp');
  const together = ranksTogether(cp, plan.fabric);
  for (let ranks = Math.floor(together); ranks > 1; ranks--) {
    if (takeInnermost(cp, ranks) && headsComeOutEven(plan.model, tp * ranks * before)) return ranks;
  }
  return 1;
}

/** Ranks of a group inside one unit of the fabric's first level. */
function ranksTogether(group: readonly Digit[], fabric: FabricSpec): number {
  const unit = fabric.levels[0] ? ranksOf(fabric.levels[0]) : 1;
  return group.reduce(
    (ranks, { stride, size }) => ranks * Math.max(1, Math.min(size, Math.floor(unit / stride))),
    1,
  );
}

/** Whether heads come out even on `ranks` ranks that split them (tensor and Ulysses ranks together). */
export function headsComeOutEven({ heads, kvHeads, mla }: ModelSpec, ranks: number): boolean {
  if (heads % ranks !== 0) return false;
  return mla !== undefined || kvHeads % ranks === 0 || ranks % kvHeads === 0;
}

/**
 * Key/value heads in what one rank sends in an exchange over `ranks` ranks, of `held` heads it holds: each of the others gets
 * the heads that its queries need, so a head is sent more than once where there are fewer heads than ranks.
 */
export function exchangedHeads(held: number, ranks: number): number {
  return ranks * Math.ceil(held / ranks);
}

/**
 * Attention of the rank that has most of it over the mean, where the parts of a sequence are contiguous (`cp.balance: none`): all
 * others wait for the last one. Ranks that exchange heads see the whole sequence and are even. With a causal mask and no window
 * the last of c ranks does (2c - 1) / c of the mean.
 */
export function contextSkew(plan: PlanSpec): number {
  if (plan.cp.balance !== 'none' || degree(plan.mesh, 'cp') === 1) return 1;
  const { outer } = contextSplit(plan, placeMesh(plan.mesh, plan.fabric).placement);
  return lastPartSkew(plan.model, plan.batch.sequence, outer.ranks);
}
