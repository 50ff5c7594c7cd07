/** What a plan asks for that does not come out even, said at its place with the nearest values that do. */
import { describe, expect, test } from 'vitest';
import { estimatePlan } from '../../../src/engine/estimate/estimate.ts';
import { analyse, invalid, valid } from '../analysis/support.ts';

const BASE = `chip c { peak.bf16: 1PFLOP/s  hbm.capacity: 80GiB  hbm.bandwidth: 3TB/s  sms: 132 }
chip old { peak.fp16: 125TFLOP/s  hbm.capacity: 32GiB  hbm.bandwidth: 900GB/s }
fabric f {
  level node of 8 c { bandwidth: 400GB/s }
  level cluster of 64 node { bandwidth: 50GB/s }
}
fabric o { level node of 8 old { bandwidth: 150GB/s } }
model m { layers: 8  hidden: 4096  heads: 32  kv_heads: 8  vocab: 32000 }
model x { layers: 8  hidden: 4096  heads: 32  vocab: 32000  experts: 60  topk: 4  expert_ffn: 2048 }
`;
const said = async (text: string, code = 'degree-divides') =>
  (await analyse(BASE + text)).findings.find(finding => finding.code === code);

describe('context', () => {
  const plan = (options: string, mesh = 'cp: 4 dp: 8  order: cp < dp') =>
    `mesh w on f { ${mesh} }\nplan p of m on w { ${options} }`;

  test('two blocks a rank are evened out, and one is enough where they are not', async () => {
    await invalid('degree-divides')`${BASE}${plan('batch.sequence: «4100»')}`;
    const found = await said(plan('batch.sequence: 4100'));
    expect(found!.message).toBe(
      '4,100 tokens of a sequence do not divide into 8 blocks, two for each of 4 ranks (cp 4). Nearest: 4,096 or 4,104.',
    );
    expect(found!.fixes!.map(fix => fix.title)).toEqual([
      'Set batch.sequence: 4096',
      'Set batch.sequence: 4104',
    ]);
    for (const option of ['cp.balance: none', 'cp.method: ulysses'])
      expect(await said(plan(`batch.sequence: 4100  ${option}`))).toBeUndefined();
  });

  test('a sequence shorter than its parts is too short', async () => {
    expect((await said(plan('batch.sequence: 4', 'cp: 8 dp: 8  order: cp < dp')))!.message).toBe(
      '4 tokens of a sequence are too few for 16 blocks, two for each of 8 ranks (cp 8). Nearest: 16.',
    );
  });

  test('without a stated sequence the axis is the place', async () => {
    await invalid('degree-divides')`${BASE}mesh w on f { cp: «6» dp: 8  order: cp < dp }
plan p of m on w { batch.global: 64 }`;
  });

  test('a hierarchy makes the ranks of the axis', async () => {
    await valid`${BASE}${plan('cp.method: hierarchical(ulysses: 2, ring: 2)')}`;
    await valid`${BASE}${plan('cp.method: hierarchical')}`;
    await invalid('degree-divides')`${BASE}${plan('cp.method: «hierarchical(ulysses: 2, ring: 4)»')}`;
    const found = await said(plan('cp.method: hierarchical(ulysses: 3)'));
    expect(found!.message).toBe(
      'ulysses 3 does not make the 4 ranks of cp. Nearest: ulysses 2 with ring 2 or ulysses 4 with ring 1.',
    );
    expect(found!.fixes![0]!.title).toBe("Change to 'hierarchical(ulysses: 2, ring: 2)'");
    const { report } = await analyse(BASE + plan('cp.method: hierarchical(ulysses: 3)'));
    expect(report.plans[0]!.estimate).toBeUndefined();
  });

  test('heads come out even on the ranks that exchange them', async () => {
    // 8 KV heads on 3 ranks are neither split nor replicated evenly.
    const found = await said(
      plan(
        'batch.sequence: 4104  cp.method: hierarchical(ulysses: 3, ring: 2)',
        'cp: 6 dp: 4  order: cp < dp',
      ).replace(
        'plan p of m',
        'model y { layers: 8 hidden: 3072 heads: 24 kv_heads: 8 vocab: 32000 }\nplan p of y',
      ),
    );
    expect(found!.message).toMatch(/24 heads \(8 KV heads\) do not come out even on 3 ranks/);
  });
});

test('more stages than layers', async () => {
  const found = await said(`mesh w on f { dp: 4 pp: 16 }\nplan p of m on w { batch.global: 64 }`);
  expect(found!.message).toBe('16 stages are more than the 8 layers of m. Nearest: 8.');
  expect(found!.fixes!.map(fix => fix.title)).toEqual(['Set pp: 8']);
});

test('experts', async () => {
  const found = await said(`mesh w on f { dp: 64 ep: 16 from dp }\nplan p of x on w { batch.global: 64 }`);
  expect(found!.message).toBe('ep 16 does not divide 60 experts of x. Nearest: 15 or 20.');
});

