import { describe, expect, it, test } from 'vitest';
import { analyse, invalid, valid } from '../analysis/support.ts';

const BASE = `chip c { peak.bf16: 1PFLOP/s  peak.fp8: 2PFLOP/s  hbm.capacity: 80GiB  hbm.bandwidth: 3TB/s }
fabric f {
  level node of 8 c { bandwidth: 400GB/s }
  level cluster of 8 node { bandwidth: 50GB/s }
}
model m { layers: 8  hidden: 4096  ffn: 16384  heads: 32  kv_heads: 8  vocab: 32000 }
model x { layers: 8  hidden: 4096  heads: 32  vocab: 32000  experts: 64  topk: 4  expert_ffn: 2048 }
mesh w on f { tp: 4  pp: 2  dp: 8  order: tp < pp < dp }
mesh h on f { tp: 8  fsdp: 4  dp: 2  order: tp < fsdp < dp }
mesh e on f { tp: 4  dp: 16  ep: 8 from dp  order: tp < dp }
mesh s on f { tp: 4  cp: 2  dp: 8  order: tp < cp < dp }
`;
/** Whatever the network makes of it: here only what the text says counts. */
const specOf = async (plan: string) => {
  const { report, findings } = await analyse(BASE + plan);
  expect(findings.filter(f => f.severity === 'error')).toEqual([]);
  return report.plans[0]!.spec!;
};

describe('defaults are those of the reference', () => {
  it('batch', async () => {
    expect((await specOf('plan p of m on w { }')).batch).toEqual({
      global: 8 * 4 * 2,
      micro: 1,
      sequence: 4096,
    });
    expect((await specOf('plan p of m on h { batch.micro: 2 }')).batch.global).toBe(4 * 2 * 2);
    expect(
      (await specOf('plan p of m on h { batch.tokens: 1_048_576  batch.sequence: 2048 }')).batch.global,
    ).toBe(512);
  });
  it('precision', async () => {
    expect((await specOf('plan p of m on h { }')).precision).toEqual({
      compute: 'bf16',
      weights: 'bf16',
      gradient: 'fp32',
      optimizer: 'fp32',
      activation: 'bf16',
    });
    expect((await specOf('plan p of m on h { precision.compute: fp8 }')).precision).toMatchObject({
      compute: 'fp8',
      weights: 'bf16',
      activation: 'bf16',
    });
  });
  it('data parallelism', async () => {
    expect((await specOf('plan p of m on w { }')).dp).toMatchObject({
      zero: 1,
      accumulate: 'local',
      overlapForward: true,
    });
    expect((await specOf('plan p of m on w { dp.zero: 2 }')).dp.accumulate).toBe('sharded');
    const hybrid = await specOf('plan p of m on h { dp.overlap: backward }');
    expect(hybrid.dp).toMatchObject({ zero: 0, overlapForward: false, overlapBackward: true });
    expect(hybrid.fsdp).toEqual({ zero: 3, reshard: true, overlapForward: true, overlapBackward: true });
    expect((await specOf('plan p of m on w { dp.overlap: false }')).dp).toMatchObject({
      overlapForward: false,
      overlapBackward: false,
    });
    expect((await specOf('plan p of m on w { dp.overlap: [forward, backward] }')).dp).toMatchObject({
      overlapForward: true,
      overlapBackward: true,
    });
  });
  it('schedule and recomputation', async () => {
    const spec = await specOf('plan p of m on w { }');
    expect(spec.pp).toEqual({ schedule: { kind: '1f1b' } });
    expect(spec.recompute).toEqual({ mode: 'none' });
    expect(await specOf('plan p of m on w { pp.layers: [3, 5]  recompute: full }')).toMatchObject({
      pp: { layers: [3, 5] },
      recompute: { mode: 'full' },
    });
    expect((await specOf('plan p of m on w { recompute: selective(norm, swiglu) }')).recompute).toEqual({
      mode: 'selective',
      items: ['norm', 'swiglu'],
    });
  });
});

