/** Random small fabrics that are no trees, alone and nested, whole and with failures, and meshes that fill them. */
import fc from 'fast-check';
import type { FabricSpec, LevelSpec, Routing, Topology } from '../../src/engine/fabric/spec.ts';
import type { Placed } from './fabrics.ts';
import { fabricOf, level, switched } from './fabrics.ts';
import { explicitGraph } from './graph.ts';
import { type Net, product, upTo } from './wired/net.ts';
import { isWired, netOf, used } from './wired/net-of.ts';

const MOST_CHIPS = 64;

const rate = fc.integer({ min: 1, max: 400 }).map(gigabytes => gigabytes * 1e9);

/** Rings, lines, tori and meshes of one to three dimensions, each closed or not. */
export const anyTorus: fc.Arbitrary<Topology> = fc
  .array(fc.tuple(fc.integer({ min: 2, max: 8 }), fc.boolean()), { minLength: 1, maxLength: 3 })
  .filter(sides => product(sides.map(([size]) => size)) <= MOST_CHIPS)
  .map(sides => ({
    kind: 'torus',
    dims: sides.map(([size]) => size),
    wrap: sides.map(([size, wrap]) => wrap && size > 2),
    twist: false,
  }));

/** Every two groups share the same number of links, and no port is left over. */
export const anyDragonfly: fc.Arbitrary<Topology> = fc
  .tuple(
    fc.integer({ min: 2, max: 5 }),
    fc.integer({ min: 1, max: 4 }),
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: 1, max: 4 }),
  )
  .filter(([groups, routers, hosts, links]) => {
    return groups * routers * hosts <= 48 && (routers * links) % (groups - 1) === 0;
  })
  .map(([groups, routers, hosts, globalLinks]) => ({
    kind: 'dragonfly',
    groups,
    routers,
    hosts,
    globalLinks,
  }));

export const anyHyperx: fc.Arbitrary<Topology> = fc
  .tuple(
    fc.array(fc.integer({ min: 2, max: 4 }), { minLength: 1, maxLength: 3 }),
    fc.integer({ min: 1, max: 3 }),
  )
  .filter(([dims, hosts]) => product(dims) * hosts <= MOST_CHIPS)
  .map(([dims, hosts]) => ({ kind: 'hyperx', dims, hosts }));

export const anyHammingMesh: fc.Arbitrary<Topology> = fc
  .tuple(
    fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: 2 }),
    fc.array(fc.integer({ min: 2, max: 3 }), { minLength: 2, maxLength: 2 }),
  )
  .filter(([board, boards]) => product(board) > 1 && product(board) * product(boards) <= MOST_CHIPS)
  .map(([board, boards]) => ({ kind: 'hamming_mesh', board, boards }));

/** A connected graph of children and up to three switches, no two links side by side. */
export const anyGraph: fc.Arbitrary<Topology> = fc
  .tuple(
    fc.integer({ min: 2, max: 12 }),
    fc.integer({ min: 0, max: 3 }),
    fc.array(fc.nat(), { minLength: 15, maxLength: 15 }),
    fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 16 }),
    fc.boolean(),
    fc.array(rate, { minLength: 31, maxLength: 31 }),
  )
  .map(([children, switches, parents, more, own, rates]) => {
    const vertices = children + switches;
    const pairs = new Map<string, [number, number]>();
    const join = (a: number, b: number): void => {
      if (a !== b) pairs.set([a, b].sort((x, y) => x - y).join(' '), [a, b]);
    };
    for (let vertex = 1; vertex < vertices; vertex++) join(vertex, parents[vertex - 1]! % vertex);
    for (const [a, b] of more) join(a % vertices, b % vertices);
    const links = [...pairs.values()].map(([a, b], at) => ({ a, b, ...(own ? { rate: rates[at]! } : {}) }));
    return { kind: 'graph', links };
  });

export const childrenOf = (topology: Topology): number => {
  switch (topology.kind) {
    case 'torus':
      return product(topology.dims);
    case 'dragonfly':
      return topology.groups * topology.routers * topology.hosts;
    case 'hyperx':
      return product(topology.dims) * topology.hosts;
    case 'hamming_mesh':
      return product(topology.board) * product(topology.boards);
    default:
      throw new Error(`${topology.kind} has no number of its own`);
  }
};

const wired = (
  name: string,
  topology: Topology,
  count: number,
  rates: { port: number; link: number; local: number; global: number; dims: number[] },
  more: Partial<LevelSpec> = {},
): LevelSpec => {
  const dims = topology.kind === 'torus' ? topology.dims.length : 0;
  return level(name, count, topology, rates.port, {
    link: rates.link,
    ...(topology.kind === 'dragonfly' ? { linkLocal: rates.local, linkGlobal: rates.global } : {}),
    ...(dims > 1 && rates.link % 2e9 === 0 ? { linkPerDimension: rates.dims.slice(0, dims) } : {}),
    ...more,
  });
};

