/**
 * The ladder of drawers: one lane per open level, the largest on top. Places depend on the fabric, the size of the view and
 * what is open, never on axes, sizes or loads, so no edit of a plan moves anything; opening adds below.
 */
import { boxesHeight, boxesLane, boxShape } from './lanes/boxes.ts';
import { chipRow, chipRowHeight } from './lanes/chip-row.ts';
import { gridLane } from './lanes/grid.ts';
import type { LadderInput, LaneInput } from './lanes/input.ts';
import { polygonLane } from './lanes/polygon.ts';
import { trayLane } from './lanes/trays.ts';
import type { PanelLevel } from './model/types.ts';
import type { Lane, LaneKind, Scene } from './scene.ts';
import { gutter, isNarrow } from './widths.ts';

export type { LadderInput } from './lanes/input.ts';

const GAP = 22;

/** Fixed by the level and the width alone. */
export function laneKind(levels: readonly PanelLevel[], level: number, width: number): LaneKind {
  const { count, topology } = levels[level]!;
  const room = width - gutter(width);
  if (topology.kind === 'fully_connected' && count <= 16) return 'polygon';
  if (level === 0) {
    if (topology.kind === 'other' || topology.kind === 'fully_connected' || count > 144) return 'grid';
    return count <= 16 && count * 30 <= room ? 'row' : 'trays';
  }
  return boxShape(levels[level]!, width, 0) ? 'boxes' : 'grid';
}

const DRAWER_PADDING = 20;

/** Lanes of everything that is open, from the top level down. */
export function buildLadder(input: LadderInput): Scene {
  const { levels, width, height, path } = input;
  const left = gutter(width);
  const lanes: Lane[] = [];
  const highest = levels.length - 1;
  const room = freeRoom(input);
  let top = 0;
  let unit = 0;
  for (let level = highest, depth = 0; level >= 0; level--, depth++) {
    const lane = buildLane({ ...input, depth, level, unit, top, left, room });
    lanes.push(lane);
    top = lane.box.y + lane.box.h + GAP;
    const open = path[depth];
    if (level === 0 || open === undefined || open >= lane.slots.count) break;
    lane.open = open;
    unit = unit * levels[level]!.count + open;
  }
  // A narrow panel shows one drawer at a time; the others are its breadcrumb.
  if (isNarrow(width)) {
    const last = lanes.at(-1);
    if (!last) return { width, height, left, lanes: [] };
    const shown = buildLane({
      ...input,
      depth: last.depth,
      level: last.level,
      unit: last.unit,
      top: 0,
      left,
      room,
    });
    return { width, height: shown.box.y + shown.box.h, left, lanes: [shown] };
  }
  const bottom = lanes.at(-1);
  return { width, height: bottom ? bottom.box.y + bottom.box.h : height, left, lanes };
}

function buildLane(input: LaneInput): Lane {
  switch (laneKind(input.levels, input.level, input.width)) {
    case 'boxes':
      return boxesLane(input);
    case 'grid':
      return gridLane(input);
    case 'row':
      return chipRow(input);
    case 'trays':
      return trayLane(input);
    case 'polygon':
      return polygonLane(input);
  }
}

/** Height left for lanes of free height, as if the whole ladder were open: opening a drawer shrinks nothing. */
function freeRoom({ levels, width, height }: LadderInput): number {
  if (isNarrow(width)) return Math.max(160, height);
  let fixed = GAP * (levels.length - 1) + 8;
  let free = 0;
  levels.forEach((spec, level) => {
    const kind = laneKind(levels, level, width);
    const padding = level === levels.length - 1 ? 0 : DRAWER_PADDING;
    if (kind === 'boxes') fixed += boxesHeight(spec, width, height) + padding;
    else if (kind === 'row') fixed += chipRowHeight(height);
    else free++;
  });
  return free === 0 ? 0 : (height - fixed) / free;
}
