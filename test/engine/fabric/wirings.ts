/** The contract of a wiring, asked about what the oracle counts. */
import type { LevelSpec } from '../../../src/engine/fabric/spec.ts';
import type {
  Coordinate,
  Lattice,
  WiredClass,
  WiredLoad,
  Wiring,
} from '../../../src/engine/fabric/wiring/wiring.ts';
import { count, hopsBetween, longestWay, direct as playAll } from '../../oracle/direct.ts';
import type { Placed } from '../../oracle/fabrics.ts';
import { explicitGraph } from '../../oracle/graph.ts';
import { exchange, leastTime } from '../../oracle/limits.ts';
import { gatherCost } from '../../oracle/max-flow.ts';
import { loadsOf } from '../../oracle/play.ts';
import { coarse, merged, oracleName } from './engine-names.ts';
import { close } from './support.ts';

/** Cuts of more chips take seconds, and so do flow programmes. */
const MOST_CHIPS_OF_CUTS = 32;
const MOST_CHIPS_OF_A_PROGRAMME = 9;

/** Name of a class as the oracle has it, dimensions apart (`coarse`). */
export type Naming = (link: WiredClass, level: LevelSpec, below: LevelSpec | undefined) => string;

/**
 * The group's axes, digits of endpoint numbers, as digits of positions along every coordinate.
 *
 * @returns undefined where an axis cuts a coordinate's digit in a way that is no digit itself.
 */
export function latticeOf(coordinates: readonly Coordinate[], axes: Placed['axes']): Lattice | undefined {
  const lattice = coordinates.map(({ digits }) =>
    axes.flatMap(axis =>
      digits.flatMap(digit => {
        const from = Math.max(axis.stride, digit.stride);
        const to = Math.min(axis.stride * axis.size, digit.stride * digit.size);
        if (to <= from) return [];
        // The coordinate's digit must be filled evenly, or positions of several groups lie between each other.
        if ((digit.stride * digit.size) % to !== 0 || from % digit.stride !== 0)
          return [{ stride: Number.NaN, size: 1 }];
        return [{ stride: (digit.step * from) / digit.stride, size: to / from }];
      }),
    ),
  );
  const whole = lattice
    .flat()
    .every(({ stride, size }) => Number.isInteger(stride) && Number.isInteger(size));
  const members = lattice.flat().reduce((all, { size }) => all * size, 1);
  return whole && members === axes.reduce((all, { size }) => all * size, 1) ? lattice : undefined;
}

/** Where a wiring of chips says something else than the oracle counts, on a fabric whose only net it is. Sentences. */
export function wiringDiffers(placed: Placed, wiring: Wiring, naming: Naming = oracleName): string[] {
  const { fabric, axes, chips } = placed;
  const ours = playAll(fabric, axes, chips);
  const { graph, groups, n } = ours;
  const level = fabric.levels.at(-1)!;
  const below = fabric.levels.at(-2);
  const found: string[] = [];
  const same = (what: string, said: number, counted: number): void => {
    if (!close(said, counted)) found.push(`${what}: ${said} said, ${counted} counted`);
  };
  same('endpoints', wiring.ends, chips);
  wiring.classes.forEach(each => {
    const name = naming(each, level, below);
    const links = graph.links.filter(link => coarse(link.class) === name);
    same(`links of ${name}`, each.links, links.length);
    for (const { capacity } of links) same(`rate of ${name}`, each.capacity, capacity);
  });
  const compare = (what: string, said: readonly WiredLoad[], classes: ReturnType<typeof count>): void => {
    const counted = merged(classes);
    const names = new Map(said.map(load => [naming(wiring.classes[load.at]!, level, below), load]));
    for (const name of new Set([...names.keys(), ...counted.keys()]))
      for (const key of ['bytes', 'both', 'total'] as const)
        same(`${what}, ${key} of ${name}`, names.get(name)?.[key] ?? 0, counted.get(name)?.[key] ?? 0);
  };
  // Pairs of every group, and one flow out of the ordinary.
  const flows = exchange(groups);
  const pairwise = ours.answers.find(({ algorithm }) => algorithm === 'pairwise')!.classes;
  compare('all pairs as flows', wiring.flows(flows), pairwise);
  const one = { from: 0, to: n - 1, parts: [0], add: false };
  const single = loadsOf(graph, [groups[0]!], { parts: 1, rounds: [[one]], pipelined: false }, 1);
  const flow = { source: groups[0]![0]!, target: groups[0]![n - 1]!, bytes: 1 };
  compare('one flow', wiring.flows([flow]), count(graph, single[0]!));
  // Detours over a random place do not count as hops. A broken dragonfly says the shortest way, which may not be its route.
  const direct = explicitGraph(fabric, () => (level.routing === 'ecmp' ? 'ecmp' : 'minimal'));
  let farthest = 0;
  const broken = level.topology.kind === 'dragonfly' && level.failed !== undefined;
  for (const { source, target } of flows) {
    const hops = (broken ? hopsBetween : longestWay)(direct, source, target);
    const said = wiring.hops(source, target);
    if (!broken) same(`hops from ${source} to ${target}`, said, hops);
    else if (said > hops * (1 + 1e-9))
      found.push(`hops from ${source} to ${target}: ${said}, more than ${hops}`);
    farthest = Math.max(farthest, hops);
  }
  const lattice = latticeOf(wiring.coordinates, axes);
  if (!lattice) return found;
  const pairs = wiring.pairs(lattice, 1 / n);
  if (pairs) compare('all pairs by formula', pairs, pairwise);
  if (!broken) same('farthest', wiring.farthest(lattice), farthest);
  if (groups.length === 1 && n <= MOST_CHIPS_OF_CUTS) {
    const gather = wiring.gatherBound(lattice);
    const least = gatherCost(graph, groups[0]!) / n;
    // The oracle halves an interval until it is this short.
    if (gather.exact && !close(gather.time, least, 1e-7))
      found.push(`limit of a gather: ${gather.time} for ${least}`);
    if (!gather.exact && gather.time > least * (1 + 1e-7))
      found.push(`limit of a gather: ${gather.time}, over ${least}`);
  }
  const bound = wiring.exchangeBound(lattice);
  const best = ours.answers.filter(({ op }) => op === 'all_to_all').map(({ time }) => time);
  const fastest = Math.min(...best);
  if (bound.time > fastest * (1 + 1e-9)) found.push(`limit of an exchange: ${bound.time}, over ${fastest}`);
  if (bound.exact && chips <= MOST_CHIPS_OF_A_PROGRAMME) {
    const least = leastTime(graph, flows);
    if (Math.abs(bound.time / least - 1) > 1e-4)
      found.push(`limit of an exchange: ${bound.time} for ${least}`);
  }
  return found;
}
