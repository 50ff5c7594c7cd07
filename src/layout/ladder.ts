/**
 * The ladder of drawers: one lane per open level, the largest on top. Places depend on the fabric, the size of the view and
 * what is open, never on axes, sizes or loads, so no edit of a plan moves anything; opening adds below.
 */

import { failedIn } from './failed.ts';
import { boxesHeight, boxesLane, boxShape } from './lanes/boxes.ts';
import { chipRow, chipRowHeight } from './lanes/chip-row.ts';
import { groupsLane, routersLane } from './lanes/dragonfly.ts';
import { graphLane } from './lanes/graph.ts';
import { gridLane } from './lanes/grid.ts';
import type { LadderInput, LaneInput } from './lanes/input.ts';
import { latticeLane } from './lanes/lattice.ts';
import { planesLane } from './lanes/planes.ts';
import { polygonLane } from './lanes/polygon.ts';
import { railsLane } from './lanes/rails.ts';
import { trayLane } from './lanes/trays.ts';
import type { PanelLevel } from './model/types.ts';
import type { DrawnLane, Lane, LaneKind, Scene } from './scene.ts';
import { laneSteps, type Step, sectionsOf, unitsOf } from './structure.ts';
import { gutter, isNarrow } from './widths.ts';

export type { LadderInput } from './lanes/input.ts';

const GAP = 22;

/** Loops of more than this are folded into rows. */
const MOST_IN_LOOP = 24;

/** Fixed by the level and the width alone. */
export function laneKind(levels: readonly PanelLevel[], step: Step, width: number): LaneKind {
  const { level, sections } = step;
  const { count, topology } = levels[level]!;
  const room = width - gutter(width);
  if (sections) return sections.word === 'group' ? 'groups' : 'sections';
  switch (topology.kind) {
    case 'torus':
      return topology.dims.length === 1 && topology.wrap[0] && count <= MOST_IN_LOOP ? 'polygon' : 'lattice';
    case 'hyperx':
    case 'hamming_mesh':
      return 'lattice';
    case 'ocs':
      if (step.child < level - 1) return 'lattice';
      break;
    case 'dragonfly':
      return sectionsOf(levels, level) ? 'routers' : 'groups';
    case 'graph':
      return 'graph';
    case 'rail':
      return 'rails';
    case 'fully_connected':
      if (count <= 16) return 'polygon';
      break;
  }
  if (level === 0) {
    if ((topology.kind !== 'switch' && topology.kind !== 'fat_tree') || count > 144) return 'grid';
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
  const built: LaneInput[] = [];
  const room = freeRoom(input);
  const steps = laneSteps(levels);
  let top = 0;
  let unit = 0;
  let section: number | undefined;
  for (const [depth, step] of steps.entries()) {
    const wanted = path[depth];
    const last = depth === steps.length - 1;
    const open = last || wanted === undefined || wanted >= step.count ? undefined : wanted;
    const laneInput: LaneInput = {
      ...input,
      depth,
      level: step.level,
      unit,
      top,
      left,
      room,
      ...(section === undefined ? {} : { section }),
      ...(step.sections ? { sections: step.sections } : {}),
      ...(open === undefined ? {} : { open }),
    };
    const lane = buildLane(laneInput, step);
    lanes.push(lane);
    built.push(laneInput);
    if (open === undefined) break;
    const number = step.sections ? unit : lane.units.numberAt(open);
    if (number < 0) break;
    lane.open = open;
    top = lane.box.y + lane.box.h + GAP;
    section = step.sections ? open : undefined;
    unit = number;
  }
  // A narrow panel shows one drawer at a time; the others are its breadcrumb.
  const last = built.at(-1);
  if (isNarrow(width)) {
    if (!last) return { width, height, left, lanes: [] };
    const shown = buildLane({ ...last, top: 0 }, steps[last.depth]!);
    return { width, height: shown.box.y + shown.box.h, left, lanes: [shown] };
  }
  const bottom = lanes.at(-1);
  return { width, height: bottom ? bottom.box.y + bottom.box.h : height, left, lanes };
}

function buildLane(input: LaneInput, step: Step): Lane {
  const { levels, level, unit, section } = input;
  const drawn = drawLane(input, step);
  const units = unitsOf(levels, level, unit, section);
  const lane: Lane = { ...drawn, units };
  const failed = step.sections ? undefined : failedIn(levels, lane);
  return failed ? { ...lane, failed } : lane;
}

function drawLane(input: LaneInput, step: Step): DrawnLane {
  switch (laneKind(input.levels, step, input.width)) {
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
    case 'rails':
      return railsLane(input);
    case 'lattice':
      return latticeLane(input);
    case 'sections':
      return planesLane(input);
    case 'groups':
      return groupsLane(input);
    case 'routers':
      return routersLane(input);
    case 'graph':
      return graphLane(input);
  }
}

/** Height left for lanes of free height, as if the whole ladder were open: opening a drawer shrinks nothing. */
function freeRoom({ levels, width, height }: LadderInput): number {
  if (isNarrow(width)) return Math.max(160, height);
  const steps = laneSteps(levels);
  let fixed = GAP * (steps.length - 1) + 8;
  let free = 0;
  for (const [depth, step] of steps.entries()) {
    const kind = laneKind(levels, step, width);
    const spec = levels[step.level]!;
    const padding = depth === 0 ? 0 : DRAWER_PADDING;
    if (kind === 'boxes') fixed += boxesHeight(spec, width, height) + padding;
    else if (kind === 'row') fixed += chipRowHeight(height);
    else free++;
  }
  return free === 0 ? 0 : (height - fixed) / free;
}
