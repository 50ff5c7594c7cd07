/**
 * From what a level says to its wiring.
 *
 * Rates. A child has `uplink`, or `bandwidth` for each of its chips. Its ports share that evenly; between switches `link`
 * holds (`linkLocal`, `linkGlobal`), or else the rate of a port. Where children are linked to each other, `link` (or
 * `linkPerDimension`) is the rate of one link; without it, the child's rate is shared by the links of the child that has most.
 *
 * Endpoints. Children with fewer ports than chips: where chips can share ports evenly, an endpoint is a port and stands for
 * those chips; where ports can be shared out evenly, it is a chip with its ports; else it is the whole child. Grids and graphs
 * join children: there an endpoint is a child.
 *
 * Vertices. Children are 0 to count - 1; switches follow: of a dragonfly its routers, group by group; of a HyperX its
 * switches, first dimension fastest; of rails all switches of the first `leaf` children, then of the next, then the spine (as
 * one); of a HammingMesh the switches of lines along the first dimension, then the second.
 */
import { most } from '../most.ts';
import { once } from '../once.ts';
import type { GraphLink, LevelSpec, Topology } from '../spec.ts';
import { type BrokenTorus, cutOff, LONGEST_BROKEN, linkBetween, MOST_BROKEN } from './broken-grid.ts';
import { brokenTorusWiring } from './broken-torus.ts';
import type { Drafted, Ports } from './drafts.ts';
import { brokenDragonflyWiring, dragonflyReason, dragonflyWiring } from './dragonfly.ts';
import { type DragonflySpec, dragonflyDraft, isWhole } from './dragonfly-shape.ts';
import { explicitWiring } from './explicit.ts';
import { type GridSpec, gridDraft } from './grid.ts';
import { hammingDraft, hammingWiring } from './hamming.ts';
import { type HyperxSpec, hyperxDraft, hyperxWiring, isWholeHyperx } from './hyperx.ts';
import { type LinkGraph, linkGraph, unreached } from './link-graph.ts';
import { linksDraft, linksReason } from './links.ts';
import { passingOnBoards, passingOnSwitches, passingOnTwist } from './passing.ts';
import { type RailSpec, railDraft, railWiring } from './rail.ts';
import { type Dimension, torusWiring } from './torus.ts';
import { twistable } from './twist-shape.ts';
import { twistedWiring } from './twisted.ts';
import type { Coordinate, Wiring } from './wiring.ts';

/** What a level is built of besides its own keys. */
export interface Below {
  /** Chips of one child that carry ranks. */
  chips: number;
  /** Of an optical switch's cubes: sides and the rate of a link along each. */
  cube?: { sizes: readonly number[]; rates: readonly number[] };
}

export type Built = { wiring: Wiring /** Chips of one endpoint. */; span: number } | { reason: string };

type Wired = Exclude<Topology, { kind: 'switch' | 'fully_connected' | 'fat_tree' }>;

/**
 * Links that are laid out one by one, at most, and endpoints times links, at most: every endpoint looks for its ways over all of
 * them, which takes seconds from here on.
 */
const MOST_LINKS = 200_000;
const MOST_SEARCHES = 1e7;

/** Why links by the piece would be too many; undefined where they are not. */
function tooMany(ends: number, links: number): string | undefined {
  if (links <= MOST_LINKS && ends * links <= MOST_SEARCHES) return undefined;
  const count = (value: number): string => value.toLocaleString('en-US');
  return `${count(links)} links between ${count(ends)} endpoints are too many to follow one by one, which parts that are broken, spare or not filled need`;
}

/** Endpoints and links of a level as they would be drafted. */
function sizeOf(level: LevelSpec, below: Below): { ends: number; links: number } {
  const { topology, count } = level;
  const { ends, perEnd } = portsOf(level, below.chips);
  const perSwitch = (sizes: readonly number[]): number =>
    sizes.reduce((sum, size) => sum + (size - 1) / 2, 0);
  switch (topology.kind) {
    case 'torus':
      return { ends: count, links: count * topology.dims.length };
    case 'ocs': {
      const chips = product(topology.shape);
      return { ends: chips, links: chips * topology.shape.length };
    }
    case 'hamming_mesh':
      return { ends: count, links: 2 * count * topology.board.length };
    case 'graph':
      return { ends: count, links: topology.links.length };
    case 'fully_connected':
      return { ends: count, links: (count * (count - 1)) / 2 };
    case 'dragonfly': {
      const { groups, routers, globalLinks } = topology;
      return { ends, links: ends * perEnd + groups * routers * ((routers - 1) / 2 + globalLinks / 2) };
    }
    case 'hyperx':
      return { ends, links: ends * perEnd + product(topology.dims) * perSwitch(topology.dims) };
    default:
      return { ends, links: ends * perEnd };
  }
}

