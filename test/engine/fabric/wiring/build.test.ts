import { describe, expect, test } from 'vitest';
import { buildWiring, portsOf } from '../../../../src/engine/fabric/wiring/build.ts';
import { twistable } from '../../../../src/engine/fabric/wiring/twist-shape.ts';
import {
  dragonfly,
  everything,
  graph,
  hamming,
  hyperx,
  level,
  mesh,
  reasonOf,
  torus,
  wiringOf,
} from './support.ts';

describe('what cannot be built says why', () => {
  const closed = [true, true, true];
  test.each([
    [
      'two parts of a graph',
      graph(4, [
        { a: 0, b: 1 },
        { a: 2, b: 3 },
      ]),
      /children 0 and 2 do not reach each other/,
    ],
    [
      'a switch with one link',
      graph(2, [
        { a: 0, b: 1 },
        { a: 1, b: 2 },
      ]),
      /vertex 2 is a switch .* with one link only/,
    ],
    [
      'a switch number left out',
      graph(2, [
        { a: 0, b: 3 },
        { a: 1, b: 3 },
      ]),
      /vertex 2 is a switch .* with no link/,
    ],
    ['a child without links', graph(3, [{ a: 0, b: 1 }]), /child 2 has no link/],
    [
      'a loop',
      graph(2, [
        { a: 0, b: 1 },
        { a: 1, b: 1 },
      ]),
      /vertex 1 is linked to itself/,
    ],
    [
      'sides that do not multiply to the count',
      { ...torus([4, 4]), count: 15 },
      /4x4 has 16 places for 15 children/,
    ],
    [
      'an ineligible twist',
      torus([4, 4, 4], closed, true),
      /4x4x4 cannot be twisted: only K x K x 2K and K x 2K x 2K/,
    ],
    ['a small twist', torus([2, 2, 4], closed, true), /K at least 4/],
    [
      'missing dragonfly ports',
      { ...dragonfly([2, 4, 2, 9]), count: 73 },
      /73 ports are needed, but 9 groups of 4 routers with 2 hosts have 72/,
    ],
    [
      'missing global links',
      dragonfly([2, 4, 2, 10]),
      /every group has 4 x 2 = 8 global links, too few to reach the 9 other groups/,
    ],
    [
      'missing HyperX ports',
      { ...hyperx([4, 4], 1), count: 17 },
      /17 ports are needed, but 4x4 switches with 1 hosts have 16/,
    ],
    ['boards that do not fit', { ...hamming([2, 2], [2, 2]), count: 15 }, /have 16 places for 15 children/],
    [
      'a link that does not exist',
      { ...mesh([4]), failed: { links: [[0, 2] as const], children: [] } },
      /no link between 0 and 2/,
    ],
    [
      'a chip that does not exist',
      { ...mesh([4]), failed: { links: [], children: [4] } },
      /child 4 does not exist: children are 0 to 3/,
    ],
    [
      'a break that parts a line',
      { ...mesh([4]), failed: { links: [[1, 2] as const], children: [] } },
      /children 0 and 2 do not reach/,
    ],
    [
      'rails of two leaves without a spine',
      level({ kind: 'rail', leaf: 2, spine: false, oversubscription: 1 }, 4),
      /without a spine/,
    ],
  ])('%s', (_, spec, reason) => expect(reasonOf(spec)).toMatch(reason));

  test('twistable shapes, in any sequence of the sides', () => {
    expect(
      [
        [4, 4, 8],
        [8, 4, 4],
        [4, 8, 8],
        [8, 8, 16],
        [12, 24, 12],
      ].every(twistable),
    ).toBe(true);
    expect(
      [
        [4, 4, 4],
        [4, 8, 16],
        [4, 8],
        [2, 2, 4],
        [4, 4, 12],
      ].some(twistable),
    ).toBe(false);
  });

  test('a cable broken twice is two cables', () => {
    const twice = [
      { a: 0, b: 1 },
      { a: 0, b: 1 },
    ];
    const failed = { links: [[0, 1] as const], children: [] };
    expect(reasonOf(graph(2, twice, { failed }))).toBeUndefined();
    expect(
      reasonOf(
        graph(2, twice, {
          failed: {
            ...failed,
            links: [
              [0, 1],
              [1, 0],
            ],
          },
        }),
      ),
    ).toMatch(/do not reach/);
    expect(
      reasonOf(
        graph(2, twice, {
          failed: {
            ...failed,
            links: [
              [0, 1],
              [1, 0],
              [0, 1],
            ],
          },
        }),
      ),
    ).toMatch(/no link between/);
  });
});

