/**
 * How the children of a level stand to each other where its links are no tree: places of a grid, groups of a dragonfly, and
 * the sections (planes, groups) into which large ones are cut. Numbers of children count within one unit.
 */
import type { PanelLevel } from './model/types.ts';
import type { Units } from './scene.ts';

export const DIMENSIONS = ['x', 'y', 'z', 'w', 'v', 'u'];

/** Children, or chips of cubes, on the places of a grid. */
export interface Grid {
  /** Places along x, y, z … */
  dims: readonly number[];
  wrap: readonly boolean[];
  /** Sides of a cube or a board; undefined where the grid is not made of any. */
  block?: readonly number[];
  /** Level of what stands on the places, -1 for chips. */
  child: number;
  /** Every two places of a row are linked, not only neighbours. */
  full?: boolean;
  /** Children of one place: more than one where places are switches. */
  per: number;
  /** Number of the first child of a place, within the unit. */
  at(place: readonly number[]): number;
  /** Place of a child. */
  placeOf(child: number): number[];
  /** Children of one unit. */
  count: number;
}

/** The grid that a unit of `level` is; undefined for every other topology. */
export function gridOf(levels: readonly PanelLevel[], level: number): Grid | undefined {
  const { topology, count } = levels[level]!;
  const child = level - 1;
  switch (topology.kind) {
    case 'torus':
      return { dims: topology.dims, wrap: topology.wrap, child, per: 1, count, ...plain(topology.dims, 1) };
    case 'hyperx': {
      const { dims, perRouter: per } = topology;
      return { dims, wrap: dims.map(() => false), full: true, child, per, count, ...plain(dims, per) };
    }
    case 'hamming_mesh': {
      const { board, boards } = topology;
      const dims = board.map((side, dim) => side * (boards[dim] ?? 1));
      const wrap = dims.map(() => false);
      return { dims, wrap, block: board, child, per: 1, count, ...blocked(dims, board) };
    }
    case 'ocs': {
      const { shape, cube } = topology;
      // Chips are drawn where they are numbered through cubes of chips; other cubes stand side by side.
      if (cube.length === 0 || level !== 1) return undefined;
      const wrap = shape.map(side => side > 2);
      const chips = levels[level]!.span;
      return { dims: shape, wrap, block: cube, child: -1, per: 1, count: chips, ...blocked(shape, cube) };
    }
    default:
      return undefined;
  }
}

/** x varies fastest. */
function plain(dims: readonly number[], per: number): Pick<Grid, 'at' | 'placeOf'> {
  return {
    at: place => per * mixed(place, dims),
    placeOf: child => digits(Math.floor(child / per), dims),
  };
}

/** Block by block, x fastest inside a block and among blocks. */
function blocked(dims: readonly number[], block: readonly number[]): Pick<Grid, 'at' | 'placeOf'> {
  const blocks = dims.map((side, dim) => side / block[dim]!);
  const size = product(block);
  return {
    at: place =>
      size *
        mixed(
          place.map((at, dim) => Math.floor(at / block[dim]!)),
          blocks,
        ) +
      mixed(
        place.map((at, dim) => at % block[dim]!),
        block,
      ),
    placeOf: child => {
      const outer = digits(Math.floor(child / size), blocks);
      return digits(child % size, block).map((inner, dim) => inner + outer[dim]! * block[dim]!);
    },
  };
}

const product = (sides: readonly number[]): number => sides.reduce((all, side) => all * side, 1);

const mixed = (place: readonly number[], sides: readonly number[]): number =>
  place.reduceRight((sum, at, dim) => sum * sides[dim]! + at, 0);

export function digits(number: number, sides: readonly number[]): number[] {
  let rest = number;
  return sides.map(side => {
    const digit = rest % side;
    rest = Math.floor(rest / side);
    return digit;
  });
}

/** Parts of a unit that are drawn side by side and open one at a time. */
export interface Sections {
  word: 'plane' | 'group';
  count: number;
  /** "z 5", "3". */
  title(section: number): string;
  /** Cells of one section, row by row, and the columns and rows that stand together. */
  columns: number;
  rows: number;
  block?: { columns: number; rows: number };
  /** Child in a cell, within the unit; -1 where there is none. */
  childAt(section: number, column: number, row: number): number;
  sectionOf(child: number): number;
  /** Cell of a child within its section: row x columns + column. */
  slotOf(child: number): number;
  /** Level of the children. */
  child: number;
}

/** Grids of more planes than can be read at once, and dragonflies of more chips, are cut. */
const MOST_IN_ONE = 144;

export function sectionsOf(levels: readonly PanelLevel[], level: number): Sections | undefined {
  const { topology, count } = levels[level]!;
  if (topology.kind === 'dragonfly') {
    const { groups, routers, perRouter } = topology;
    if (count <= MOST_IN_ONE && groups <= 24) return undefined;
    const size = routers * perRouter;
    return {
      word: 'group',
      count: Math.max(1, Math.min(groups, Math.ceil(count / size))),
      title: String,
      columns: routers,
      rows: perRouter,
      childAt: (section, column, row) => {
        const child = section * size + column * perRouter + row;
        return child < count ? child : -1;
      },
      sectionOf: child => Math.floor(child / size),
      slotOf: child => (child % perRouter) * routers + (Math.floor(child / perRouter) % routers),
      child: level - 1,
    };
  }
  const grid = gridOf(levels, level);
  return grid && grid.dims.length > 2 && grid.count > MOST_IN_ONE ? planesOf(grid) : undefined;
}