/** @returns the wiring of one unit of a level whose links are no tree, or why there is none, in words of its author */
export function buildWiring(level: LevelSpec, below: Below): Built {
  const { topology } = level;
  if (!byFormula(level, below)) {
    const { ends, links } = sizeOf(level, below);
    const reason = tooMany(ends, links);
    if (reason) return { reason };
  }
  switch (topology.kind) {
    case 'torus':
    case 'ocs':
      return buildGrid(level, topology, below);
    case 'hamming_mesh':
      return buildHamming(level, topology, below);
    case 'graph':
      return buildLinks(level, topology, below);
    case 'dragonfly':
    case 'hyperx':
    case 'rail':
      return buildPorts(level, topology, below);
    case 'fully_connected':
      return buildLinks(level, { kind: 'graph', links: everyPair(level.count) }, below);
    default:
      throw new Error(`a ${topology.kind} is a tree`);
  }
}

/** Whether a level that fits is priced without laying its links out. */
function byFormula(level: LevelSpec, below: Below): boolean {
  const { topology } = level;
  const { span: _, ...ports } = portsOf(level, below.chips);
  // Shapes that do not fit say so themselves.
  if (topology.kind === 'rail')
    return (level.failed?.links.length ?? 0) === 0 && ports.ends * ports.perEnd <= MOST_LINKS;
  // Grids with something broken have a limit of their own.
  if (topology.kind === 'torus' && !topology.twist && ['minimal', 'dor'].includes(level.routing ?? 'minimal'))
    return true;
  if (!isIntact(level)) return false;
  switch (topology.kind) {
    case 'torus':
    case 'ocs':
      return !topology.twist && ['minimal', 'dor'].includes(level.routing ?? 'minimal');
    case 'dragonfly':
      return isWhole({ ...topology, ports, localRate: 1, globalRate: 1 });
    case 'hyperx':
      return isWholeHyperx({ sizes: topology.dims, hosts: topology.hosts, ports, rate: 1 });
    case 'hamming_mesh':
      return true;
    default:
      return false;
  }
}

/** A full mesh that misses links or children is a graph like any other. */
function everyPair(count: number): GraphLink[] {
  const links: GraphLink[] = [];
  for (let a = 0; a < count; a++) for (let b = a + 1; b < count; b++) links.push({ a, b });
  return links;
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((all, size) => all * size, 1);
}

function rateOf(level: LevelSpec, chips: number): number {
  return level.uplink ?? level.bandwidth * chips;
}

