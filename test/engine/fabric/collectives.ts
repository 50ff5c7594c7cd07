/** Whole collectives as the engine lays and prices them, against messages counted one by one. */
import { type Schedule, schedulesFor } from '../../../src/engine/fabric/algorithms.ts';
import { type ClassLoad, loadsOf, type Traffic } from '../../../src/engine/fabric/load.ts';
import { type LinkClass, linkClassesOf, type Network } from '../../../src/engine/fabric/network.ts';
import type { Group } from '../../../src/engine/fabric/pattern.ts';
import { priceCollective } from '../../../src/engine/fabric/price.ts';
import { profileOf } from '../../../src/engine/fabric/profile.ts';
import type { FabricSpec, LevelSpec } from '../../../src/engine/fabric/spec.ts';
import type { CollectiveOp } from '../../../src/engine/plan/spec.ts';
import { type Algorithm, count, type Direct, direct } from '../../oracle/direct.ts';
import type { Placed } from '../../oracle/fabrics.ts';
import type { Graph } from '../../oracle/graph.ts';
import { type Loads, loadsOf as playedLoads, transferTime } from '../../oracle/play.ts';
import { played, scene } from '../../oracle/price.ts';
import { merged, oracleName } from './engine-names.ts';
import { close, engineOf, nameOf, OPS } from './support.ts';

/** So large that posting messages takes no time beside it. */
const SIZE = 1e12;

interface Counted {
  /** Per class of links, in buffers. */
  classes: Map<string, { bytes: number; both: number; total: number }>;
  /** Seconds for a buffer of one byte, without latency. */
  time: number;
}

/** How the oracle calls what an engine's schedule does on a grid: by the phases in which it gathers along dimensions. */
function nameOnGrid(steps: readonly { traffic: Traffic }[]): Algorithm | undefined {
  const traffic = steps[0]?.traffic;
  if (traffic?.kind !== 'gather') return undefined;
  if (steps.length === 1) return 'along';
  return traffic.parts.length > 1 ? 'rotated' : 'bucket';
}

const minimal = (fabric: FabricSpec): FabricSpec => ({
  ...fabric,
  levels: fabric.levels.map(({ routing: _, ...level }) => level),
});

/** @returns sentences, and the number of schedules that were compared; those whose messages nobody wrote down are left out. */
export function collectivesDiffer(placed: Placed): { found: string[]; compared: string[] } {
  const { network, group, chips } = engineOf(placed);
  const at = scene(placed.fabric, placed.axes, placed.chips);
  const grids = new Map<string, Direct>();
  const onGrid = (axes: Group): Direct => {
    const key = JSON.stringify(axes);
    const known = grids.get(key) ?? direct(minimal(placed.fabric), axes, placed.chips);
    grids.set(key, known);
    return known;
  };
  const found: string[] = [];
  const compared: string[] = [];
  for (const op of OPS) {
    for (const schedule of schedulesFor(network, group, op, 1, chips)) {
      const steps = schedule.steps();
      const grid = nameOnGrid(steps);
      const counted = countOf(placed.axes, op, schedule);
      if (!counted) continue;
      const what = `${op} by ${schedule.algorithm}${grid ? ` (${grid})` : ''}`;
      compared.push(what);
      const loads = steps.flatMap(({ traffic, repeat }) =>
        byName(network, loadsOf(network, traffic, chips)).map(load => ({ ...load, repeat })),
      );
      compareLoads(what, loads, counted, found);
      if (schedule.algorithm !== 'tree') {
        const { passing } = profileOf(network, group, op, 1, schedule.algorithm, chips);
        compareTotals(what, network, passing, counted, at.groups.length, found);
      }
      const price = priceCollective(network, group, op, SIZE, { chips, algorithm: schedule.algorithm });
      const time = price ? (price.time - price.latency) / SIZE : Number.NaN;
      // A send is called as another one is.
      if (!close(time, counted.time, 1e-6)) found.push(`${what}: takes ${time} for ${counted.time}`);
    }
  }
  for (const op of OPS) {
    const price = priceCollective(network, group, op, SIZE, { chips, algorithm: 'hierarchical' });
    if (!price?.stages) continue;
    const sums: Counted = { classes: new Map(), time: 0 };
    let known = true;
    for (const stage of price.stages) {
      const schedules = schedulesFor(network, stage.group, stage.op, 1, chips);
      const schedule = schedules.find(each => each.algorithm === stage.algorithm);
      const counted = schedule && countOf(stage.group, stage.op, schedule);
      known &&= counted !== undefined;
      if (!counted) continue;
      const share = stage.bytes / SIZE;
      sums.time += counted.time * share;
      for (const [name, { bytes, both, total }] of counted.classes) {
        const sum = sums.classes.get(name) ?? { bytes: 0, both: 0, total: 0 };
        sums.classes.set(name, {
          bytes: sum.bytes + bytes * share,
          both: sum.both + both * share,
          total: sum.total + total * share,
        });
      }
    }
    if (!known) continue;
    const what = `${op} level by level`;
    compared.push(what);
    for (const link of linkClassesOf(network)) {
      const use = price.links.find(each => each.level === link.level && each.link === link.link);
      const [said, seen] = [(use?.bytes ?? 0) / SIZE, sums.classes.get(classOf(network, link))?.bytes ?? 0];
      if (!same(said, seen)) found.push(`${what}: bytes of ${classOf(network, link)} ${said} for ${seen}`);
    }
    // In chunks the networks work at once: no slower than one after the other, and no faster than all but one for nothing.
    const time = (price.time - price.latency) / SIZE;
    if (time > sums.time * (1 + 1e-6) || time < (sums.time / price.stages.length) * (1 - 1e-6))
      found.push(`${what}: takes ${time} of ${sums.time}`);
  }
  return { found, compared };

  /** The oracle bundles what rail switches have upwards, the engine counts a cable of the bundle. */
  function cablesOf(name: string): number {
    if (!name.endsWith(' trunk')) return 1;
    const { capacity } = at.graph.links.find(link => link.class === name)!;
    return capacity / at.graph.links.find(link => link.class === name.replace('trunk', 'port'))!.capacity;
  }

  function countOf(axes: Group, op: CollectiveOp, { algorithm, steps }: Schedule): Counted | undefined {
    const grid = nameOnGrid(steps());
    if (grid) {
      // From neighbour to neighbour bytes go the short way, whatever routing does with others.
      const { answers, graph } = onGrid(axes);
      return sumUp(graph, answers.find(each => each.op === op && each.algorithm === grid)?.rounds);
    }
    // A ring of sends has no counterpart.
    if (op === 'send_recv' && algorithm === 'ring') return undefined;
    const here = axes === placed.axes ? at : scene(placed.fabric, axes, placed.chips);
    const messages = played(here, op, algorithm);
    return messages && sumUp(here.graph, playedLoads(here.graph, here.groups, messages, 1));
  }

  function sumUp(of: Graph, rounds: Loads[] | undefined): Counted | undefined {
    if (!rounds) return undefined;
    const classes: Counted['classes'] = new Map();
    for (const round of rounds) {
      for (const [name, counted] of merged(count(of, round))) {
        const { total } = counted;
        const cables = cablesOf(name);
        const [bytes, both] = [counted.bytes / cables, counted.both / cables];
        const sum = classes.get(name) ?? { bytes: 0, both: 0, total: 0 };
        classes.set(name, { bytes: sum.bytes + bytes, both: sum.both + both, total: sum.total + total });
      }
    }
    return { classes, time: transferTime(rounds) };
  }
}

