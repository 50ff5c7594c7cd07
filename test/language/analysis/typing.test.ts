/** While someone types: damaged declarations keep their last good version, everything else keeps its numbers. */
import { expect, test } from 'vitest';
import { createAnalysis } from './support.ts';

const CHIP = 'chip c { peak.bf16: 1PFLOP/s  hbm.capacity: 80GiB  hbm.bandwidth: 3TB/s }';
const FABRIC = `fabric f {
  level node of 8 c { bandwidth: 400GB/s }
  level cluster of 4 node { bandwidth: 50GB/s }
}`;
const MODEL = 'model m { layers: 8  hidden: 4096  heads: 32  vocab: 32000 }';
const MESH = `mesh w on f {
  tp: 8
  dp: 4
  order: tp < dp
}`;
const PLAN = `plan p of m on w {
  batch.global: 64
  dp.zero: 2
}`;
const whole = [CHIP, FABRIC, MODEL, MESH, PLAN].join('\n');
const URI = '/plans/typing.shard';

async function afterWhole(edited: string) {
  const editor = createAnalysis();
  const before = await editor.analyse(whole, URI);
  const after = await editor.analyse(edited, URI);
  return { before: before.report.plans[0]!, after: after.report.plans[0], findings: after.findings, editor };
}

test.each([
  ['a value is missing', whole.replace('dp.zero: 2', 'dp.zero: ')],
  ['a key is half typed', whole.replace('dp.zero: 2', 'dp.zero: 2\n  dp.ov')],
  ['a key ends in a dot', whole.replace('dp.zero: 2', 'dp.zero: 2\n  tp.')],
  ['the unit is missing in the fabric', whole.replace('bandwidth: 50GB/s', 'bandwidth: 50')],
  ['a key of the fabric is misspelled', whole.replace('bandwidth: 50GB/s', 'bandwith: 50GB/s')],
  ['the order dangles', whole.replace('order: tp < dp', 'order: tp <')],
  ['a degree is missing', whole.replace('dp: 4', 'dp: ')],
  ['a size of the model is half typed', whole.replace('hidden: 4096', 'hidden: ')],
  ['the model loses its brace', whole.replace('vocab: 32000 }', 'vocab: 32000 ')],
])('%s: the step time stays and the plan says that it is stale', async (_, edited) => {
  const { before, after, findings } = await afterWhole(edited);
  expect(findings.some(f => f.severity === 'error')).toBe(true);
  expect(after?.estimate?.step.time).toBe(before.estimate!.step.time);
  expect(after?.stale?.reason).toMatch(/line \d+/);
});

test('the brace of the fabric is missing: nothing loses its numbers', async () => {
  const { before, after } = await afterWhole(
    whole.replace(
      '  level cluster of 4 node { bandwidth: 50GB/s }\n}',
      '  level cluster of 4 node { bandwidth: 50GB/s }\n',
    ),
  );
  expect(after?.estimate?.step.time).toBe(before.estimate!.step.time);
});

test('the rest of a damaged file moves with its edits', async () => {
  const { before, after } = await afterWhole(
    whole.replace('dp.zero: 2', 'dp.zero: 2\n  recompute: ').replace('bandwidth: 50GB/s', 'bandwidth: 5GB/s'),
  );
  expect(after!.stale).toBeDefined();
  expect(after!.estimate!.step.time).toBeGreaterThan(before.estimate!.step.time);
});

test('another plan of the file is not stale', async () => {
  const editor = createAnalysis();
  const two = `${whole}\nplan q of m on w { batch.global: 64 }`;
  await editor.analyse(two, URI);
  const { report } = await editor.analyse(two.replace('dp.zero: 2', 'dp.zero: '), URI);
  expect(report.plans.map(p => [p.plan, p.stale !== undefined, p.estimate !== undefined])).toEqual([
    ['p', true, true],
    ['q', false, true],
  ]);
});

test('completing the text ends it', async () => {
  const { editor } = await afterWhole(whole.replace('dp.zero: 2', 'dp.zero: '));
  const { report } = await editor.analyse(whole.replace('dp.zero: 2', 'dp.zero: 3'), URI);
  expect(report.plans[0]!.stale).toBeUndefined();
  expect(report.plans[0]!.spec!.dp.zero).toBe(3);
});

test('what the text no longer has is forgotten', async () => {
  const editor = createAnalysis();
  await editor.analyse(whole, URI);
  await editor.analyse([CHIP, FABRIC, MESH, PLAN].join('\n'), URI);
  const { report } = await editor.analyse(
    `${[CHIP, FABRIC, MESH, PLAN].join('\n')}\nmodel m { layers: `,
    URI,
  );
  expect(report.plans[0]!.estimate).toBeUndefined();
});

test('a rule that is broken is refused, not papered over with an older version', async () => {
  const { after, findings } = await afterWhole(whole.replace('dp: 4', 'dp: 40'));
  expect(after!.estimate).toBeUndefined();
  expect(after!.refusals.map(r => r.code)).toContain('mesh-product');
  expect(findings.map(f => f.code)).toEqual(['mesh-product', 'degree-divides']);
});

test('places of a damaged mesh are those of the text as it stands', async () => {
  const { after } = await afterWhole(`// one more line\n${whole.replace('order: tp < dp', 'order: tp <')}`);
  const zero = after!.estimate!.collectives.find(c => c.name === 'grad_reduce')!;
  expect(after!.locate(zero.causes)!.start.line).toBe(
    whole.split('\n').findIndex(l => l.includes('dp.zero')) + 1,
  );
});
