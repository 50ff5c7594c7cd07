/**
 * Which ranks live where, in closed form. Chips are numbered through the units of the innermost level first; rank r is the
 * r-th chip that is neither a spare nor broken. Nothing here costs more with more chips.
 */
import type { PanelAxis, PanelLevel } from './model/types.ts';

type Levels = readonly Pick<PanelLevel, 'count' | 'spare' | 'span' | 'childSpan' | 'failed'>[];

/** Children of a unit that carry ranks: spares stand in for those that are broken. */
const usedOf = ({ count, spare, failed }: Levels[number]): number =>
  Math.max(1, count - Math.max(spare, failed?.children.length ?? 0));

/** Working children before child `child`. */
const workingBefore = ({ failed }: Levels[number], child: number): number =>
  failed ? child - failed.children.filter(broken => broken < child).length : child;

/** The `nth` working child. */
function workingAt({ failed }: Levels[number], nth: number): number {
  let child = nth;
  for (const broken of [...(failed?.children ?? [])].sort((a, b) => a - b)) if (broken <= child) child++;
  return child;
}

/** A half-open interval of ranks. */
export interface Ranks {
  from: number;
  to: number;
}

/** Ranks that one unit of each level holds when full: spares left out. */
export function ranksPerUnit(levels: Levels): number[] {
  let known = perUnit.get(levels);
  if (!known) {
    let ranks = 1;
    known = levels.map(level => {
      ranks *= usedOf(level);
      return ranks;
    });
    perUnit.set(levels, known);
  }
  return known;
}

/** A picture asks for every cell. */
const perUnit = new WeakMap<Levels, number[]>();

/** Chips before `chip` that carry a rank when the mesh fills the fabric: spares left out. */
function ranksBefore(levels: Levels, chip: number): number {
  const size = ranksPerUnit(levels);
  let rest = chip;
  let before = 0;
  for (let level = levels.length - 1; level >= 0; level--) {
    const spec = levels[level]!;
    const used = usedOf(spec);
    const child = level === 0 ? 1 : size[level - 1]!;
    const digit = Math.floor(rest / spec.childSpan);
    const working = workingBefore(spec, digit);
    if (working >= used) return before + used * child;
    before += working * child;
    // Inside of what is broken nothing counts.
    if (spec.failed?.children.includes(digit)) return before;
    rest %= spec.childSpan;
  }
  return before;
}

/** Ranks on the chips `from` to `to` (half open, whole units), clipped to the `total` ranks of the mesh. */
export function ranksOn(levels: Levels, chips: Ranks, total: number): Ranks {
  const from = ranksBefore(levels, chips.from);
  const to = Math.min(total, ranksBefore(levels, chips.to));
  return from >= to ? { from: 0, to: 0 } : { from, to };
}

/** Ranks of unit `unit` of level `level` (-1: of one chip). Empty (`from === to`) when it is idle or a spare. */
export function ranksOf(levels: Levels, level: number, unit: number, total: number): Ranks {
  const span = level < 0 ? 1 : levels[level]!.span;
  return ranksOn(levels, { from: unit * span, to: (unit + 1) * span }, total);
}

/** The chip that rank `rank` runs on. */
export function chipOf(levels: Levels, rank: number): number {
  let chip = 0;
  let rest = rank;
  for (const level of levels) {
    const used = usedOf(level);
    chip += workingAt(level, rest % used) * level.childSpan;
    rest = Math.floor(rest / used);
  }
  return chip;
}

/** Coordinate of `rank` on `axis`. */
export function coordinate(axis: Pick<PanelAxis, 'digits' | 'size'>, rank: number): number {
  let sum = 0;
  for (const { stride, size, factor } of axis.digits) sum += (Math.floor(rank / stride) % size) * factor;
  return sum % axis.size;
}

/** Coordinates of `axis` that occur in an interval of ranks, lowest and highest; undefined for an empty one. */
export function coordinateRange(axis: PanelAxis, ranks: Ranks): { low: number; high: number } | undefined {
  if (ranks.to <= ranks.from) return undefined;
  const all = { low: 0, high: axis.size - 1 };
  const inner = axis.digits[0];
  if (!inner) return { low: 0, high: 0 };
  if (axis.digits.length > 1) return digitsRange(axis, ranks) ?? all;
  const first = Math.floor(ranks.from / inner.stride);
  const last = Math.floor((ranks.to - 1) / inner.stride);
  const low = coordinate(axis, ranks.from);
  if (last - first >= axis.size) return all;
  const high = coordinate(axis, ranks.to - 1);
  return high < low ? all : { low, high };
}

/** Of an axis of several digits: exact where the digits that vary are the inner ones, undefined where they leave gaps. */
function digitsRange(axis: PanelAxis, ranks: Ranks): { low: number; high: number } | undefined {
  let low = 0;
  let high = 0;
  let whole = true;
  for (const { stride, size, factor } of axis.digits) {
    const first = Math.floor(ranks.from / stride);
    const last = Math.floor((ranks.to - 1) / stride);
    const from = last - first >= size ? 0 : first % size;
    const to = last - first >= size ? size - 1 : last % size;
    if (to < from || (to > from && !whole)) return undefined;
    whole = from === 0 && to === size - 1;
    low += from * factor;
    high += to * factor;
  }
  return high < axis.size ? { low, high } : undefined;
}

/** Whether any group over `axes` has members both inside and outside of an interval of ranks. */
export function crosses(axes: readonly PanelAxis[], ranks: Ranks, total: number): boolean {
  if (ranks.to <= ranks.from || (ranks.from === 0 && ranks.to === total)) return false;
  return axes.some(axis => {
    if (axis.size === 1) return false;
    return axis.digits.some(({ stride, size, factor }) => {
      const reach = Math.min(size, Math.ceil(axis.size / factor));
      const block = stride * reach;
      return reach > 1 && (ranks.from % block !== 0 || ranks.to % block !== 0);
    });
  });
}

/**
 * Members of the group over `axes` that `rank` belongs to, by coordinate, at most `limit` of them.
 */
export function groupOf(axes: readonly PanelAxis[], rank: number, limit = 1024): number[] {
  let members = [rank];
  for (const axis of axes) {
    if (axis.size === 1) continue;
    for (const digit of axis.digits) {
      // The last digit may be read in part only.
      const size = Math.min(digit.size, Math.ceil(axis.size / digit.factor));
      const next: number[] = [];
      for (let step = 0; step < size && next.length < limit; step++) {
        for (const member of members) {
          const own = Math.floor(member / digit.stride) % size;
          next.push(member + (step - own) * digit.stride);
        }
      }
      members = next;
    }
  }
  return members.slice(0, limit);
}