test('stated collectives', async () => {
  const spec = await specOf(`plan p of x on e {
    collective dispatch: all_to_all(over: ep, size: tokens * topk * hidden * 1B, per: moe_layer, phase: forward, overlap: [attention, mlp])
    collective norm: all_reduce(over: tp * dp, size: 4B, per: step, algorithm: tree)
  }`);
  expect(spec.collectives).toEqual([
    {
      name: 'dispatch',
      op: 'all_to_all',
      over: ['ep'],
      size: 4096 * 4 * 4096,
      per: 'moe_layer',
      phase: 'forward',
      overlap: ['attention', 'mlp'],
    },
    {
      name: 'norm',
      op: 'all_reduce',
      over: ['tp', 'dp'],
      size: 4,
      per: 'step',
      phase: 'step',
      overlap: [],
      algorithm: 'tree',
    },
  ]);
  await invalid('name-unknown')`${BASE}plan p of m on w { collective a: all_reduce(over: «ep», size: 4B) }`;
  await invalid('argument')`${BASE}plan p of m on w { collective a: «all_reduce(over: tp)» }`;
  await invalid('value-unknown')`${BASE}plan p of m on w { collective a: «allreduce»(over: tp, size: 4B) }`;
  await invalid(
    'name-unknown',
  )`${BASE}plan p of m on w { collective a: all_reduce(over: tp, size: «token» * 4B) }`;
  await invalid('name-duplicate')`${BASE}plan p of m on w {
    collective a: all_reduce(over: tp, size: 4B)
    collective «a»: all_reduce(over: tp, size: 8B) }`;
});

describe('shard lines', () => {
  const stated = async (lines: string, head = 'm on h') =>
    (await specOf(`plan p of ${head} { ${lines} }`)).collectives;
  it('take over what the plan causes anyway', async () => {
    expect(await stated('shard W[D/fsdp, F/tp] -> W[D, F/tp]')).toMatchObject([
      { name: 'W', op: 'all_gather', replaces: 'param_gather', size: 0, over: [] },
    ]);
    expect(await stated('shard G[D, F/tp] sum fsdp -> G[D/fsdp, F/tp]')).toMatchObject([
      { op: 'reduce_scatter', replaces: 'grad_reduce' },
    ]);
    expect(await stated('shard Y[B/fsdp, D] sum tp -> Y[B/fsdp, D]')).toMatchObject([
      { op: 'all_reduce', replaces: 'tp_reduce' },
    ]);
    expect(await stated('shard X[B/dp, E, D] -> X[B/dp, E, D]', 'x on e')).toEqual([]);
    expect(await stated('shard X[B/ep, E, D] -> X[B, E/ep, D]', 'x on e')).toMatchObject([
      { op: 'all_to_all', replaces: 'dispatch' },
    ]);
    expect(await stated('shard K[B, S/cp, K, H] -> K[B, S, K, H]', 'm on s')).toMatchObject([
      { op: 'all_gather', replaces: 'cp_exchange' },
    ]);
  });
  it('that scatter activations over tp say that the plan is sequence parallel', async () => {
    const spec = await specOf('plan p of m on h { shard Y[B/fsdp, D] sum tp -> Y[B/fsdp, D/tp] }');
    expect(spec.tp.sequenceParallel).toBe(true);
    expect(spec.collectives).toMatchObject([{ replaces: 'tp_scatter' }]);
  });
  it('add one otherwise, with its size', async () => {
    // 4096 x 16384 weights over tp 8 in bf16, gathered over dp once a step.
    expect(await stated('shard W[D/dp, F/tp] -> W[D, F/tp] { per: step phase: optimizer }')).toEqual([
      {
        name: 'W',
        op: 'all_gather',
        over: ['dp'],
        size: (4096 * 16384 * 2) / 8,
        per: 'step',
        phase: 'optimizer',
        overlap: [],
      },
    ]);
    // One microbatch of 4096 tokens in fp32.
    expect(
      await stated('shard X[B/fsdp, D/tp] -> X[B/fsdp, D] { precision: fp32 per: microbatch overlap: true }'),
    ).toMatchObject([
      { op: 'all_gather', over: ['tp'], size: 4096 * 4096 * 4, per: 'microbatch', overlap: ['forward'] },
    ]);
  });
  it('without an arrow assert a layout', async () => {
    expect(await stated('shard W[D/fsdp, F/tp]')).toEqual([]);
    await invalid('degree-divides')`${BASE}mesh odd on f { tp: 3 }
plan p of m on odd { shard W[D, «F/tp»] }`;
  });
  it('know their dimensions and arrows', async () => {
    await invalid('value-unknown')`${BASE}plan p of m on h { shard W[«Q», F] -> W[Q, F] }`;
    await invalid('shard-arrow')`${BASE}plan p of m on h { «shard W[D/tp, F/tp] -> W[D, F]» }`;
    await invalid('shard-arrow')`${BASE}plan p of m on h { shard W[D/tp, F] -> «U»[D, F] }`;
    await invalid('name-unknown')`${BASE}plan p of m on h { shard W[D/«tq», F] -> W[D, F] }`;
  });
});

