import { expect, test } from 'vitest';
import { doubling, ncclLog } from '../../interop/nccl-log.ts';
import { createAnalysis, textAt } from '../analysis/support.ts';

const MIB = 2 ** 20;
const CHIP = 'peak.bf16: 1PFLOP/s  hbm.capacity: 80GiB  hbm.bandwidth: 3TB/s  efficiency.scale_up: 82%';
const plan = (node: string, cluster = ''): string => `chip c { ${CHIP} }
fabric f {
  level node of 8 c { bandwidth: 450GB/s  ${node} }
  level cluster of 4 node { bandwidth: 50GB/s  ${cluster} }
}
model m { layers: 8  hidden: 4096  heads: 32  vocab: 32000 }
mesh w on f { tp: 8  dp: 4  order: tp < dp }
plan p of m on w { batch.global: 64 }
`;

/** 8 ranks on one node that reach 70 % of 450 GB/s, never under 25 us. */
const LOG = ncclLog(
  doubling(8, 8192 * MIB),
  bytes => Math.max(25e-6, 1.2e-6 + (1.75 * bytes) / (0.7 * 450e9)),
  {
    ranks: 8,
    perHost: 8,
  },
);

const analysed = (text: string, files: Record<string, string> = { '/plans/node.log': LOG }) =>
  createAnalysis(files).analyse(text);

test('efficiency, floor and latency come from the log, and the estimate moves', async () => {
  const before = await analysed(plan(''));
  const after = await analysed(plan('calibrate: "node.log"'));
  expect(after.findings).toEqual(before.findings);
  const [node] = after.report.plans[0]!.spec!.fabric.levels;
  expect(node).toMatchObject({ efficiencyFrom: 'calibrated', calibration: { file: 'node.log', sizes: 31 } });
  expect(node!.efficiency).toBeCloseTo(0.7, 2);
  expect(node!.floor * 1e6).toBeCloseTo(25, 0);
  expect(node!.calibration!.medianError).toBeLessThan(0.02);
  expect(after.report.plans[0]!.estimate!.step.time).toBeGreaterThan(
    before.report.plans[0]!.estimate!.step.time,
  );
  const said = after.report.plans[0]!.estimate!.assumptions.find(a => a.key === 'node.efficiency');
  expect(said).toMatchObject({ confidence: 'measured' });
  expect(said!.text).toContain('node.log');
});

test('what the text states wins, with a warning where the log says the same', async () => {
  const { text, findings, report } = await analysed(
    plan('efficiency: 90%  floor: 5us  latency: 0.6us  calibrate: "node.log"'),
  );
  const [node] = report.plans[0]!.spec!.fabric.levels;
  expect(node).toMatchObject({ efficiency: 0.9, efficiencyFrom: 'stated', floor: 5e-6, latency: 0.6e-6 });
  const warning = findings.find(f => f.code === 'level-calibrate-unused')!;
  expect(warning.severity).toBe('warning');
  expect(textAt(text, warning)).toBe('"node.log"');
});

test.each([
  ['missing.log', {}, 'missing.log does not exist'],
  ['config.json', { '/plans/config.json': '{"hidden_size": 1}' }, 'nccl-tests'],
  ['core', { '/plans/core': '\u0000\u0001' }, 'not text'],
  ['big.log', { '/plans/big.log': 'x'.repeat(11 * 1024 * 1024) }, 'larger than 10 MB'],
  ['few.log', { '/plans/few.log': ncclLog([64 * MIB], b => b / 3e11, { ranks: 8 }) }, 'at least 3 sizes'],
  [
    'wide.log',
    { '/plans/wide.log': ncclLog(doubling(8, 1024 * MIB), b => 3e-5 + b / 1e10, { ranks: 64, perHost: 8 }) },
    "64 ranks do not fit into one 'node' of 8 chips",
  ],
])('%s is an error at its name, and the level stays as it would be without', async (name, files, words) => {
  const { text, findings, report } = await analysed(plan(`calibrate: "${name}"`), files);
  const finding = findings.find(f => f.code === 'level-calibrate')!;
  expect(finding.severity).toBe('error');
  expect(finding.message).toContain(words);
  expect(textAt(text, finding)).toBe(`"${name}"`);
  expect(report.plans[0]!.spec!.fabric.levels[0]).toMatchObject({ efficiency: 0.82, efficiencyFrom: 'chip' });
  expect(report.plans[0]!.estimate).toBeDefined();
});

test('a level above: the levels below are taken as calibrated', async () => {
  const over = ncclLog(doubling(8, 4096 * MIB), b => 60e-6 + ((31 / 32) * b) / (0.85 * 8 * 50e9), {
    binary: 'all_gather',
    ranks: 32,
    perHost: 8,
    redop: 'none',
  });
  const { findings, report } = await analysed(plan('calibrate: "node.log"', 'calibrate: "all.log"'), {
    '/plans/node.log': LOG,
    '/plans/all.log': over,
  });
  expect(findings.filter(f => f.code === 'level-calibrate')).toEqual([]);
  const cluster = report.plans[0]!.spec!.fabric.levels[1]!;
  expect(cluster.efficiencyFrom).toBe('calibrated');
  expect(cluster.efficiency).toBeGreaterThan(0.6);
  expect(cluster.efficiency).toBeLessThan(0.95);
});

test('the level follows the log when it is written anew', async () => {
  const analysis = createAnalysis({ '/plans/node.log': LOG });
  const text = plan('calibrate: "node.log"');
  await analysis.analyse(text, '/plans/p.shard');
  const faster = ncclLog(doubling(8, 8192 * MIB), b => 1.2e-6 + (1.75 * b) / (0.9 * 450e9), { ranks: 8 });
  await analysis.update({ '/plans/node.log': faster });
  const report = analysis.report(analysis.document('/plans/p.shard')!);
  expect(report.plans[0]!.spec!.fabric.levels[0]!.efficiency).toBeCloseTo(0.9, 2);
});
