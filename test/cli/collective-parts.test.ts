/** Level by level, protocols and limits on the command line. */
import { expect, test } from 'vitest';
import { folder, meshwright } from './support.ts';

/** 4 nodes of 8: 450 GB/s a chip inside, 50 GB/s between. */
const cwd = folder({
  'two.shard': `chip c { peak.bf16: 200TFLOPS  hbm.capacity: 96GB  hbm.bandwidth: 2TB/s }
fabric f {
  level node of 8 c { topology: switch  bandwidth: 450GB/s  latency: 0s  floor: 0s  tier: scale_up  efficiency: 100% }
  level pod of 4 node { topology: switch  bandwidth: 50GB/s  latency: 0s  floor: 0s  tier: scale_out  efficiency: 100% }
}
`,
});
const ask = ['collective', 'all_reduce', 'two.shard', '--size', '1GiB', '--algorithm', 'hierarchical'];

test('the parts of an all-reduce that goes level by level', async () => {
  const { stdout } = await meshwright([...ask, '--json'], { cwd });
  const { collective } = JSON.parse(stdout);
  // S = 1 GiB: 7/8 S at 450 GB/s inside, 2 x 3/4 of S/8 at 50 GB/s across: 2.088, 4.027, 2.088 ms.
  const S = 2 ** 30;
  const inside = (7 / 8) * (S / 450e9);
  expect(collective.stages).toMatchObject([
    { op: 'reduce_scatter', levels: ['node'], ranks: 8, bytes: S },
    { op: 'all_reduce', levels: ['pod'], ranks: 4, bytes: S / 8 },
    { op: 'all_gather', levels: ['node'], ranks: 8, bytes: S },
  ]);
  const times = collective.stages.map((stage: { time_s: number }) => stage.time_s);
  expect(times[0]).toBeCloseTo(inside, 9);
  expect(times[1]).toBeCloseTo((1.5 * S) / 8 / 50e9, 9);
  expect(times[2]).toBeCloseTo(inside, 9);
  expect(collective.chunks).toBeGreaterThan(1);
  expect(collective.protocol).toBeNull();
});

test('in words, too', async () => {
  const { stdout } = await meshwright(ask, { cwd });
  expect(stdout).toMatch(/by hierarchical in \d+ chunks/);
  expect(stdout).toMatch(/reduce-scatter inside node: 2\.09 ms alone, 1 GiB over 8 by /);
  expect(stdout).toMatch(/all-reduce across pod: 4\.03 ms alone, 128 MiB over 4 by /);
  expect(stdout).toMatch(/all-gather inside node: 2\.09 ms alone/);
});

test('the limit says what sets it, the library its protocol', async () => {
  const h100 = ['--fabric', 'dgx_h100', '--size', '1GiB'];
  const gather = JSON.parse((await meshwright(['collective', 'ag', ...h100, '--json'])).stdout).collective;
  expect(gather).toMatchObject({ limit_by: 'port of a chip', limit_exact: true, reachable_s: null });
  expect(gather).toMatchObject({ protocol: 'simple', stages: null, chunks: null });
  // In the switch S passes a port once; without it twice 7/8 S (fabric of 8 at 450 GB/s).
  const reduce = JSON.parse((await meshwright(['collective', 'ar', ...h100, '--json'])).stdout).collective;
  expect(reduce.limit_exact).toBe(false);
  expect(reduce.limit_s).toBeCloseTo(2 ** 30 / 450e9, 9);
  expect(reduce.reachable_s).toBeCloseTo((1.75 * 2 ** 30) / 450e9, 9);
  const { stdout } = await meshwright(['collective', 'ag', ...h100]);
  expect(stdout).toContain('by ring (Simple)');
  expect(stdout).toContain('set by port of a chip, which some schedule reaches');
});

test('a price that rests on a sample of the endpoints says so', async () => {
  // ECMP counts all shortest ways of the whole mesh: from 4,096 places too many to search, from 64 not.
  const mesh = (
    count: number,
    boards: string,
  ): string => `chip c { peak.bf16: 200TFLOPS  hbm.capacity: 96GB  hbm.bandwidth: 2TB/s }
fabric f {
  level boards of ${count} c { topology: hamming_mesh(2x2, boards: ${boards})  link: 50GB/s  latency: 1us  tier: scale_up  routing: ecmp }
}
`;
  const there = folder({ 'large.shard': mesh(4096, '32x32'), 'small.shard': mesh(64, '4x4') });
  const quote = (file: string, ...more: string[]) =>
    meshwright(['collective', 'a2a', file, '--size', '1GiB', ...more], { cwd: there });
  const sampled = async (file: string): Promise<unknown> =>
    JSON.parse((await quote(file, '--json')).stdout).collective.sampled;
  expect(await sampled('large.shard')).toBe(true);
  expect(await sampled('small.shard')).toBe(false);
  expect((await quote('large.shard')).stdout).toMatch(
    /time +[\d.]+ ms~ by direct\n +~ .*sample of the endpoints/,
  );
  expect((await quote('small.shard')).stdout).not.toContain('~');
});
