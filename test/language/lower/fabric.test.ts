import { describe, expect, it, test } from 'vitest';
import { createAnalysis, invalid, valid } from '../analysis/support.ts';

const CHIP =
  'chip c { peak.bf16: 1PFLOP/s  hbm.capacity: 80GiB  hbm.bandwidth: 3TB/s  efficiency.scale_up: 75%  efficiency.scale_out: 95% }\n';
const REST = `model m { layers: 8  hidden: 4096  heads: 32  vocab: 32000 }
mesh w on f { dp: 8 }
plan p of m on w { batch.global: 64 }`;
const levels = async (text: string) => {
  const { report, findings } = await createAnalysis().analyse(`${CHIP}fabric f {\n${text}\n}\n${REST}`);
  expect(findings.filter(f => f.severity === 'error')).toEqual([]);
  return report.plans[0]!.spec!.fabric.levels;
};

describe('bandwidth per chip and direction', () => {
  it.each([
    ['stated', 'bandwidth: 400Gb/s', 50e9],
    ['half of the doubled number', 'bidirectional: 900GB/s', 450e9],
    ['links to all others', 'topology: fully_connected  link: 64GB/s', 7 * 64e9],
    ['ports of a switch', 'topology: switch()  link: 25GB/s  ports: 18', 450e9],
    ['two links per dimension of a torus', 'topology: torus(2x4)  link: 50GB/s', 3 * 50e9],
  ])('%s', async (_, text, bandwidth) => {
    expect((await levels(`level node of 8 c { ${text} }`))[0]!.bandwidth).toBe(bandwidth);
  });
  it('from an uplink that all chips of a child share', async () => {
    const [, top] = await levels(
      'level node of 8 c { bandwidth: 400GB/s }\nlevel wan of 2 node { uplink: 80GB/s }',
    );
    expect(top).toMatchObject({ uplink: 80e9, bandwidth: 10e9 });
  });
});

test('tier and efficiency by default', async () => {
  const all = await levels(`level cube of 8 c { topology: torus(2x2x2)  link: 45GB/s }
level pod of 4 cube { topology: ocs(shape: 4x4x2)  link: 45GB/s }
level dcn of 2 pod { bandwidth: 25Gb/s }`);
  expect(all.map(l => [l.tier, l.efficiency, l.efficiencyFrom])).toEqual([
    ['scale_up', 0.75, 'chip'],
    ['scale_up', 0.75, 'chip'],
    ['scale_out', 0.95, 'chip'],
  ]);
  const [stated] = await levels(
    'level node of 8 c { bandwidth: 1GB/s  efficiency: 80%  tier: scale_out  latency: 2us }',
  );
  expect(stated).toMatchObject({
    tier: 'scale_out',
    efficiency: 0.8,
    efficiencyFrom: 'stated',
    latency: 2e-6,
  });
});

test('oversubscription belongs to the top tier; a list is per tier, innermost first', async () => {
  const topology = async (text: string) =>
    (await levels(`level node of 8 c { bandwidth: 1GB/s  topology: ${text} }`))[0]!.topology;
  expect(await topology('fat_tree(tiers: 2, oversubscription: 7)')).toMatchObject({
    oversubscription: [1, 7],
  });
  expect(await topology('fat_tree(tiers: 3, oversubscription: [1, 7])')).toMatchObject({
    oversubscription: [1, 7, 1],
  });
  expect(await topology('fat_tree(oversubscription: [1, 7])')).toMatchObject({
    tiers: 2,
    oversubscription: [1, 7],
  });
  expect(await topology('switch(reduce: true)')).toEqual({ kind: 'switch', reduce: true });
});

test('levels may stand in any order, and spare children stay idle', async () => {
  const all = await levels(
    'level pod of 4 node { bandwidth: 50GB/s  spare: 1 }\nlevel node of 8 c { bandwidth: 400GB/s }',
  );
  expect(all.map(l => [l.name, l.count, l.spare])).toEqual([
    ['node', 8, 0],
    ['pod', 4, 1],
  ]);
});

test('a level needs a bandwidth, a chip its memory', async () => {
  await invalid('key-missing')`${CHIP}fabric f { level «node» of 8 c { latency: 1us } }`;
  const { findings } = await invalid('key-missing')`chip «c» { power: 700W }`;
  expect(findings.find(f => f.code === 'key-missing')!.message).toBe(
    "The chip 'c' lacks 'peak.bf16', 'hbm.capacity', 'hbm.bandwidth'.",
  );
  await valid`chip c { peak.fp16: 1PFLOP/s  hbm.capacity: 80GiB  hbm.bandwidth: 3TB/s }`;
});