test('degrees divide what they split', async () => {
  const mesh = (axes: string) => `${BASE}mesh odd on f { ${axes} }\n`;
  const { findings } = await invalid(
    'degree-divides',
  )`${mesh('tp: «6» dp: 4')}plan p of m on odd { batch.global: 64 }`;
  expect(findings.find(f => f.code === 'degree-divides')!.fixes!.map(f => f.title)).toEqual([
    'Set tp: 4',
    'Set tp: 8',
  ]);
  await invalid('degree-divides')`${mesh('pp: «16» dp: 4')}plan p of m on odd { batch.global: 64 }`;
  await invalid(
    'degree-divides',
  )`${mesh('dp: 64 ep: «32» from dp')}model y { layers: 8 hidden: 4096 heads: 32 vocab: 32000 experts: 48 topk: 2 }
plan p of y on odd { batch.global: 64 }`;
  await invalid('degree-divides')`${BASE}plan p of m on w { batch.global: «100» }`;
  await invalid(
    'degree-divides',
  )`${mesh('tp: «16» cp: 4')}model y { layers: 8 hidden: 4096 heads: 48 kv_heads: 6 head_dim: 64 vocab: 32000 }
plan p of y on odd { batch.global: 64 }`;
});

test('schedules', async () => {
  await valid`${BASE}plan p of m on w { batch.global: 64  pp.schedule: interleaved(chunks: 2) }`;
  const { findings } = await invalid(
    'schedule-microbatches',
  )`${BASE}plan p of m on w { batch.global: 56  pp.schedule: «interleaved(chunks: 2)» }`;
  expect(findings[0]!.fixes!.map(f => f.title)).toEqual(['Set batch.global: 64', "Replace by '1f1b'"]);
  await invalid(
    'schedule-layers',
  )`${BASE}plan p of m on w { batch.global: 64  pp.schedule: «interleaved(chunks: 8)» }`;
  await invalid('schedule-layers')`${BASE}plan p of m on w { batch.global: 64  pp.layers: «[4, 5]» }`;
  await invalid(
    'schedule-layers',
  )`${BASE}plan p of m on w { batch.global: 64  pp.layers: «balanced(first: 9)» }`;
});