describe('rates and endpoints', () => {
  test('a link is the rate of a child over the links of the child that has most', () => {
    const bare = torus([4, 4]);
    delete bare.link;
    expect(wiringOf({ ...bare, bandwidth: 400 }).classes.map(({ capacity }) => capacity)).toEqual([100, 100]);
    expect(wiringOf({ ...bare, bandwidth: 400 }, { chips: 2 }).classes[0]!.capacity).toBe(200);
    const uneven = wiringOf({ ...torus([4, 4, 4]), linkPerDimension: [128, 128, 64] });
    expect(uneven.classes.map(({ capacity }) => capacity)).toEqual([128, 128, 64]);
    expect(uneven.leastPort).toBe(640);
  });

  test('endpoints are chips, ports that chips share, or children', () => {
    const node = level({ kind: 'rail', spine: true, oversubscription: 1 }, 4, { bandwidth: 50 });
    expect(portsOf(node, 8)).toMatchObject({ ends: 32, perEnd: 1, rate: 50, inChild: 8, span: 1 });
    expect(portsOf({ ...node, ports: 16 }, 8)).toMatchObject({ ends: 32, perEnd: 2, rate: 25, span: 1 });
    expect(portsOf({ ...node, ports: 2 }, 8)).toMatchObject({
      ends: 8,
      perEnd: 1,
      rate: 200,
      inChild: 2,
      span: 4,
    });
    expect(portsOf({ ...node, ports: 8 }, 6)).toMatchObject({ ends: 4, perEnd: 8, inChild: 1, span: 6 });
  });

  test('spare and broken children carry no ranks; spare ones forward', () => {
    const spare = wiringOf({ ...torus([4, 4]), spare: 2 });
    expect(spare.ends).toBe(14);
    expect(spare.hops(0, 12)).toBe(1);
    const broken = wiringOf({ ...torus([4, 4]), spare: 2, failed: { links: [], children: [5] } });
    expect(broken.ends).toBe(14);
    expect(everything(broken)).toEqual([[{ stride: 1, size: 14 }]]);
  });

  test('links of a torus are called the same, whole, broken or with detours', () => {
    for (const [dims, wrap, names] of [
      [[6], [true], ['ring link']],
      [[6], [false], ['line link']],
      [
        [4, 3],
        [true, false],
        ['x link', 'y link'],
      ],
    ] as const) {
      const whole = torus([...dims], [...wrap]);
      const broken = { ...whole, failed: { links: [[1, 2] as const], children: [] } };
      for (const each of [whole, ...(wrap[0] ? [broken] : []), { ...whole, routing: 'adaptive' as const }])
        expect(wiringOf(each).classes.map(({ name }) => name)).toEqual(names);
    }
  });

  test('cubes joined by circuit switches: chips count cube by cube, links inside belong to the level below', () => {
    const cube = { sizes: [4, 4, 4], rates: [50, 50, 50] };
    const built = buildWiring(level({ kind: 'ocs', shape: [4, 4, 8], twist: true }, 2, { link: 50 }), {
      chips: 64,
      cube,
    });
    if ('reason' in built) throw new Error(built.reason);
    const { wiring, span } = built;
    expect(span).toBe(1);
    expect(wiring.ends).toBe(128);
    const below = wiring.classes.filter(each => each.below);
    // 3 x 4 x 4 links along each side of a cube, both ways, two cubes.
    expect(below.map(({ links }) => links)).toEqual([192, 192, 192]);
    expect(wiring.classes.filter(each => !each.below).map(({ links }) => links)).toEqual([64, 64, 64]);
    const most = Math.max(...wiring.pairs(everything(wiring), 1)!.map(({ bytes }) => bytes));
    expect(most).toBeCloseTo(220 / 3, 9);
    // The second cube starts at chip 64: z = 4, over an optical link from the first one's z = 3.
    expect(wiring.hops(48, 64)).toBe(1);
  });

  test('eight chips of a hybrid cube mesh, as in a DGX-1 with V100', () => {
    // NVIDIA DGX-1 with V100 white paper: six links a chip, some pairs joined by two.
    const pairs = [
      [0, 1, 1],
      [0, 2, 1],
      [0, 3, 2],
      [0, 4, 2],
      [1, 2, 2],
      [1, 3, 1],
      [1, 5, 2],
      [2, 3, 2],
      [2, 6, 1],
      [3, 7, 1],
      [4, 5, 1],
      [4, 6, 1],
      [4, 7, 2],
      [5, 6, 2],
      [5, 7, 1],
      [6, 7, 2],
    ];
    const links = pairs.flatMap(([a, b, cables]) =>
      Array.from({ length: cables! }, () => ({ a: a!, b: b! })),
    );
    const wiring = wiringOf(graph(8, links));
    expect(wiring.leastPort).toBe(6);
    expect(wiring.classes[0]!.links).toBe(48);
    expect(wiring.gatherBound(everything(wiring)).time * 8).toBeCloseTo(7 / 6, 9);
    expect(wiring.farthest(everything(wiring))).toBe(2);
  });
});