function planesOf(grid: Grid): Sections {
  const [x = 1, y = 1, ...deep] = grid.dims;
  const cell = hostCells(grid.per);
  return {
    word: 'plane',
    count: product(deep),
    title: section => planeTitle(section, deep),
    columns: x * cell.columns,
    rows: y * cell.rows,
    ...(grid.block && product(grid.block) > 1
      ? { block: { columns: grid.block[0]!, rows: grid.block[1] ?? 1 } }
      : {}),
    childAt: (section, column, row) => {
      const place = [
        Math.floor(column / cell.columns),
        Math.floor(row / cell.rows),
        ...digits(section, deep),
      ];
      const host = (row % cell.rows) * cell.columns + (column % cell.columns);
      const child = grid.at(place) + host;
      return host < grid.per && child < grid.count ? child : -1;
    },
    sectionOf: child => mixed(grid.placeOf(child).slice(2), deep),
    slotOf: child => {
      const [column = 0, row = 0] = grid.placeOf(child);
      const host = child % grid.per;
      const across = column * cell.columns + (host % cell.columns);
      return (row * cell.rows + Math.floor(host / cell.columns)) * x * cell.columns + across;
    },
    child: grid.child,
  };
}

/** A small grid, for a picture of it: its planes, however few. */
export function singlePlane(levels: readonly PanelLevel[], level: number): Sections | undefined {
  const grid = gridOf(levels, level);
  return grid && grid.dims.length > 1 ? planesOf(grid) : undefined;
}

/** "z 5", "z 5 w 1". */
export const planeTitle = (section: number, deep: readonly number[]): string =>
  digits(section, deep)
    .map((at, dim) => `${DIMENSIONS[dim + 2] ?? `d${dim + 2}`} ${at}`)
    .join(' ');

/** How the children of one switch stand together. */
export function hostCells(per: number): { columns: number; rows: number } {
  const least = Math.ceil(Math.sqrt(per));
  let columns = least;
  while (columns < 2 * least && per % columns !== 0) columns++;
  // A prime number of them leaves a place free rather than making one long row.
  if (per % columns !== 0 || columns > 2 * least - 1) columns = least;
  return { columns, rows: Math.ceil(per / columns) };
}

/** One lane of the ladder when all is open, from the top. */
export interface Step {
  level: number;
  /** Overview of sections; its drawer is the next step. */
  sections?: Sections;
  /** Level of what stands in its slots. */
  child: number;
  /** Slots. */
  count: number;
}

/** The lanes that a fabric has when everything is open: one a level, two where a level is cut into sections. */
export function laneSteps(levels: readonly PanelLevel[]): Step[] {
  const steps: Step[] = [];
  for (let level = levels.length - 1; level >= 0; ) {
    const grid = gridOf(levels, level);
    const child = grid?.child ?? level - 1;
    const sections = sectionsOf(levels, level);
    if (sections) steps.push({ level, sections, child, count: sections.count });
    const count = sections ? sections.columns * sections.rows : (grid?.count ?? levels[level]!.count);
    steps.push({ level, child, count });
    level = child;
  }
  return steps;
}

/** What is open below the first `path.length` lanes: a unit, and where one is shown, its section. */
export function openAt(
  levels: readonly PanelLevel[],
  path: readonly number[],
): { level: number; unit: number; section?: number } {
  const steps = laneSteps(levels);
  let level = levels.length - 1;
  let unit = 0;
  let section: number | undefined;
  for (const [depth, slot] of path.entries()) {
    const step = steps[depth];
    if (!step || depth === steps.length - 1) break;
    if (step.sections) section = slot;
    else {
      unit = unitsOf(levels, level, unit, section).numberAt(slot);
      level = step.child;
      section = undefined;
    }
  }
  return { level, unit, ...(section === undefined ? {} : { section }) };
}

/** The way to a chip, down to the drawer of its unit of `until`. */
export function pathTo(levels: readonly PanelLevel[], chip: number, until: number): number[] {
  const path: number[] = [];
  let unit = 0;
  let section: number | undefined;
  const steps = laneSteps(levels);
  for (const step of steps.slice(0, -1)) {
    const { span } = levels[step.level]!;
    if (step.level < until || (step.level === until && !step.sections)) break;
    const childSpan = step.child < 0 ? 1 : levels[step.child]!.span;
    if (step.sections) {
      section = step.sections.sectionOf(Math.floor((chip - unit * span) / childSpan));
      path.push(section);
    } else {
      const number = Math.floor(chip / childSpan);
      const slot = unitsOf(levels, step.level, unit, section).slotOf(number);
      if (slot < 0) break;
      path.push(slot);
      unit = number;
      section = undefined;
    }
  }
  return path;
}

/** What stands in the slots of a lane that shows unit `unit` of `level`, or one section of it. */
export function unitsOf(levels: readonly PanelLevel[], level: number, unit: number, section?: number): Units {
  const grid = gridOf(levels, level);
  const child = grid?.child ?? level - 1;
  const count = grid?.count ?? levels[level]!.count;
  const first = unit * count;
  const sections = section === undefined ? undefined : sectionsOf(levels, level);
  if (sections && section !== undefined) {
    return {
      level: child,
      numberAt: slot => {
        const inside = sections.childAt(
          section,
          slot % sections.columns,
          Math.floor(slot / sections.columns),
        );
        return inside < 0 ? -1 : first + inside;
      },
      slotOf: number => {
        const inside = number - first;
        const here = inside >= 0 && inside < count && sections.sectionOf(inside) === section;
        return here ? sections.slotOf(inside) : -1;
      },
    };
  }
  return {
    level: child,
    numberAt: slot => first + slot,
    slotOf: number => (number >= first && number < first + count ? number - first : -1),
  };
}