function buildGrid(level: LevelSpec, topology: Wired & { kind: 'torus' | 'ocs' }, below: Below): Built {
  const sizes = topology.kind === 'torus' ? topology.dims : topology.shape;
  const cube = topology.kind === 'ocs' ? below.cube : undefined;
  const inCube = cube ? product(cube.sizes) : 1;
  if (product(sizes) !== level.count * inCube)
    return {
      reason: `${sizes.join('x')} has ${product(sizes)} places for ${level.count * inCube} ${cube ? 'chips' : 'children'}`,
    };
  const uneven = cube?.sizes.some((side, axis) => sizes[axis]! % side !== 0) ?? false;
  if (cube && (uneven || cube.sizes.length !== sizes.length))
    return { reason: `${sizes.join('x')} cannot be cut into cubes of ${cube.sizes.join('x')}` };
  if (topology.twist && !twistable(sizes))
    return {
      reason: `${sizes.join('x')} cannot be twisted: only K x K x 2K and K x 2K x 2K can, K at least 4`,
    };
  const wrap = topology.kind === 'torus' ? topology.wrap : sizes.map(size => size > 2);
  const links = sizes.reduce((sum, size) => sum + (size > 2 ? 2 : size - 1), 0);
  const rate = level.link ?? rateOf(level, topology.kind === 'ocs' ? 1 : below.chips) / Math.max(1, links);
  const rates = sizes.map((_, axis) => level.linkPerDimension?.[axis] ?? rate);
  const chips = topology.kind === 'ocs' ? 1 : below.chips;
  const direct = ['minimal', 'dor'].includes(level.routing ?? 'minimal');
  const dimensions = sizes.map((size, axis): Dimension => {
    const inside = cube && { size: cube.sizes[axis]!, rate: cube.rates[axis]! };
    return {
      size,
      wrap: size > 2 && wrap[axis] === true,
      rate: rates[axis]!,
      ...(inside && { cube: inside }),
    };
  });
  if (direct && !topology.twist && isIntact(level)) return { wiring: torusWiring(dimensions), span: chips };
  if (direct && !topology.twist && !cube) return buildBroken(level, dimensions, chips);
  const spec: GridSpec = { sizes, wrap, twist: topology.twist, rates, ...(cube ? { cube } : {}) };
  const drafted = gridDraft(spec);
  const shape = { perChild: inCube, inChild: 1, span: chips };
  const settled = settle(level, drafted, shape);
  if ('reason' in settled) return settled;
  const { graph, coordinates, explicit } = settled;
  if (!topology.twist || !isIntact(level)) return { wiring: explicit(), span: chips };
  const twisted = twistedWiring(sizes, graph, coordinates, explicit());
  return { wiring: passingOnTwist(twisted, torusWiring(dimensions, true)), span: chips };
}

/** A grid that misses links or chips, or keeps some idle. */
function buildBroken(level: LevelSpec, dimensions: readonly Dimension[], span: number): Built {
  const { links, children } = level.failed ?? { links: [], children: [] };
  const reason = brokenReason(level, dimensions);
  if (reason) return { reason };
  const ranks = level.count - Math.max(level.spare, new Set(children).size);
  if (ranks < 1) return { reason: 'nothing is left' };
  const spec: BrokenTorus = { dimensions, links, chips: children, ranks };
  const apart = cutOff(spec);
  if (apart) return { reason: `children ${apart[0]} and ${apart[1]} do not reach each other` };
  return { wiring: brokenTorusWiring(spec), span };
}

/** What is wrong with what a grid's `failed` says, or with the size of a grid that has any. */
function brokenReason({ failed, count }: LevelSpec, dimensions: readonly Dimension[]): string | undefined {
  const { links, children } = failed ?? { links: [], children: [] };
  const wrong = children.find(child => !(child >= 0 && child < count));
  if (wrong !== undefined) return `child ${wrong} does not exist: children are 0 to ${count - 1}`;
  const strides = dimensions.map((_, at) => product(dimensions.slice(0, at).map(({ size }) => size)));
  const seen = new Set<string>();
  for (const [a, b] of links) {
    const found = linkBetween(dimensions, strides, a, b);
    const key =
      found &&
      `${found.at}/${found.link}/${a - (Math.floor(a / strides[found.at]!) % dimensions[found.at]!.size) * strides[found.at]!}`;
    if (!key || seen.has(key)) return `there is no link between ${a} and ${b}`;
    seen.add(key);
  }
  if (links.length + children.length === 0) return undefined;
  const longest = Math.max(...dimensions.map(({ size }) => size));
  if (longest > LONGEST_BROKEN)
    return `broken links and chips are priced along at most ${LONGEST_BROKEN} children of a dimension, and here are ${longest}`;
  return count > MOST_BROKEN
    ? `with broken links or chips a grid is priced up to ${MOST_BROKEN} children, and here are ${count}`
    : undefined;
}

function buildHamming(
  level: LevelSpec,
  { board, boards }: Wired & { kind: 'hamming_mesh' },
  below: Below,
): Built {
  if (board.length !== boards.length)
    return { reason: `a board of ${board.join('x')} and boards of ${boards.join('x')} differ in dimensions` };
  const places = product(board) * product(boards);
  if (places !== level.count)
    return {
      reason: `${boards.join('x')} boards of ${board.join('x')} have ${places} places for ${level.count} children`,
    };
  const rate = level.link ?? rateOf(level, below.chips) / (2 * board.length);
  const rates = { board: level.linkLocal ?? rate, line: level.linkGlobal ?? rate };
  const shape = { perChild: 1, inChild: 1, span: below.chips };
  if (!isIntact(level) || level.count < 2) return fromDraft(level, hammingDraft(board, boards, rates), shape);
  const byLink = once(() => settleWhole(level, hammingDraft(board, boards, rates), shape).explicit());
  const lines = board.map((side, axis) =>
    once(() => {
      const count = side * boards[axis]!;
      const line = hammingDraft([side], [boards[axis]!], rates);
      return settleWhole({ ...level, count, routing: 'minimal' }, line, shape).explicit();
    }),
  );
  const wiring = hammingWiring(board, boards, rates, level.routing ?? 'minimal', byLink);
  return { wiring: passingOnBoards(wiring, board, axis => lines[axis]!()), span: below.chips };
}

