/**
 * Pair loads (one byte for every ordered pair, links of 1 byte/s), shares of injection and all-gather limits t* that were
 * computed with a separate max-load, max-flow and LP checker; twisted gains also in Jouppi et al., "TPU v4",
 * arXiv 2304.01433, dragonfly loads in Kim et al., ISCA 2008, HammingMesh shares in Hoefler et al., SC22.
 */
import { describe, expect, test } from 'vitest';
import {
  dragonfly,
  everything,
  gatherTime,
  graph,
  hamming,
  hyperx,
  level,
  mesh,
  pairLoad,
  torus,
  wiringOf,
} from './support.ts';

/** Exact to rounding. */
const close = (value: number, expected: number): void => {
  expect(Math.abs(value / expected - 1)).toBeLessThan(1e-9);
};

/** As printed, with three digits. */
const near = (value: number, expected: number): void => {
  expect(Math.abs(value / expected - 1)).toBeLessThan(0.005);
};

describe('pair loads of grids link by link', () => {
  test.each([
    [[4], 2],
    [[5], 3],
    [[8], 8],
    [[16], 32],
    [[8, 8], 64],
    [[4, 8], 32],
    [[4, 4, 4], 32],
    [[8, 8, 8], 512],
  ])('torus %j: %d', (dims, load) => {
    const wiring = wiringOf(torus(dims));
    close(pairLoad(wiring), load);
    // Each of these is the optimum: half of what crosses the middle of the longest side.
    const bound = wiring.exchangeBound(everything(wiring));
    expect(bound.exact).toBe(true);
    close(bound.time * wiring.ends, load);
  });

  test.each([
    [[4], 4],
    [[8], 16],
    [[4, 4], 16],
  ])('mesh %j: %d', (dims, load) => close(pairLoad(wiringOf(mesh(dims))), load));

  test('all shortest routes load a mesh more than dimension order', () => {
    close(pairLoad(wiringOf({ ...mesh([4, 4]), routing: 'ecmp' })), 19.5);
    const slice = torus([8, 16], [false, true]);
    close(pairLoad(wiringOf(slice)), 256);
    near(pairLoad(wiringOf({ ...slice, routing: 'ecmp' })), 333);
  });
});

describe('twisted tori', () => {
  test.each([
    [[4, 4, 8], 0.2886, 1.745],
    [[8, 4, 4], 0.2886, 1.745],
    [[4, 8, 4], 0.2886, 1.745],
    [[4, 8, 8], 0.231, 1.391],
    [[8, 8, 4], 0.231, 1.391],
  ])('%j: share %d, gain %d', (dims, share, gain) => {
    const wiring = wiringOf(
      torus(
        dims,
        dims.map(() => true),
        true,
      ),
    );
    near((wiring.ends - 1) / 6 / pairLoad(wiring), share);
    near(pairLoad(wiringOf(torus(dims))) / pairLoad(wiring), gain);
    close(gatherTime(wiring), (wiring.ends - 1) / 6);
    const bound = wiring.exchangeBound(everything(wiring));
    expect(bound).toMatchObject({ exact: true, by: 'hops' });
    close(bound.time * wiring.ends, pairLoad(wiring));
  });

  test('4x4x8 carries 73.33 pairs', () => {
    near(pairLoad(wiringOf(torus([4, 4, 8], [true, true, true], true))), 73.33);
  });
});

describe('HyperX', () => {
  test.each([
    [4, 4, 0.625],
    [8, 8, 0.5625],
  ])('%d squared: load %d, share %d of the links', (side, load, share) => {
    // Ports as wide as all links of a switch, so that the links between switches decide.
    const links = 2 * (side - 1);
    const wiring = wiringOf({ ...hyperx([side, side], 1), bandwidth: links });
    const loads = wiring.pairs(everything(wiring), 1)!;
    expect(loads.slice(1).map(({ bytes }) => bytes)).toEqual([load, load]);
    close((wiring.ends - 1) / links / load, share);
    close(gatherTime(wiring), (wiring.ends - 1) / links);
    expect(wiring.exchangeBound(everything(wiring)).exact).toBe(true);
  });

  test('4x8: the long side decides', () => {
    const wiring = wiringOf(hyperx([4, 8], 1));
    expect(
      Math.max(
        ...wiring
          .pairs(everything(wiring), 1)!
          .slice(1)
          .map(({ bytes }) => bytes),
      ),
    ).toBe(8);
  });
});