test('every schedule is priced, and asks for what it needs', async () => {
  for (const [text, schedule] of [
    ['zero_bubble', { kind: 'zero_bubble', variant: 'h1' }],
    ['zero_bubble(h2)', { kind: 'zero_bubble', variant: 'h2' }],
    ['zero_bubble(v)', { kind: 'zero_bubble', variant: 'v' }],
    ['v_half', { kind: 'v_half' }],
    ['v_min', { kind: 'v_min' }],
    ['dualpipe', { kind: 'dualpipe' }],
    ['circular(2)', { kind: 'circular', chunks: 2 }],
  ] as const) {
    const { report, findings } =
      await valid`${BASE}plan p of m on w { batch.global: 64  pp.schedule: ${text} assert step_time < 100s }`;
    const [plan] = report.plans;
    expect(plan!.spec!.pp.schedule, text).toEqual(schedule);
    expect(plan!.claims.map(({ holds }) => holds)).toEqual([true]);
    expect(findings.filter(({ code }) => code === 'not-priced')).toEqual([]);
  }
  await invalid('argument')`${BASE}plan p of m on w { batch.global: 64  pp.schedule: «circular()» }`;
  const { findings } = await invalid(
    'schedule-microbatches',
  )`${BASE}plan p of m on w { batch.global: 8  pp.schedule: «dualpipe» }`;
  expect(findings[0]!.severity).toBe('error');
  expect(findings[0]!.message).toContain('at least 4 on 2 stages');
  expect(findings[0]!.fixes!.map(f => f.title)).toEqual(['Set batch.global: 32', "Replace by '1f1b'"]);
});

test('an accumulation that the stage of ZeRO rules out is said to change nothing', async () => {
  const note = async (options: string) =>
    (await analyse(`${BASE}plan p of m on w { batch.global: 64  ${options} }`)).findings
      .filter(f => f.code === 'not-priced')
      .map(f => f.message);
  expect(await note('dp.zero: 1  dp.accumulate: sharded')).toEqual([
    "'dp.accumulate: sharded' is not priced with ZeRO-1: gradients stay whole until the step ends.",
  ]);
  expect(await note('dp.zero: 3  dp.accumulate: local')).toEqual([]);
  expect(await note('dp.zero: 2  dp.accumulate: local')).toEqual([]);
  expect(await note('dp.zero: 2  dp.accumulate: sharded')).toEqual([]);
  expect(await note('dp.zero: 3  dp.accumulate: sharded')).toEqual([]);
  expect(await note('dp.accumulate: local')).toEqual([]);
});

test('tokens that make no whole number of sequences are no batch at all', async () => {
  const { report, findings } = await analyse(`${BASE}plan p of m on w { batch.tokens: 1Mtok }`);
  expect(findings[0]).toMatchObject({
    code: 'value-range',
    message: '1,000,000 tokens are not a whole number of sequences of 4,096. Nearest: 999,424 or 1,003,520.',
  });
  expect(report.plans[0]!.stale).toBeDefined();
});

test('a refusal is said although another plan has an error', async () => {
  // No split of experts over ranks that hold no experts is priced; plan q is wrong for a reason of its own.
  const { report, findings } = await analyse(`${BASE}mesh g on f { dp: 4  etp: 2  ep: 4 from dp }
plan q of m on w { batch.global: 64  pp.layers: [4, 5] }
plan p of x on g { }`);
  const refused = report.plans.find(plan => plan.plan === 'p')!;
  expect(refused.estimate).toBeUndefined();
  expect(findings.find(f => f.code === 'estimate-refused')).toMatchObject({
    severity: 'error',
    range: refused.nameRange,
  });
});

test('sweeps', async () => {
  const { findings } = await analyse(
    `${BASE}plan p of m on w { batch.global: 64  sweep dp.zero in [0, 1, 2]  sweep node.count in [8, 16]  sweep tp in [4, 8] }`,
  );
  // Legal; that nothing is run is said on every line.
  expect(findings.map(f => f.code)).toEqual(['not-priced', 'not-priced', 'not-priced']);
  await invalid('value-range')`${BASE}plan p of m on w { sweep dp.zero in [0, «7»] }`;
  await invalid('key-unknown')`${BASE}plan p of m on w { sweep «dp.zerro» in [0, 1] }`;
});