test('the batch, in sequences or in tokens', async () => {
  const mesh = 'mesh w on f { tp: 8  dp: 8  order: tp < dp }\n';
  await invalid('degree-divides')`${BASE}${mesh}plan p of m on w { batch.global: «100» }`;
  const found = await said(`${mesh}plan p of m on w { batch.tokens: 409600  batch.sequence: 4096 }`);
  expect(found!.fixes!.map(fix => fix.title)).toEqual([
    'Set batch.tokens: 393216',
    'Set batch.tokens: 425984',
  ]);
});

test('a precision that the chip does not have', async () => {
  await invalid('precision-missing')`${BASE}mesh w on o { dp: 8 }
plan p of m on w { precision.compute: «fp8» }`;
  const mesh = 'mesh w on o { dp: 8 }\n';
  const found = await said(`${mesh}plan p of m on w { precision.compute: fp8 }`, 'precision-missing');
  expect(found!.message).toBe("The chip 'old' has no peak.fp8: it has fp16, bf16.");
  expect(found!.fixes!.map(fix => fix.title)).toEqual(['Compute in fp16', 'Compute in bf16']);
  // One 16-bit format runs at the rate of the other.
  expect(await said(`${mesh}plan p of m on w { batch.global: 8 }`, 'precision-missing')).toBeUndefined();
});

test.each([
  ['cp.balance: none  cp.method: ulysses', 'ranks that exchange heads see the whole sequence and are even'],
  ['ep.sms: 20', "nothing computes beside dispatch and combine without 'ep.overlap'"],
  ['ep.dispatcher: all_gather  ep.max_nodes: 2', 'gathered tokens go to all ranks'],
  ['ep.overlap: shared_experts', "the model 'x' has no shared experts"],
  ['dp.zero: 0  dp.gather: fp8', 'weights are gathered from zero 1 on'],
])('%s changes nothing', async (options, why) => {
  const { findings } = await analyse(`${BASE}mesh w on f { cp: 2 dp: 30 ep: 10 from dp  order: cp < dp }
plan p of x on w { batch.global: 60  ${options} }`);
  const found = findings.filter(finding => finding.code === 'key-without-effect');
  expect(found.map(finding => finding.message)).toEqual([`This changes nothing: ${why}.`]);
});

test('beside an axis that shards, data parallelism only holds copies', async () => {
  const plan = (axes: string, zero: number) =>
    said(
      `mesh w on f { ${axes} }\nplan p of m on w { batch.global: 64  dp.zero: ${zero} }`,
      'key-without-effect',
    );
  expect((await plan('fsdp: 8 dp: 4', 1))!.message).toBe(
    "This changes nothing: dp holds copies of what fsdp shards: 'fsdp.zero' says what that is.",
  );
  expect(await plan('fsdp: 8 dp: 4', 0)).toBeUndefined();
  expect(await plan('fsdp: 1 dp: 4', 1)).toBeUndefined();
});

test('an option of the plan that another is like is judged where it stands', async () => {
  const { findings } = await analyse(`${BASE}mesh w on f { dp: 30 ep: 10 from dp }
plan p of x on w { batch.global: 60  ep.overlap: true  ep.sms: 20 }
plan q like p { ep.overlap: false }`);
  expect(findings.filter(finding => finding.code === 'key-without-effect')).toEqual([]);
});

test('more multiprocessors than the chip has', async () => {
  await invalid('value-range')`${BASE}mesh w on f { dp: 30 ep: 10 from dp }
plan p of x on w { batch.global: 60  ep.overlap: true  ep.sms: «132» }`;
});

test('experts split and spread over the same ranks are refused', async () => {
  const { report } = await analyse(`${BASE}mesh w on f { tp: 4 dp: 4 ep: 4 from tp * dp  etp: 4 from tp }
plan p of x on w { batch.global: 64 }`);
  expect(report.plans[0]!.refusals.map(refusal => refusal.message)).toEqual([
    'Axes ep and etp would split experts over the same ranks: derive them from different axes, or from an axis large enough for both.',
  ]);
});

test('options reach the engine as they are written', async () => {
  const { report } = await analyse(`${BASE}mesh w on f { cp: 8 dp: 8 ep: 4 from dp * cp  order: cp < dp }
plan p of x on w {
  batch.global: 64  batch.sequence: 8192  noise: 2%
  cp.method: hierarchical(ulysses: 4)  cp.balance: none  dp.gather: fp8
  ep.overlap: microbatch  ep.sms: 20  ep.dispatcher: all_gather
}`);
  const { spec } = report.plans[0]!;
  expect(spec).toMatchObject({
    noise: 0.02,
    cp: { method: 'hierarchical', ulysses: 4, balance: 'none' },
    dp: { gather: 'fp8' },
    ep: { overlap: 'microbatch', sms: 20, dispatcher: 'all_gather' },
  });
  expect(estimatePlan(spec!).ok).toBe(true);
});
