/**
 * The model of the simulator against closed forms that share no code with it, against a run that the simulator's project
 * publishes, and against itself with every rank played.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { simulate } from '../../scripts/astra-sim/model/simulate.ts';
import type { Block, Dimension, Method, Op, Settings } from '../../scripts/astra-sim/settings.ts';

const GIB = 2 ** 30 / 1e9;
const OPS: readonly Op[] = ['all_reduce', 'reduce_scatter', 'all_gather', 'all_to_all'];
const BLOCKS: readonly Block[] = ['Ring', 'Switch', 'FullyConnected'];
const METHODS: readonly Method[] = ['ring', 'direct', 'halvingDoubling'];

const PURE = {
  splits: 1,
  active: 1,
  queues: 1,
  endpoint: 1,
  memory: 1e9,
  optimization: 'localBWAware',
} as const;

const anyDimension = (most: number): fc.Arbitrary<Dimension> =>
  fc.record({
    block: fc.constantFrom(...BLOCKS),
    npus: fc.integer({ min: 2, max: most }),
    bandwidth: fc.integer({ min: 1, max: 900 }).map(rate => rate * GIB),
    latency: fc.integer({ min: 0, max: 5000 }),
    method: fc.constantFrom(...METHODS),
  });

const binary = (n: number): boolean => Number.isInteger(Math.log2(n));
const runs = ({ method, npus }: Dimension, op: Op): boolean =>
  method !== 'halvingDoubling' || (binary(npus) && op !== 'all_to_all');

/**
 * Finish in whole ns of one chunk on one dimension with free reductions, written down from the recorded tables: a message of
 * m bytes over h links takes floor(h a + m/B); where links are shared, every hop takes floor(a + m/B), and the messages of a
 * direct exchange leave through a switch one after the other.
 */
function closedForm(
  { block, npus: n, bandwidth, latency, method }: Dimension,
  op: Op,
  size: number,
  aware: boolean,
) {
  const floor = Math.floor;
  const part = op === 'all_gather' ? size : floor(size / n);
  const hops = (distance: number) =>
    block === 'Switch' ? 2 : block === 'Ring' ? Math.min(distance, n - distance) : 1;
  const over = (links: number, bytes: number) =>
    aware ? links * floor(latency + bytes / bandwidth) : floor(links * latency + bytes / bandwidth);
  const rounds = op === 'all_reduce' ? 2 : 1;
  if (method === 'ring') {
    const steps = op === 'all_to_all' ? (n * (n - 1)) / 2 : rounds * (n - 1);
    return steps * over(hops(1), part) + steps + 1;
  }
  if (method === 'direct') {
    const queue = aware && block === 'Switch' ? (n - 2) * floor(part / bandwidth) : 0;
    return rounds * (queue + over(hops(floor(n / 2)), part)) + rounds + 1;
  }
  const sizes: [distance: number, bytes: number][] = [];
  if (op === 'all_gather')
    for (let d = n / 2, bytes = size; d >= 1; d /= 2, bytes *= 2) sizes.push([d, bytes]);
  else
    for (let d = 1, bytes = floor(size / 2); d < n; d *= 2, bytes = floor(bytes / 2)) sizes.push([d, bytes]);
  const time = sizes.reduce((sum, [d, bytes]) => sum + over(hops(d), bytes), 0);
  return rounds * time + rounds * sizes.length + 1;
}

describe('one chunk on one dimension', () => {
  it.each([false, true])('ends when the closed forms say, links shared: %s', congestion => {
    const size = fc.integer({ min: 6, max: 20 }).map(power => 1024 * 2 ** power);
    fc.assert(
      fc.property(anyDimension(16), fc.constantFrom(...OPS), size, (dimension, op, bytes) => {
        // Around a ring, messages of several hops wait for each other: no closed form is known.
        const waits = congestion && dimension.block === 'Ring' && dimension.method !== 'ring';
        // Parts of whole bytes; what a byte more or less does is the rounding's business.
        fc.pre(runs(dimension, op) && !waits && bytes % (2 * dimension.npus) === 0);
        const settings: Settings = { dimensions: [dimension], op, size: bytes, congestion, ...PURE };
        const time = closedForm(dimension, op, bytes, congestion);
        const finish = simulate(settings)!;
        expect(finish.first).toBe(finish.last);
        // Whole nanoseconds: quotients that lie on one fall to either side of it, a message each.
        expect(Math.abs(finish.last - time)).toBeLessThanOrEqual(2 * dimension.npus);
      }),
      { numRuns: 400 },
    );
  });
});

it('meets the regression case of the simulator itself: 117 780 cycles', () => {
  const ring: Dimension = { block: 'Ring', npus: 8, bandwidth: 50 * GIB, latency: 500, method: 'ring' };
  const settings = { ...PURE, splits: 4, endpoint: 10, memory: 50 };
  for (const congestion of [false, true])
    expect(
      simulate({ ...settings, dimensions: [ring], op: 'all_reduce', size: 2 ** 20, congestion }),
    ).toEqual({
      first: 117_780,
      last: 117_780,
    });
});

it('ends at the same time when every rank is played as when ranks that are alike are played once', () => {
  const dimensions = fc.array(anyDimension(5), { minLength: 1, maxLength: 3 });
  const rest = fc.record({
    splits: fc.integer({ min: 1, max: 5 }),
    active: fc.integer({ min: 1, max: 3 }),
    queues: fc.integer({ min: 1, max: 4 }),
    endpoint: fc.integer({ min: 1, max: 20 }),
    memory: fc.constantFrom(50, 3350, 1e9),
    optimization: fc.constantFrom('localBWAware' as const, 'baseline' as const),
    congestion: fc.boolean(),
    op: fc.constantFrom(...OPS),
    size: fc.integer({ min: 64, max: 2 ** 24 }),
  });
  fc.assert(
    fc.property(dimensions, rest, (all, others) => {
      fc.pre(all.every(each => runs(each, others.op)));
      const settings: Settings = { dimensions: all, ...others };
      // Chunks that meet at a link at the same moment go in the order of ranks.
      fc.pre(!others.congestion || others.splits === 1);
      const once = simulate(settings, { everyRank: false });
      expect(once).toBeDefined();
      expect(simulate(settings, { everyRank: true })!.last).toBe(once!.last);
    }),
    { numRuns: 300 },
  );
});

it('does not end where halving-doubling has no power of two of ranks', () => {
  const ring: Dimension = { block: 'Ring', npus: 6, bandwidth: GIB, latency: 500, method: 'halvingDoubling' };
  const settings: Settings = {
    ...PURE,
    dimensions: [ring],
    op: 'all_reduce',
    size: 2 ** 20,
    congestion: false,
  };
  expect(simulate(settings)).toBeUndefined();
});