describe('dragonfly', () => {
  test.each([
    [[2, 4, 2, 9], 72, 68, 64],
    [[4, 8, 4, 33], 1056, 1040, 1024],
    [[8, 16, 8, 129], 16512, 16448, 16384],
  ] as [[number, number, number, number], number, number, number][])(
    '%j: %d endpoints, local %d, global %d',
    (shape, ends, local, global) => {
      const wiring = wiringOf(dragonfly(shape));
      expect(wiring.ends).toBe(ends);
      const loads = wiring.pairs(everything(wiring), 1)!;
      expect(loads.map(({ bytes }) => bytes)).toEqual([ends - 1, local, global]);
      expect(wiring.exchangeBound(everything(wiring)).exact).toBe(true);
    },
  );

  test.each([
    [[2, 4, 2, 9], 0.125],
    [[4, 8, 4, 33], 0.03125],
    [[8, 16, 8, 129], 0.0078125],
  ] as [[number, number, number, number], number][])(
    '%j group to next group: minimal %d of injection, Valiant a half',
    (shape, share) => {
      const shifted = (routing: 'minimal' | 'valiant' | 'adaptive'): number => {
        const wiring = wiringOf(dragonfly(shape, { routing }));
        const group = shape[0] * shape[1];
        const demands = Array.from({ length: wiring.ends }, (_, source) => ({
          source,
          target: (source + group) % wiring.ends,
          bytes: 1,
        }));
        return 1 / Math.max(...wiring.flows(demands).map(({ bytes }) => bytes));
      };
      close(shifted('minimal'), share);
      close(shifted('valiant'), 0.5);
      close(shifted('adaptive'), 0.5);
    },
  );

  test('Valiant doubles the load of global links under uniform traffic, so adaptive stays minimal', () => {
    const uniform = (routing: 'minimal' | 'valiant' | 'adaptive'): number[] => {
      const wiring = wiringOf(dragonfly([2, 4, 2, 9], { routing }));
      return wiring.pairs(everything(wiring), 1)!.map(({ bytes }) => bytes);
    };
    // (g - 1) first hops that may end at the target's group and g - 2 second ones, over g - 1.
    close(uniform('valiant')[2]!, 64 * (1 + 7 / 8));
    expect(uniform('adaptive')).toEqual(uniform('minimal'));
  });
});

describe('HammingMesh, four ports', () => {
  test.each([
    [2, 4, 0.328],
    [2, 8, 0.285],
    [2, 16, 0.266],
  ])('%d x %d boards: %d of injection', (board, boards, share) => {
    const wiring = wiringOf(hamming([board, board], [boards, boards]));
    near((wiring.ends - 1) / 4 / pairLoad(wiring), share);
  });

  test.each([
    [4, 4, 0.122],
    [4, 8, 0.102],
  ])('%d x %d boards over all shortest routes: %d', (board, boards, share) => {
    const wiring = wiringOf(hamming([board, board], [boards, boards], 'ecmp'));
    near((wiring.ends - 1) / 4 / pairLoad(wiring), share);
    // Dimension by dimension the ends of a board line share the load, and the share stays above 1 / (2 a).
    const ordered = wiringOf(hamming([board, board], [boards, boards]));
    expect((ordered.ends - 1) / 4 / pairLoad(ordered)).toBeGreaterThan(0.125);
  });
});

