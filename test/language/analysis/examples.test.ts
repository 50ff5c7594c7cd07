/** The files that newcomers open first say what their comments promise. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { countParameters } from '../../../src/engine/model/parameters.ts';
import { createAnalysis } from './support.ts';

const root = join(import.meta.dirname, '../../../examples');
const files: Record<string, string> = {};
for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue;
  const path = join(entry.parentPath, entry.name);
  files[`/plans/examples/${path.slice(root.length + 1)}`] = readFileSync(path, 'utf8');
}
const example = async (name: string) => {
  const uri = `/plans/examples/${name}.shard`;
  return createAnalysis(files).analyse(files[uri]!, uri);
};

test('Llama 3 405B on 16,384 H100: no finding, every claim holds, numbers beside their lines', async () => {
  const { report, findings, text } = await example('llama3-405b-16k-h100');
  expect(findings).toEqual([]);
  const [plan] = report.plans;
  expect(plan!.claims.map(c => [c.text.replace(/\s+/g, ' '), c.holds])).toEqual([
    ['exposed(dp) < 2% * step_time', true],
    ['step_time < 8s', true],
    ['mfu(attention: full) > 38%', true],
    ['peak_memory < 76GiB', true],
    ['not network_bound', true],
  ]);
  const spec = plan!.spec!;
  // 405,853,069,312 parameters: the model card's 405B, counted from its configuration.
  expect(countParameters(spec.model).total).toBeCloseTo(405.853e9, -6);
  expect(spec.pp).toEqual({
    schedule: { kind: 'interleaved', chunks: 8 },
    layers: [7, ...new Array(14).fill(8), 7],
  });
  expect(spec.dp).toMatchObject({
    zero: 2,
    accumulate: 'local',
    overlapForward: true,
    overlapBackward: true,
  });
  expect(spec.batch).toEqual({ global: 2048, micro: 1, sequence: 8192 });
  expect(spec.fabric.levels.map(l => [l.name, l.count, l.tier, l.bandwidth])).toEqual([
    ['node', 8, 'scale_up', 450e9],
    ['pod', 384, 'scale_out', 50e9],
    ['cluster', 8, 'scale_out', 50e9],
  ]);
  expect(spec.fabric.levels[2]!.topology).toMatchObject({
    kind: 'fat_tree',
    tiers: 1,
    oversubscription: [7],
  });
  const lines = text.split('\n');
  const line = (name: string) => {
    const collective = plan!.estimate!.collectives.find(c => c.name === name)!;
    return lines[plan!.locate(collective.causes)!.start.line]!.trim();
  };
  expect(line('grad_reduce')).toMatch(/^dp\.zero:/);
  expect(line('tp_gather')).toMatch(/^tp: +8 on node/);
  expect(line('stage_send')).toMatch(/^pp: +16/);
});

test('DeepSeek-V3 on 2,048 H800: derived axis, stated dispatch, DualPipe, every claim judged', async () => {
  const { report, findings, text } = await example('deepseek-v3-2k-h800');
  // What the plan itself fails is told from what the file says wrong.
  const verdicts = ['memory-over', 'assert-failed'];
  expect(findings.filter(f => f.severity === 'error' && !verdicts.includes(f.code))).toEqual([]);
  const [plan] = report.plans;
  const spec = plan!.spec!;
  expect(spec.pp.schedule).toEqual({ kind: 'dualpipe' });
  expect(spec.mesh.axes.find(a => a.name === 'ep')).toMatchObject({ size: 64, role: 'ep', from: ['dp'] });
  expect(spec.mesh.order).toEqual(['dp', 'pp']);
  expect(spec.precision).toMatchObject({
    compute: 'fp8',
    weights: 'bf16',
    activation: 'fp8',
    gradient: 'fp32',
  });
  expect(spec.ep).toMatchObject({ dispatch: 'fp8', combine: 'bf16', maxNodes: 4, imbalance: 1.1 });
  // tokens x topk x hidden x 1 byte.
  expect(spec.collectives).toMatchObject([
    {
      name: 'dispatch',
      op: 'all_to_all',
      over: ['ep'],
      size: 4096 * 8 * 7168,
      per: 'moe_layer',
      phase: 'forward',
    },
  ]);
  expect(spec.model.mtpLayers).toBe(1);
  expect(plan!.claims.every(c => c.holds !== undefined)).toBe(true);
  expect(findings.filter(f => f.code === 'claim-unpriced')).toEqual([]);
  // Both ends of the pipeline: 61 layers and a prediction module, twice.
  expect(plan!.estimate!.stages.reduce((layers, stage) => layers + stage.layers, 0)).toBe(2 * 61);
  const dispatch = plan!.estimate!.collectives.find(c => c.causes[0]?.kind === 'collective')!;
  expect(text.split('\n')[plan!.locate(dispatch.causes)!.start.line]).toContain('collective dispatch');
});

test('PaLM on two TPU v4 pods: lowered whole, placed on the dimensions of the torus, and within its claims', async () => {
  const { report, findings } = await example('palm-540b-tpu-v4');
  const [plan] = report.plans;
  expect(findings.filter(f => f.severity === 'error')).toEqual([]);
  const spec = plan!.spec!;
  expect(spec.fabric.levels.map(l => [l.name, l.tier, l.topology])).toEqual([
    ['cube', 'scale_up', { kind: 'torus', dims: [4, 4, 4], wrap: [true, true, true], twist: false }],
    ['pod', 'scale_up', { kind: 'ocs', shape: [12, 16, 16], twist: false }],
    ['dcn', 'scale_out', { kind: 'switch', reduce: false, oversubscription: 1 }],
  ]);
  expect(spec.mesh.axes.map(a => [a.name, a.role, a.on])).toEqual([
    ['model', 'tp', [{ level: 'pod', dimension: 'x' }]],
    [
      'fsdp',
      'fsdp',
      [
        { level: 'pod', dimension: 'y' },
        { level: 'pod', dimension: 'z' },
      ],
    ],
    ['dp', 'dp', [{ level: 'dcn' }]],
  ]);
  // Both shard lines state what the plan causes anyway.
  expect(spec.collectives.map(c => [c.name, c.op, c.replaces, c.size])).toEqual([
    ['W_in', 'all_gather', 'param_gather', 0],
    ['Out', 'reduce_scatter', 'tp_scatter', 0],
  ]);
  // Dense 540.36e9 with tied embeddings (2204.02311, table 1 rounds to 540.35).
  expect(countParameters(spec.model).total / 1e9).toBeCloseTo(540.36, 1);
  expect(findings.filter(f => f.code === 'estimate-refused')).toEqual([]);
  // 46.2 % with full attention (PaLM paper, 2204.02311, section 4.1); the example asks for 44 %, 19 s and 30 GiB.
  expect(plan!.claims.map(c => c.holds)).toEqual([true, true, true]);
});

test('decoding is refused at its line, and its claims are neither kept nor broken', async () => {
  const { report, findings, text } = await example('deepseek-v3-decode');
  const refused = findings.find(f => f.code === 'estimate-refused')!;
  expect(text.split('\n')[refused.range.start.line]!.trim()).toMatch(/^phase: decode/);
  expect(findings.filter(f => f.severity === 'error')).toEqual([]);
  expect(report.plans[0]!.claims.map(c => c.holds)).toEqual([undefined, undefined]);
});