const rates = fc.record({
  port: rate,
  link: rate,
  local: rate,
  global: rate,
  dims: fc.array(rate, { minLength: 3, maxLength: 3 }),
});

/** One level that is a net of chips. */
export const anyNet: fc.Arbitrary<FabricSpec> = fc.oneof(
  ...[anyTorus, anyTorus, anyDragonfly, anyHyperx, anyHammingMesh].map(kind =>
    fc
      .tuple(kind, rates)
      .map(([topology, each]) =>
        fabricOf(wired('pod', topology, childrenOf(topology), each, { tier: 'scale_up' })),
      ),
  ),
  fc.tuple(anyGraph, rates, fc.integer({ min: 0, max: 3 })).map(([topology, each, switches]) => {
    const { links } = topology as Extract<Topology, { kind: 'graph' }>;
    const vertices = 1 + Math.max(...links.flatMap(({ a, b }) => [a, b]));
    const linked = upTo(vertices).map(
      vertex => links.filter(({ a, b }) => a === vertex || b === vertex).length,
    );
    // A switch with one link is of no use.
    const count = Math.max(2, vertices - switches, 1 + linked.lastIndexOf(1));
    return fabricOf(wired('pod', topology, count, each, { tier: 'scale_up' }));
  }),
);

/** Cubes behind circuit switches: small ones, so that there can be many. */
export const anyCircuit: fc.Arbitrary<FabricSpec> = fc
  .tuple(
    fc.array(fc.constantFrom(1, 2, 2, 4), { minLength: 2, maxLength: 3 }),
    fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 3, maxLength: 3 }),
    fc.boolean(),
    rates,
  )
  .filter(([cube, cubes]) => {
    const chips = product(cube) * product(cubes.slice(0, cube.length));
    return product(cube) > 1 && chips <= MOST_CHIPS && cube.every((side, at) => side * cubes[at]! > 1);
  })
  .map(([cube, cubes, wrap, each]) => {
    const shape = cube.map((side, at) => side * cubes[at]!);
    const inside: Topology = {
      kind: 'torus',
      dims: cube,
      wrap: cube.map(side => wrap && side > 2),
      twist: false,
    };
    const count = product(cubes.slice(0, cube.length));
    return fabricOf(
      level('cube', product(cube), inside, each.port, { link: each.local, tier: 'scale_up' }),
      level('pod', count, { kind: 'ocs', shape, twist: false }, each.port, {
        link: each.link,
        tier: 'scale_up',
      }),
    );
  });

/** The eligible twists with up to 128 chips, alone and out of cubes. */
export const twists: FabricSpec[] = [
  [4, 4, 8],
  [4, 8, 4],
  [8, 4, 4],
].flatMap(dims => {
  const cube: Topology = { kind: 'torus', dims: [4, 4, 4], wrap: [true, true, true], twist: false };
  const alone: Topology = { kind: 'torus', dims, wrap: [true, true, true], twist: true };
  return [
    fabricOf(level('pod', 128, alone, 300e9, { link: 50e9, tier: 'scale_up' })),
    fabricOf(
      level('cube', 64, cube, 300e9, { link: 50e9, tier: 'scale_up' }),
      level('pod', 2, { kind: 'ocs', shape: dims, twist: true }, 300e9, { link: 40e9, tier: 'scale_up' }),
    ),
  ];
});

const node = (count: number, bandwidth: number): LevelSpec =>
  level('node', count, switched(), bandwidth, { tier: 'scale_up' });

/** A net over nodes of chips that hang on a switch, whose ports it shares (one tier) or not. */
export const netOfNodes: fc.Arbitrary<FabricSpec> = fc
  .tuple(fc.integer({ min: 2, max: 4 }), fc.oneof(anyTorus, anyHyperx, anyDragonfly), rates, fc.boolean())
  .filter(([chips, topology]) => chips * childrenOf(topology) <= MOST_CHIPS * 2)
  .map(([chips, topology, each, apart]) => {
    const ends = childrenOf(topology);
    // A HyperX and a dragonfly count ports, of which every chip has one.
    const ports = topology.kind !== 'torus';
    if (ports && ends % chips !== 0) return undefined;
    const count = ports ? ends / chips : ends;
    if (count < 2 || count * chips > MOST_CHIPS) return undefined;
    const tier = apart || ports ? 'scale_out' : 'scale_up';
    return fabricOf(node(chips, each.global), wired('pod', topology, count, each, { tier }));
  })
  .filter(fabric => fabric !== undefined);

