/** Hover, asked at `<|>`. */
import { describe, expect, test } from 'vitest';
import { collectiveDerivation } from '../../src/server/derive/collective.ts';
import { collectiveTable } from '../../src/server/derive/table.ts';
import { levelBrief } from '../../src/server/hints/tooltip.ts';
import { hoverAt } from '../../src/server/hover.ts';
import { signatureHelp } from '../../src/server/signature-help.ts';
import { handmade } from './estimate.ts';
import { cursor, LLAMA, reportOf, viewFor } from './support.ts';

async function hover(old: string, marked: string): Promise<string> {
  const { text, position } = cursor(LLAMA.replace(old, marked));
  const view = await viewFor(text, { report: reportOf(text) });
  const found = hoverAt(view, position, view.services.shared);
  return found ? (found.contents as { value: string }).value : '';
}

describe('words', () => {
  test('a key: sentence, type, default', async () => {
    const text = await hover('batch.micro:', 'batch.mi<|>cro:');
    expect(text).toContain('**batch.micro**');
    expect(text).toContain('Sequences per microbatch');
    expect(text).toContain('Default: 1');
  });

  test('a number in other words, with its direction', async () => {
    expect(await hover('bandwidth: 450GB/s', 'bandwidth: 45<|>0GB/s')).toContain(
      'Line rate per chip and direction',
    );
    expect(await hover('400Gb/s\n    latency:   7us', '400<|>Gb/s\n    latency:   7us')).toContain(
      '`400Gb/s` = **50 GB/s** per chip and direction',
    );
  });

  test('an option of a value', async () => {
    expect(await hover('interleaved(', 'inter<|>leaved(')).toContain('Several chunks of layers per stage');
    expect(await hover('selective(swiglu', 'selective(swi<|>glu')).toContain('gated activation');
  });

  test('a metric: its definition and its value', async () => {
    const text = await hover('assert step_time', 'assert step<|>_time');
    expect(text).toContain('Seconds of one step.');
    expect(text).toContain('in plan `pretrain`: **9.02 s**');
    // Beside another metric it is still its own value.
    expect(await hover('2% * step_time', '2% * step<|>_time')).toContain('**9.02 s**');
    expect(await hover('exposed(dp)', 'expo<|>sed(dp)')).toContain('**2.47 s**');
  });
});

describe('names', () => {
  test('an axis: role, size, and its collectives derived', async () => {
    const text = await hover('  tp:  8 on', '  t<|>p:  8 on');
    expect(text).toContain('**axis tp**: Tensor parallel');
    expect(text).toContain('one group lies in one `node`');
    expect(text).toContain('all-gather');
    expect(text).toContain('| limit |');
  });

  test('an axis in the order is the same axis', async () => {
    expect(await hover('order: tp < cp', 'order: t<|>p < cp')).toContain('**axis tp**');
  });

  test('a level: what it is and what crosses it', async () => {
    const text = await hover('level cluster of', 'level clus<|>ter of');
    expect(text).toContain('**level cluster** of 8 pod');
    expect(text).toContain('= 50 GB/s');
    expect(text).toMatch(/cross from one child to another/);
    expect(text).toContain("**320 kJ** a step over its links (25 % of the fabric's)");
    expect(text).toContain('**4,900,000 usd** to buy');
  });

  test('how sure the energy of a level is stands beside it', () => {
    const report = reportOf(LLAMA);
    const plan = report.plans[0]!;
    plan.estimate!.assumptions.push({
      key: 'cluster.energy',
      text: '18 pJ/bit, recalled, unverified',
      confidence: 'default',
      of: 'energy',
    });
    const level = plan.estimate!.levels.find(({ name }) => name === 'cluster')!;
    expect(levelBrief({ level, plan })).toContain("of the fabric's); 18 pJ/bit, recalled, unverified");
  });

  test('a medium: its reach by lane, its energy and its price, each marked where nobody verified it', async () => {
    const text = await hover('latency:   7us', 'latency: 7us\n    media: opt<|>ics');
    expect(text).toContain('Reaches 500 m.');
    expect(text).toContain('18 pJ, from 16 pJ to 21 pJ (recalled, unverified).');
  });

  test('a chip of the standard library', async () => {
    const text = await hover('8 h100_sxm', '8 h100<|>_sxm');
    expect(text).toContain('**chip h100_sxm**');
    expect(text).toContain('peak.bf16');
  });

  test('a fabric, a mesh, a model, a plan', async () => {
    expect(await hover('on clos24k', 'on clos<|>24k')).toContain('| cluster | 8 pod |');
    expect(await hover('on clos24k', 'on clos<|>24k')).toContain('24,576 h100_sxm');
    expect(await hover('on m16k {', 'on m1<|>6k {')).toContain('tp 8 × cp 1 × pp 16 × dp 128: 16,384 ranks');
    expect(await hover('of llama3_405b', 'of llama<|>3_405b')).toContain('406 B parameters');
    expect(await hover('plan pretrain', 'plan pre<|>train')).toContain('MFU');
  });
});