function buildLinks(level: LevelSpec, { links }: Wired & { kind: 'graph' }, below: Below): Built {
  const reason = linksReason(links, level.count);
  if (reason) return { reason };
  const degree = new Array<number>(level.count).fill(0);
  for (const end of links.flatMap(({ a, b }) => [a, b])) if (end < level.count) degree[end]!++;
  const rate = level.link ?? rateOf(level, below.chips) / Math.max(1, most(degree));
  return fromDraft(level, linksDraft(links, level.count, rate), {
    perChild: 1,
    inChild: 1,
    span: below.chips,
  });
}

/** Endpoints of a level whose children have ports into switches. */
export function portsOf(level: LevelSpec, chips: number): Ports & { span: number } {
  const ports = level.ports ?? chips;
  const rate = rateOf(level, chips) / ports;
  if (ports % chips === 0)
    return { ends: level.count * chips, perEnd: ports / chips, rate, inChild: chips, span: 1 };
  if (chips % ports === 0)
    return { ends: level.count * ports, perEnd: 1, rate, inChild: ports, span: chips / ports };
  return { ends: level.count, perEnd: ports, rate, inChild: 1, span: chips };
}

function buildPorts(
  level: LevelSpec,
  topology: Wired & { kind: 'dragonfly' | 'hyperx' | 'rail' },
  below: Below,
): Built {
  const { span, ...ports } = portsOf(level, below.chips);
  const shape = { perChild: ports.inChild, inChild: ports.inChild, span };
  const rate = level.link ?? ports.rate;
  if (topology.kind === 'dragonfly') {
    const spec: DragonflySpec = {
      ...topology,
      ports,
      localRate: level.linkLocal ?? rate,
      globalRate: level.linkGlobal ?? rate,
    };
    const reason = dragonflyReason(spec);
    if (reason) return { reason };
    return buildDragonfly(level, spec, shape);
  }
  if (topology.kind === 'hyperx') {
    const { dims, hosts } = topology;
    const places = product(dims) * hosts;
    const needed = ports.ends * ports.perEnd;
    if (needed > places)
      return {
        reason: `${needed} ports are needed, but ${dims.join('x')} switches with ${hosts} hosts have ${places}`,
      };
    const spec: HyperxSpec = { sizes: dims, hosts, ports, rate };
    if (!isIntact(level) || !isWholeHyperx(spec)) return fromDraft(level, hyperxDraft(spec), shape);
    const byLink = once(() => settleWhole(level, hyperxDraft(spec), shape).explicit());
    return { wiring: passingOnSwitches(hyperxWiring(spec, level.routing ?? 'minimal', byLink)), span };
  }
  const leaf = topology.leaf ?? level.count;
  const spec: RailSpec = { ...topology, leaf, ports, children: level.count };
  return buildRail(level, spec, shape);
}

function buildDragonfly(level: LevelSpec, spec: DragonflySpec, shape: Shape): Built {
  const routing = level.routing ?? 'minimal';
  if (isIntact(level) && isWhole(spec)) {
    const byLink = once(() => settleWhole(level, dragonflyDraft(spec), shape));
    return { wiring: dragonflyWiring(spec, routing, byLink), span: shape.span };
  }
  const settled = settle(level, dragonflyDraft(spec), shape);
  if ('reason' in settled) return settled;
  return { wiring: brokenDragonflyWiring(spec, routing, settled), span: shape.span };
}

