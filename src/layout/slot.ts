/** What stands in one slot of a lane: which ranks, and what it is called. */
import type { PanelAxis, PanelLevel } from './model/types.ts';
import { coordinateRange, type Ranks, ranksOf, ranksOn } from './ranks.ts';
import type { Lane } from './scene.ts';
import { DIMENSIONS, gridOf, sectionsOf, unitsOf } from './structure.ts';

/** A unit of a level, or with level -1 a chip, by its number among all of its kind; or a section of a unit. */
export interface UnitRef {
  level: number;
  unit: number;
  section?: number;
}

type Levels = readonly PanelLevel[];

/** What slot `slot` of a lane holds; undefined for a place that nothing stands on. */
export function slotRef(lane: Lane, slot: number): UnitRef | undefined {
  if (lane.sections) return { level: lane.level, unit: lane.unit, section: slot };
  const unit = lane.units.numberAt(slot);
  return unit < 0 ? undefined : { level: lane.units.level, unit };
}

/** Slot of a lane that holds `ref`; -1 for none. */
export function slotOfRef(lane: Lane, ref: UnitRef): number {
  if (ref.section !== undefined)
    return lane.sections && ref.level === lane.level && ref.unit === lane.unit ? ref.section : -1;
  return lane.sections || ref.level !== lane.units.level ? -1 : lane.units.slotOf(ref.unit);
}

/** Ranks of a unit, of which a section of a grid may have several intervals. Empty: idle. */
export function ranksOfRef(levels: Levels, ref: UnitRef, total: number): Ranks[] {
  if (ref.section === undefined) {
    const ranks = ranksOf(levels, ref.level, ref.unit, total);
    return ranks.to > ranks.from ? [ranks] : [];
  }
  const ranks = sectionChips(levels, ref)
    .map(chips => ranksOn(levels, chips, total))
    .filter(({ from, to }) => to > from);
  return merged(ranks);
}

/** Chips of a section as intervals. */
function sectionChips(levels: Levels, { level, unit, section }: UnitRef): Ranks[] {
  const sections = sectionsOf(levels, level);
  if (!sections || section === undefined) return [];
  const units = unitsOf(levels, level, unit, section);
  const span = sections.child < 0 ? 1 : levels[sections.child]!.span;
  const chips: Ranks[] = [];
  for (let slot = 0; slot < sections.columns * sections.rows; slot++) {
    const number = units.numberAt(slot);
    if (number >= 0) chips.push({ from: number * span, to: (number + 1) * span });
  }
  return merged(chips);
}

function merged(intervals: Ranks[]): Ranks[] {
  const found: Ranks[] = [];
  for (const { from, to } of [...intervals].sort((a, b) => a.from - b.from)) {
    const before = found.at(-1);
    if (before && before.to >= from) before.to = Math.max(before.to, to);
    else found.push({ from, to });
  }
  return found;
}

export const rankTotal = (ranks: readonly Ranks[]): number =>
  ranks.reduce((sum, { from, to }) => sum + to - from, 0);

/** Coordinates that occur in several intervals; undefined for none, or where they leave gaps. */
export function rangeOver(
  axis: PanelAxis,
  ranks: readonly Ranks[],
): { low: number; high: number } | undefined {
  const ranges = ranks
    .flatMap(interval => coordinateRange(axis, interval) ?? [])
    .sort((a, b) => a.low - b.low);
  const [first] = ranges;
  if (!first) return undefined;
  const whole = { ...first };
  for (const { low, high } of ranges) {
    if (low > whole.high + 1) return undefined;
    whole.high = Math.max(whole.high, high);
  }
  return whole;
}

/** "chip 17", "node 3", "plane z 5", "group 4". */
export function slotName(levels: Levels, lane: Lane, slot: number): string {
  const { sections, units } = lane;
  if (sections) return `${sections.word} ${sections.title(slot)}`;
  const number = units.numberAt(slot);
  if (units.level < 0) return `chip ${number}`;
  return `${levels[units.level]!.name} ${number % (levels[units.level + 1]?.count ?? Number.POSITIVE_INFINITY)}`;
}

/** Whether something opens below a slot. */
export const opens = (lane: Lane): boolean => lane.sections !== undefined || lane.units.level >= 0;

/** "x 3 y 5 z 1" on a grid, "group 4 · router 2" in a dragonfly, "switch 3 5" in a HyperX; empty elsewhere. */
export function placeText(levels: Levels, lane: Lane, slot: number): string {
  if (lane.sections) return '';
  const { topology } = levels[lane.level]!;
  const grid = gridOf(levels, lane.level);
  const child = lane.units.numberAt(slot) - lane.unit * (grid?.count ?? levels[lane.level]!.count);
  if (topology.kind === 'dragonfly') {
    const router = Math.floor(child / topology.perRouter);
    return `group ${Math.floor(router / topology.routers)} · router ${router % topology.routers}`;
  }
  if (!grid || grid.dims.length < 2) return '';
  const at = grid.placeOf(child);
  return `${grid.per > 1 ? 'switch ' : ''}${at.map((place, dim) => `${DIMENSIONS[dim] ?? ''} ${place}`).join(' ')}`;
}