describe('lines that cause traffic', () => {
  test('an axis option derives what it causes', async () => {
    const text = await hover('dp.zero:     2', 'dp.ze<|>ro:     2');
    expect(text).toContain('What is sharded over the axis');
    expect(text).toContain('all-gather of');
    expect(text).toContain('| route |');
    expect(text).toContain('Why?');
  });

  test('of several: sums first, a row each, then the derivation of the most exposed alone', async () => {
    const text = await hover('dp.zero:     2', 'dp.ze<|>ro:     2');
    const sums = text.indexOf('**8.16 s** a step, exposed **2.47 s**, 27.4 % of the step; bound on **pod**');
    const row = text.indexOf(
      '| all-gather | weights (`param_gather`) | 23.8 GiB | 8 | 0.51 s | 4.08 s | 1.24 s |',
    );
    const derived = text.indexOf('**param_gather**: all-gather of weights');
    expect(sums).toBeGreaterThan(0);
    expect(row).toBeGreaterThan(sums);
    expect(text).toContain(
      '| reduce-scatter | gradients (`grad_reduce`) | 23.8 GiB | 8 | 0.51 s | 4.08 s | 1.23 s |',
    );
    expect(derived).toBeGreaterThan(row);
    expect(text).not.toContain('**grad_reduce**');
    // One collective is its own summary.
    expect(await hover('pp.schedule:', 'pp.sche<|>dule:')).not.toContain('| what |');
  });

  test('more collectives than fit are one row of sums', () => {
    const one = handmade().collectives[0]!;
    const many = Array.from({ length: 10 }, () => ({ ...one, exposed: 0 }));
    const [sums, table] = collectiveTable(many, handmade());
    expect(sums).toBe('**3.71 s** a step, all of it hidden; bound on **node**');
    expect(table!.split('\n')).toHaveLength(2 + 8);
    expect(table).toMatch(/\| and 3 more \| {2}\| {2}\| 1,920 \| {2}\| 1.11 s \| hidden \|$/);
  });

  test('a runner-up that is hardly faster is not said to have won', () => {
    const one = handmade().collectives[0]!;
    const price = { ...one.price, time: 0.64e-3, runnerUp: { algorithm: 'direct' as const, time: 0.63e-3 } };
    const derived = collectiveDerivation({ ...one, price }, handmade());
    expect(derived).toContain("direct would take 0.63 ms, within 2 %: the library's default stays");
    expect(derived).not.toContain('as fast');
  });

  test('nothing on white space and comments', async () => {
    expect(await hover('\nmodel', '\n// com<|>ment\nmodel')).toBe('');
  });
});

describe('signature help', () => {
  async function signature(old: string, marked: string) {
    const { text, position } = cursor(LLAMA.replace(old, marked));
    const view = await viewFor(text, { report: reportOf(LLAMA) });
    return signatureHelp(view, position, view.services.shared);
  }

  test('arguments of a topology, the one at the cursor active', async () => {
    const help = await signature('fat_tree(tiers: 2)', 'fat_tree(tiers: 2, planes: <|>)');
    expect(help?.signatures[0]?.label).toBe('fat_tree(tiers:, leaf:, oversubscription:, planes:, reduce:)');
    expect(help?.activeParameter).toBe(3);
  });

  test('arguments of a metric', async () => {
    const help = await signature('exposed(dp)', 'crosses(tp, <|>)');
    expect(help?.signatures[0]?.label).toBe('crosses(axis, level)');
    expect(help?.activeParameter).toBe(1);
  });

  test('nothing outside of calls', async () => {
    expect(await signature('batch.micro:    1', 'batch.micro: <|>')).toBeNull();
  });
});