function buildRail(level: LevelSpec, spec: RailSpec, shape: Shape): Built {
  const { ports, leaf } = spec;
  if (!spec.spine && leaf < level.count)
    return {
      reason: `without a spine, children under different rail switches do not reach each other: ${level.count} children, ${leaf} under one switch`,
    };
  const broken = level.failed?.children.length ?? 0;
  const children = level.count - Math.max(level.spare, broken);
  const regular = (level.failed?.links.length ?? 0) === 0 && (broken === 0 || leaf >= level.count);
  if (regular)
    return {
      wiring: railWiring({ ...spec, children, ports: { ...ports, ends: children * ports.inChild } }),
      span: shape.span,
    };
  if (!spec.spine && ports.inChild > 1)
    return { reason: 'rail-only with broken links is not modelled: leave the child out with chip(…)' };
  return fromDraft(level, railDraft(spec), shape);
}

interface Shape {
  /** Endpoints of one child in the draft's numbers. */
  perChild: number;
  /** Endpoints of one child whose traffic among themselves is not for these links. */
  inChild: number;
  /** Chips of one endpoint. */
  span: number;
}

/** A draft with what is broken taken out. */
interface Settled {
  graph: LinkGraph;
  coordinates: readonly Coordinate[];
  /** All routed link by link. */
  explicit: () => Wiring;
}

function fromDraft(level: LevelSpec, drafted: Drafted, shape: Shape): Built {
  const settled = settle(level, drafted, shape);
  return 'reason' in settled ? settled : { wiring: settled.explicit(), span: shape.span };
}

function isIntact({ failed, spare }: LevelSpec): boolean {
  return spare === 0 && (failed?.links.length ?? 0) === 0 && (failed?.children.length ?? 0) === 0;
}

/** Takes out what is broken and numbers what is left. */
function settle(level: LevelSpec, drafted: Drafted, shape: Shape): Settled | { reason: string } {
  const { draft } = drafted;
  const failed = level.failed ?? { links: [], children: [] };
  const gone = new Set<number>();
  for (const child of failed.children) {
    if (!(child >= 0 && child < level.count))
      return { reason: `child ${child} does not exist: children are 0 to ${level.count - 1}` };
    for (let end = 0; end < shape.perChild; end++) gone.add(child * shape.perChild + end);
  }
  const reason = breakLinks(drafted, failed.links, level.count, shape.perChild);
  if (reason) return { reason };
  const idle = Math.max(level.spare * shape.perChild, gone.size);
  const graph = linkGraph(draft, draft.ends - idle, gone);
  if (graph.ends < 1) return { reason: 'nothing is left' };
  const apart = unreached(graph);
  if (apart) {
    const [a, b] = apart.map(vertex => Math.floor(vertex / shape.perChild));
    return { reason: `children ${a} and ${b} do not reach each other` };
  }
  const inPlace = idle === 0 && drafted.coordinates.length > 0;
  const coordinates = inPlace ? drafted.coordinates : [placesOf(graph.ends)];
  const explicit = once(() =>
    explicitWiring({
      graph,
      coordinates,
      routing: level.routing ?? 'minimal',
      grid: drafted.grid,
      broken: !isIntact(level),
      inChild: shape.inChild,
      ...(isIntact(level) && drafted.alike ? { alike: drafted.alike } : {}),
    }),
  );
  return { graph, coordinates, explicit };
}

/** Of a level of which nothing is broken or spare: nothing there can be wrong. */
function settleWhole(level: LevelSpec, drafted: Drafted, shape: Shape): Settled {
  const settled = settle(level, drafted, shape);
  if ('reason' in settled) throw new Error(settled.reason);
  return settled;
}

/** Endpoints in no order but their numbers. */
function placesOf(ends: number): Coordinate {
  return { name: 'place', size: ends, digits: [{ stride: 1, size: ends, step: 1 }] };
}

/** Takes one cable for every entry. @returns what is wrong with the entries */
function breakLinks(
  { draft }: Drafted,
  links: readonly (readonly [number, number])[],
  count: number,
  perChild: number,
): string | undefined {
  // A vertex of the text is a child, whose endpoints lie together, or a switch.
  const named = (vertex: number): number =>
    vertex < draft.ends ? Math.floor(vertex / perChild) : count + vertex - draft.ends;
  for (const [a, b] of links) {
    const link = draft.links.find(
      each =>
        each.cables > 0 &&
        ((named(each.a) === a && named(each.b) === b) || (named(each.a) === b && named(each.b) === a)),
    );
    if (!link) return `there is no link between ${a} and ${b}`;
    link.cables = Math.max(0, link.cables - 1);
  }
  return undefined;
}
