import { expect, test } from 'vitest';
import { fixed, invalid, valid } from '../analysis/support.ts';

test('unknown keys come with the nearest known one', async () => {
  const typo = await invalid.level('key-unknown')`«bandwith»: 400GB/s`;
  expect(fixed(typo, 'key-unknown')).toContain('{ bandwidth: 400GB/s }');
  const option = await invalid.plan('key-unknown')`«dp.zeros»: 2`;
  expect(fixed(option, 'key-unknown')).toContain('dp.zero: 2');
  const word = await invalid.plan('key-unknown')`«batch_global»: 64`;
  expect(fixed(word, 'key-unknown')).toContain('batch.global: 64');
  await invalid.plan('key-unknown')`«colour»: 3`;
  await invalid.plan('key-unknown')`«tp.zero»: 3`;
});

test('keys of other blocks say where they belong', async () => {
  const { findings } = await invalid.plan('key-misplaced')`«bandwidth»: 400GB/s`;
  expect(findings[0]!.message).toContain('a level');
  await invalid.chip('key-misplaced')`«layers»: 3`;
});

test('a key is stated once, whichever of its names is used', async () => {
  await invalid.plan('key-duplicate')`batch.micro: 1  «batch.micro»: 2`;
  await invalid.model(
    'key-duplicate',
  )`layers: 8  «num_hidden_layers»: 8  hidden: 4096  heads: 32  vocab: 32000`;
  await valid.model`num_hidden_layers: 8  hidden_size: 4096  num_attention_heads: 32  vocab_size: 32000`;
});

test('options go by the role of an axis, whatever its name', async () => {
  await valid.mesh`rows: 8 as tp  copies: 4 as dp  order: rows < copies`;
  const text = (plan: string) => `chip c { peak.bf16: 1PFLOP/s  hbm.capacity: 80GiB  hbm.bandwidth: 3TB/s }
fabric f { level node of 8 c { bandwidth: 400GB/s } }
model m { layers: 8  hidden: 4096  heads: 32  vocab: 32000 }
mesh w on f { copies: 8 as dp }
plan p of m on w { batch.global: 64  ${plan} }`;
  const { report } = await valid`${text('copies.zero: 2')}`;
  expect(report.plans[0]!.spec!.dp.zero).toBe(2);
  await valid`${text('dp.zero: 2')}`;
  await invalid('key-unknown')`${text('«copies.schedule»: gpipe')}`;
});

test('words and their arguments', async () => {
  await valid.level`bandwidth: 400GB/s  topology: fat_tree(tiers: 2, oversubscription: [1, 7], planes: 8)`;
  await valid.level`bandwidth: 400GB/s  topology: fully_connected`;
  const word = await invalid.level('value-unknown')`bandwidth: 400GB/s  topology: «fat_three»`;
  expect(fixed(word, 'value-unknown')).toContain('topology: fat_tree');
  const arg = await invalid.level('argument')`bandwidth: 400GB/s  topology: fat_tree(«tier: 2»)`;
  expect(fixed(arg, 'argument')).toContain('fat_tree(tiers: 2)');
  await invalid.level('argument')`bandwidth: 400GB/s  topology: fat_tree(tiers: 2, «tiers: 3»)`;
  await invalid.plan('argument')`pp.schedule: «interleaved()»`;
  await invalid.level('value-type')`bandwidth: 400GB/s  topology: «3»`;
  await invalid.plan('value-unknown')`recompute: selective(«everything»)`;
  await valid.plan`batch.global: 64  recompute: selective(attention, norm)`;
  await valid.plan`batch.global: 64  recompute: selective([attention, norm])  dp.overlap: [backward]`;
});

test('1f1b is a schedule although it lexes as a number', async () => {
  const { report } = await valid`chip c { peak.bf16: 1PFLOP/s  hbm.capacity: 80GiB  hbm.bandwidth: 3TB/s }
fabric f { level node of 8 c { bandwidth: 400GB/s } }
model m { layers: 8  hidden: 4096  heads: 32  vocab: 32000 }
mesh w on f { tp: 4 pp: 2 }
plan p of m on w { batch.global: 64  pp.schedule: 1f1b }`;
  expect(report.plans[0]!.spec!.pp.schedule).toEqual({ kind: '1f1b' });
});

test('what is legal but not priced yet is said on its line and changes nothing', async () => {
  const { findings, report } = await valid.plan`batch.global: 64  batch.document: 2048`;
  expect(findings.filter(f => f.code === 'not-priced')).toHaveLength(1);
  expect(report.plans[0]!.spec).toBeDefined();
});

test('keys and words of training frameworks lead to what is meant', async () => {
  for (const [key, right] of [
    ['batch_size', 'batch.global'],
    ['micro_batch', 'batch.micro'],
    ['seq_len', 'batch.sequence'],
    ['sequence_length', 'batch.sequence'],
  ])
    expect(fixed(await invalid.plan('key-unknown')`«${key}»: 8`, 'key-unknown')).toContain(`${right}: 8`);
  const steps = await invalid.plan('key-unknown')`«gradient_accumulation_steps»: 8`;
  expect(steps.findings[0]!.message).toContain("follows from 'batch.global'");
  for (const [word, right] of [
    ['bfloat16', 'bf16'],
    ['float16', 'fp16'],
    ['float8', 'fp8'],
  ]) {
    const found = await invalid.plan('value-unknown')`precision.compute: «${word}»`;
    expect(fixed(found, 'value-unknown')).toContain(`precision.compute: ${right}`);
  }
});

test('where few whole numbers are possible, all of them are said', async () => {
  const { findings } = await invalid.plan('value-range')`dp.zero: «5»`;
  expect(findings[0]!.message).toBe('Only 0 to 3 can stand here.');
});
