/** Slices of TPUs and other grids of chips, as the fabric that a user would write. */
import { ICI } from '../../src/engine/fabric/ici/rates.ts';
import type { ChipSpec, LevelSpec } from '../../src/engine/fabric/spec.ts';
import type { Row } from './row.ts';
import { grid, sidesIn, tooLarge, type Wiring, wiringOf } from './wiring.ts';

/** The scaling book's achieved rates, bytes/s: some columns hold these and not the line rate. */
const COUNTED_ON: ReadonlySet<number> = new Set([45e9, 90e9]);
/** Slices of these are flat, and an axis closes where it is a whole row of the pod (cloud.google.com/tpu/docs/v5e, v6e). */
const FLAT = new Set(['tpu_v5e', 'tpu_v6e']);
const POD_SIDE = 16;
/** Of the others optical switches close whole cubes of 4x4x4 (TPU v4, arXiv 2304.01433). */
const CUBE_SIDE = 4;

export function isGrid({ kind, name }: ChipSpec, { topology }: Row): boolean {
  return (kind === 'tpu' && !name.startsWith('trainium')) || /torus/i.test(topology);
}

/** Chips of the largest slice of one ICI network (cloud.google.com/tpu/docs). */
const POD: Readonly<Record<string, number>> = {
  tpu_v4: 4096,
  tpu_v5e: 256,
  tpu_v5p: 8960,
  tpu_v6e: 256,
  tpu_v7: 9216,
};

/** Slices of a job that spans several: as its notes say, else as few as hold its chips. */
export function multislice({ name }: ChipSpec, chips: number, notes: string): number {
  const [, stated] = /(\d+) slice/i.exec(notes) ?? [];
  if (stated !== undefined && Number(stated) > 0 && chips % Number(stated) === 0) return Number(stated);
  const pod = POD[name] ?? chips;
  return chips > pod && chips % pod === 0 ? chips / pod : 1;
}

/** @returns the slice that holds `ranks`; undefined where nothing says its shape */
export function sliceOf(
  row: Row,
  chip: ChipSpec,
  ranks: number,
): { level: LevelSpec; chips: number } | undefined {
  if (row.scaleUp === undefined) return undefined;
  const wiring = shapeOf(row, chip, ranks);
  if (!wiring || tooLarge(wiring)) return undefined;
  const rates = chip.efficiency.scaleUp !== undefined ? ICI.book : ICI.assumed;
  const level: LevelSpec = {
    name: 'slice',
    count: wiring.n,
    topology: wiring.topology,
    bandwidth: wiring.ports * row.scaleUp,
    link: row.scaleUp,
    efficiency: COUNTED_ON.has(row.scaleUp) ? 1 : (chip.efficiency.scaleUp ?? rates.share),
    efficiencyFrom: 'chip',
    latency: rates.hop,
    floor: 0,
    tier: 'scale_up',
    spare: 0,
  };
  return { level, chips: wiring.n };
}

/** The shape in the job's words, else in the machine's, as long as the ranks fill it or whole rows of it; else one as square as can be. */
function shapeOf(row: Row, chip: ChipSpec, ranks: number): Wiring | undefined {
  const words = [row.algorithm, row.collective, row.topology, row.hardware];
  for (const fits of [(n: number) => n === ranks, (n: number) => n > ranks && n % ranks === 0]) {
    for (const text of words) {
      const sides = sidesIn(text);
      if (!sides || !fits(sides.reduce((product, side) => product * side, 1))) continue;
      if (chip.kind === 'tpu' && chip.name.startsWith('tpu')) return tpuSlice(sides, chip);
      return wiringOf(/torus|mesh/i.test(text) ? text : `torus ${sides.join('x')}`, undefined);
    }
  }
  const sides = preferred(
    roundest(ranks, FLAT.has(chip.name) || /2D/i.test(row.topology) ? 2 : 3),
    row.prefer,
  );
  return chip.name.startsWith('tpu') ? tpuSlice(sides, chip) : grid(sides, () => true);
}

function tpuSlice(sides: readonly number[], { name }: ChipSpec): Wiring {
  const used = sides.filter(side => side > 1);
  if (FLAT.has(name)) return grid(used, side => side >= POD_SIDE);
  const cubes = used.length === 3 && used.every(side => side % CUBE_SIDE === 0);
  return grid(used, () => cubes);
}

/** The sides in a sequence whose first ones hold `ranks`, where there is one. */
function preferred(sides: readonly number[], ranks = 1): number[] {
  const first = subsets(sides).find(some => some.reduce((product, at) => product * sides[at]!, 1) === ranks);
  if (!first) return [...sides];
  return [...first.map(at => sides[at]!), ...sides.filter((_, at) => !first.includes(at))];
}

function subsets(sides: readonly number[]): number[][] {
  const all: number[][] = [[]];
  sides.forEach((_, at) => {
    for (const some of [...all]) all.push([...some, at]);
  });
  return all;
}

/** Sides that differ least. */
function roundest(n: number, dimensions: number): number[] {
  if (dimensions === 1) return [n];
  for (let side = Math.round(n ** (1 / dimensions)); side > 1; side--)
    if (n % side === 0) return [side, ...roundest(n / side, dimensions - 1)];
  return [n];
}