interface Named {
  name: string;
  bytes: number;
  both: number;
  repeat?: number;
}

function classOf(network: Network, link: LinkClass): string {
  if (link.kind !== 'wired') return nameOf(link);
  const at = network.levels.findIndex(({ spec }) => spec.name === link.level);
  const { wired } = network.levels[at]!;
  const each = wired!.wiring.classes[wired!.links.indexOf(link)]!;
  // Classes below circuit switches carry the level of the cubes.
  const level: LevelSpec = network.levels[at]!.spec;
  return oracleName({ ...each, below: undefined as never }, level, undefined);
}

/** Two cuts around the same units carry the same and count once; unlike classes of one name (lines of a board) do not. */
function byName(network: Network, loads: readonly ClassLoad[]): Named[] {
  const named = new Map<string, Named>();
  for (const { link, bytes, both } of loads) {
    const name = classOf(network, link);
    const same = named.get(name) ?? { name, bytes: 0, both: 0 };
    named.set(name, { name, bytes: Math.max(same.bytes, bytes), both: Math.max(same.both, both) });
  }
  return [...named.values()];
}

function compareLoads(what: string, loads: readonly Named[], { classes }: Counted, found: string[]): void {
  const sums = new Map<string, { bytes: number; both: number }>();
  for (const { name, bytes, both, repeat = 1 } of loads) {
    const sum = sums.get(name) ?? { bytes: 0, both: 0 };
    sums.set(name, { bytes: sum.bytes + bytes * repeat, both: sum.both + both * repeat });
  }
  for (const name of new Set([...sums.keys(), ...classes.keys()]))
    for (const key of ['bytes', 'both'] as const) {
      const [said, seen] = [sums.get(name)?.[key] ?? 0, classes.get(name)?.[key] ?? 0];
      if (!same(said, seen)) found.push(`${what}: ${key} of ${name} ${said} for ${seen}`);
    }
}

function compareTotals(
  what: string,
  network: Network,
  passing: ReadonlyMap<LinkClass, number>,
  { classes }: Counted,
  groups: number,
  found: string[],
): void {
  const sums = new Map<string, number>();
  for (const [link, bytes] of passing) {
    const name = classOf(network, link);
    if (link.kind === 'wired' || !sums.has(name)) sums.set(name, (sums.get(name) ?? 0) + bytes * groups);
  }
  for (const name of new Set([...sums.keys(), ...classes.keys()])) {
    const [said, seen] = [sums.get(name) ?? 0, classes.get(name)?.total ?? 0];
    // The profile counts a cut once for either end, the oracle each of the two links.
    if (!same(said, seen) && !same(2 * said, seen))
      found.push(`${what}: total of ${name} ${said} for ${seen}`);
  }
}

/** Sums of many shares may leave a trace of a byte. */
function same(one: number, other: number): boolean {
  return close(one, other, 1e-9) || Math.abs(one - other) < 1e-12;
}
