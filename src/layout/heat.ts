/** How hot a bundle is: the engine's load of its class where traffic of the selection passes, 0 where none does. */
import type { PanelAxis, PanelCollective, PlanModel } from './model/types.ts';
import { crosses, groupOf, type Ranks, ranksOn } from './ranks.ts';
import type { Bundle } from './scene.ts';

/** While the selected collective runs; over the whole step; bytes of a step, relative to the class that carries most. */
export type LoadMode = 'running' | 'step' | 'bytes';

export interface Heat {
  /** Share of the line rate (for bytes: of the largest), may exceed 1. */
  share: number;
  /** Bytes/s carried, or bytes of a step. */
  carried: number;
}

export const COLD: Heat = { share: 0, carried: 0 };

type Numbers = Pick<PlanModel, 'levels' | 'links' | 'axes' | 'ranks'>;

/** Of the busiest link of class `link`. */
export function linkHeat(
  model: Numbers,
  link: number,
  collective: PanelCollective | undefined,
  mode: LoadMode,
): Heat {
  const of = model.links[link];
  if (!of) return COLD;
  if (mode === 'running') {
    const load = collective?.loads.find(use => use.link === link)?.load ?? 0;
    return { share: load, carried: load * of.capacity };
  }
  if (mode === 'step') return { share: of.step.load, carried: of.step.load * of.capacity };
  const most = Math.max(...model.links.map(other => other.step.bytes));
  return { share: most > 0 ? of.step.bytes / most : 0, carried: of.step.bytes };
}

/** Of one bundle: a cut carries nothing when its unit is idle, or when every group in it stays inside. */
export function bundleHeat(
  model: Numbers,
  bundle: Pick<Bundle, 'link' | 'chips' | 'pair' | 'direct' | 'only'>,
  collective: PanelCollective | undefined,
  mode: LoadMode,
): Heat {
  const ranks = ranksOn(model.levels, bundle.chips, model.ranks);
  if (ranks.to <= ranks.from) return COLD;
  const axes = collective ? axesOf(model.axes, collective) : [];
  if (bundle.pair) {
    const other = ranksOn(model.levels, bundle.pair, model.ranks);
    if (other.to <= other.from) return COLD;
    const meet =
      bundle.direct || collective?.op === 'send_recv'
        ? collective !== undefined && exchange(axes, collective, ranks, other, bundle.only ?? false)
        : together(axes, ranks.from, other.from);
    if (mode === 'running' && axes.length > 0 && !meet) return COLD;
  } else if (bundle.direct) {
    // Whatever the class carries passes here, as far as anything runs here.
  } else if (mode === 'running' && axes.length > 0 && !crosses(axes, ranks, model.ranks)) return COLD;
  return linkHeat(model, bundle.link, collective, mode);
}

/**
 * The axes that a collective's groups span. Where a group has fewer ranks than its axis (gradients of experts, reduced over
 * what expert parallelism leaves of data parallelism), it is the outer part of the axis.
 */
export function axesOf(
  axes: readonly PanelAxis[],
  collective: Pick<PanelCollective, 'axes' | 'ranks'>,
): PanelAxis[] {
  const own = axes.filter(({ name }) => collective.axes.includes(name));
  const [only] = own;
  const digit = only?.digits[0];
  if (!only || !digit || own.length > 1 || collective.ranks >= only.size || collective.ranks < 1) return own;
  const step = Math.floor(only.size / collective.ranks);
  return [
    {
      ...only,
      size: collective.ranks,
      digits: [{ stride: digit.stride * step, size: collective.ranks, factor: 1 }],
    },
  ];
}

/** Longest group that is followed member by member. */
const MOST_MEMBERS = 16_384;

/** Answers by collective: a picture asks for every chord several times, and a group may have thousands of members. */
const known = new WeakMap<PanelCollective, Map<string, boolean>>();

/**
 * Whether the group of the first rank of `a` has members in `b`; next to those in `a` where only neighbours talk: around a
 * ring, or from one stage to the next.
 */
function exchange(
  axes: readonly PanelAxis[],
  collective: PanelCollective,
  a: Ranks,
  b: Ranks,
  neighbours: boolean,
): boolean {
  const answers = known.get(collective) ?? new Map<string, boolean>();
  known.set(collective, answers);
  const key = `${a.from} ${a.to} ${b.from} ${b.to}`;
  let answer = answers.get(key);
  if (answer === undefined) {
    const members = groupOf(axes, a.from, MOST_MEMBERS);
    const inside = (rank: number, { from, to }: Ranks): boolean => rank >= from && rank < to;
    const stages = collective.op === 'send_recv';
    const closed = !stages && members.length === collective.ranks;
    answer =
      stages || (neighbours && collective.algorithm === 'ring')
        ? members.some((rank, index) => {
            const next = members[index + 1] ?? (closed ? members[0]! : rank);
            return (inside(rank, a) && inside(next, b)) || (inside(rank, b) && inside(next, a));
          })
        : members.some(rank => inside(rank, b));
    answers.set(key, answer);
  }
  return answer;
}

/** Whether two ranks are members of one group over `axes`: what the axes do not read is equal. */
function together(axes: readonly PanelAxis[], a: number, b: number): boolean {
  const rest = (rank: number): number => {
    let left = rank;
    for (const axis of axes) {
      for (const { stride, size, factor } of axis.digits) {
        const reach = Math.min(size, Math.ceil(axis.size / factor));
        left -= (Math.floor(rank / stride) % reach) * stride;
      }
    }
    return left;
  };
  return rest(a) === rest(b);
}