/** A net of chips, several of which hang on a switch by a port of every chip. */
export const netsUnderSwitch: fc.Arbitrary<FabricSpec> = fc
  .tuple(fc.oneof(anyTorus, anyGraphless()), rates, fc.integer({ min: 2, max: 4 }))
  .filter(([topology, , count]) => childrenOf(topology) * count <= MOST_CHIPS)
  .map(([topology, each, count]) =>
    fabricOf(
      wired('pod', topology, childrenOf(topology), each, { tier: 'scale_up' }),
      level('cluster', count, switched(), each.global, { tier: 'scale_out' }),
    ),
  );

function anyGraphless(): fc.Arbitrary<Topology> {
  return fc.oneof(anyHyperx, anyHammingMesh, anyDragonfly);
}

/** Nodes on rails, with a spine or without, one switch per rail or several. */
export const anyRail: fc.Arbitrary<FabricSpec> = fc
  .tuple(
    fc.integer({ min: 2, max: 8 }),
    fc.integer({ min: 2, max: 8 }),
    fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
    fc.boolean(),
    fc.integer({ min: 1, max: 4 }),
    rates,
  )
  .filter(([chips, nodes]) => chips * nodes <= MOST_CHIPS)
  .map(([chips, nodes, leaf, spine, oversubscription, each]) => {
    // Without a spine the switches of one rail would not meet.
    const one = spine ? (leaf === undefined ? {} : { leaf }) : {};
    const topology: Topology = { kind: 'rail', spine, oversubscription, ...one };
    return fabricOf(
      node(chips, each.global),
      level('pod', nodes, topology, each.port, { tier: 'scale_out' }),
    );
  });

export const anyRouting: fc.Arbitrary<Routing> = fc.constantFrom(
  'minimal',
  'minimal',
  'ecmp',
  'dor',
  'valiant',
);

/** The fabric with another routing on every level that is a net. */
export const routed = (fabrics: fc.Arbitrary<FabricSpec>): fc.Arbitrary<FabricSpec> =>
  fc.tuple(fabrics, anyRouting).map(([fabric, routing]) => ({
    ...fabric,
    levels: fabric.levels.map(each =>
      isWired(each) && each.topology.kind !== 'rail' ? { ...each, routing } : each,
    ),
  }));

/** Some links, and sometimes some children, of a net of chips are down; what is left hangs together. */
export const withFailures = (fabrics: fc.Arbitrary<FabricSpec>): fc.Arbitrary<FabricSpec> =>
  fc
    .tuple(fabrics, fc.array(fc.nat(), { minLength: 1, maxLength: 3 }), fc.array(fc.nat(), { maxLength: 1 }))
    .map(([fabric, links, children]) => {
      const [first, ...rest] = fabric.levels;
      const net = netOf(first!, { chips: 1, built: 1 });
      // A child that has lost its only port is a failed child.
      const cables = net.links.filter(({ class: name }) => name !== 'port');
      if (cables.length === 0) return undefined;
      // Every cable is listed in both directions, one after the other.
      const cut = new Set(links.map(at => at % (cables.length / 2)));
      const failed = {
        links: [...cut].map(at => {
          const { from, to } = cables[2 * at]!;
          return [from, to] as const;
        }),
        children: children.map(at => at % first!.count),
      };
      const broken = { ...first!, failed };
      if (used(broken) < 2 || !connected(netOf(broken, { chips: 1, built: 1 }))) return undefined;
      return { ...fabric, levels: [broken, ...rest] };
    })
    .filter(fabric => fabric !== undefined);

function connected(net: Net): boolean {
  const reached = new Set([net.ends[0]!]);
  for (const at of reached) for (const { from, to } of net.links) if (from === at) reached.add(to);
  return net.ends.every(end => reached.has(end));
}

/** Axes whose sizes multiply to the chips of the fabric, as digits of the chip number; a group takes some of them. */
export const placedOn = (fabrics: fc.Arbitrary<FabricSpec>): fc.Arbitrary<Placed> =>
  fc
    .tuple(
      fabrics,
      fc.array(fc.nat(), { minLength: 6, maxLength: 6 }),
      fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
    )
    .map(([fabric, cuts, members]) => {
      const { chips } = explicitGraph(fabric);
      const axes: { stride: number; size: number; member: boolean }[] = [];
      let left = chips;
      for (const at of upTo(6)) {
        if (left === 1) break;
        const divisors = upTo(left + 1).filter(size => size > 1 && left % size === 0);
        const size = at === 5 ? left : divisors[cuts[at]! % divisors.length]!;
        axes.push({ stride: chips / left, size, member: members[at]! });
        left /= size;
      }
      if (axes.every(({ member }) => !member)) axes[cuts[0]! % axes.length]!.member = true;
      const group = axes.filter(({ member }) => member).map(({ stride, size }) => ({ stride, size }));
      return { fabric, axes: group, chips };
    });