describe('all-gather limit t*', () => {
  const star = (hosts: number, center: number) =>
    Array.from({ length: hosts }, (_, host) => ({ a: host, b: center }));
  const full = Array.from({ length: 64 }, (_, i) => ({ a: i >> 3, b: i & 7 })).filter(({ a, b }) => a < b);
  const leaves = [
    ...Array.from({ length: 16 }, (_, host) => ({ a: host, b: 16 + (host >> 2) })),
    ...Array.from({ length: 4 }, (_, leaf) => ({ a: 16 + leaf, b: 20 })),
  ];

  /** Two levels as one graph: node switch, network switch, GB/s. */
  const nodes = (count: number, scaleUp: number, nic: number) => {
    const chips = 8 * count;
    return graph(
      chips,
      Array.from({ length: chips }, (_, chip) => [
        { a: chip, b: chips + (chip >> 3), rate: scaleUp },
        { a: chip, b: chips + count, rate: nic },
      ]).flat(),
    );
  };

  test.each([
    ['switch of 8', graph(8, star(8, 8)), 7],
    ['ring of 8', torus([8]), 3.5],
    ['line of 8', mesh([8]), 7],
    ['full mesh of 8', graph(8, full), 1],
    ['torus 4x4', torus([4, 4]), 3.75],
    ['torus 4x8', torus([4, 8]), 7.75],
    ['torus 4x4x4', torus([4, 4, 4]), 10.5],
    ['mesh 4x4', mesh([4, 4]), 7.5],
    ['4x4, one side closed', torus([4, 4], [true, false]), 5],
    ['mesh 4x4x4', mesh([4, 4, 4]), 21],
    ['4x4x4, two sides closed', torus([4, 4, 4], [true, true, false]), 12.6],
    ['four leaves of four, 4:1', graph(16, leaves), 15],
    ['HammingMesh of 2x2 boards, 2x2', hamming([2, 2], [2, 2]), 3.75],
  ])('%s: %d', (_, spec, limit) => {
    const wiring = wiringOf(spec);
    close(gatherTime(wiring), limit);
    expect(wiring.gatherBound(everything(wiring)).exact).toBe(true);
  });

  test.each([
    [2, 450, 0.03],
    [4, 450, 0.062],
    [2, 900, 0.02],
    [4, 900, 0.06],
  ])(
    '%d nodes of 8 chips, %d GB/s inside and 50 GB/s out: %d s for shards of 1 GB',
    (count, scaleUp, limit) => {
      close(gatherTime(wiringOf(nodes(count, scaleUp, 50))), limit);
    },
  );

  test('an oversubscribed leaf hurts all-to-all, 48 pairs over one uplink', () => {
    const wiring = wiringOf(graph(16, leaves));
    close(pairLoad(wiring), 48);
    expect(wiring.exchangeBound(everything(wiring))).toMatchObject({ exact: true });
  });
});

describe('rails', () => {
  const W = 50e9;

  test.each([
    [2, 100],
    [4, 66.667],
    [8, 57.143],
    [16, 53.333],
  ])('all-to-all over %d nodes of 8: %d GB/s, with and without spines', (nodes, rate) => {
    for (const spine of [true, false]) {
      const spec = level({ kind: 'rail', spine, oversubscription: 1 }, nodes, { bandwidth: W });
      delete spec.link;
      const wiring = wiringOf(spec, { chips: 8 });
      const n = 8 * nodes;
      const loads = wiring.pairs(everything(wiring), 1 / n)!;
      const time = Math.max(...loads.map(({ at, bytes }) => bytes / wiring.classes[at]!.capacity));
      near(1 / time / 1e9, rate);
      close(wiring.exchangeBound(everything(wiring)).time, time);
      // Rail-only passes (n - g)/n x (g - 1)/g of the buffer on inside the node; each of g - 1 peers takes its part.
      const relayed = wiring.relays?.pairs(everything(wiring), 1 / n);
      if (spine) expect(relayed).toBeUndefined();
      else close(7 * relayed!, (((n - 8) / n) * 7) / 8);
    }
  });
});
