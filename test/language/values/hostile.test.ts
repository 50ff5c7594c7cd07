import { describe, expect, it, test } from 'vitest';
import type { Example } from '../../../src/language/codes.ts';
import { exampleText } from '../../../src/language/codes.ts';
import { analyse, invalid, textAt, valid } from '../analysis/support.ts';

/** Every place where a number can stand, with ▮ for the number. */
const PLACES: [Example['in'], string][] = [
  ['chip', 'peak.bf16: ▮FLOP/s  hbm.capacity: 80GiB  hbm.bandwidth: 3TB/s'],
  ['chip', 'peak.bf16: 1PFLOP/s  hbm.capacity: ▮B  hbm.bandwidth: 3TB/s'],
  ['chip', 'peak.bf16: 1PFLOP/s  hbm.capacity: 80GiB  hbm.bandwidth: 3TB/s  sms: ▮'],
  ['level', 'bandwidth: ▮B/s'],
  ['level', 'bandwidth: 400GB/s  efficiency: ▮'],
  ['level', 'bandwidth: 400GB/s  topology: fat_tree(tiers: ▮)'],
  ['level', 'bandwidth: 400GB/s  topology: switch(oversubscription: ▮)'],
  ['model', 'layers: ▮  hidden: 4096  heads: 32  vocab: 32000'],
  ['model', 'layers: 8  hidden: ▮  heads: 32  vocab: 32000'],
  ['model', 'layers: 8  hidden: 4096  heads: ▮  vocab: 32000'],
  ['model', 'layers: 8  hidden: 4096  heads: 32  vocab: ▮'],
  ['model', 'layers: 8  hidden: 4096  heads: 32  vocab: 32000  experts: ▮'],
  ['mesh', 'tp: ▮  dp: 4'],
  ['mesh', 'tp: 8  dp: 4  ep: ▮ from dp'],
  ['plan', 'batch.global: ▮'],
  ['plan', 'batch.micro: ▮'],
  ['plan', 'batch.sequence: ▮'],
  ['plan', 'batch.tokens: ▮'],
  ['plan', 'pp.schedule: interleaved(chunks: ▮)'],
  ['plan', 'ep.imbalance: ▮'],
  ['plan', 'dp.bucket: ▮B'],
  ['plan', 'collective x: all_gather(over: dp, size: ▮B, per: step)'],
];
const HOSTILE = ['0', '-1', '1e300', '1e999', '1 / 0', '99999999999999999999'];

describe.each(PLACES)('%s { %s }', (block, template) => {
  it.each(HOSTILE)('%s is a finding at its place', async number => {
    const unit = /▮([A-Za-z/]+)/.exec(template)?.[1] ?? '';
    const value = number === '1 / 0' ? `1${unit} / 0` : number + unit;
    const { text, findings } = await analyse(
      exampleText({ in: block, text: template.replace(/▮[A-Za-z/]*/, value) }),
    );
    const said = findings.filter(f => f.severity === 'error');
    expect(said.length, text).toBeGreaterThan(0);
    const places = said.map(f => textAt(text, f));
    expect(places.some(place => place !== '' && (value.includes(place) || place.includes(value)))).toBe(true);
    expect(findings.map(f => f.code)).not.toContain('check-failed');
  });
});

describe('fractions where only whole numbers make sense', () => {
  it.each(PLACES.filter(([block]) => block === 'mesh' || block === 'model'))(
    '%s { %s }',
    async (block, template) => {
      const { text, findings } = await analyse(
        exampleText({ in: block, text: template.replace('▮', '3.5') }),
      );
      expect(findings.filter(f => f.code === 'value-range').map(f => textAt(text, f))).toContain('3.5');
    },
  );
});

test('counts of levels are whole numbers without a unit', async () => {
  const fabric = (count: string) =>
    `chip c { peak.bf16: 1PFLOP/s  hbm.capacity: 80GiB  hbm.bandwidth: 3TB/s }\nfabric f { level node of ${count} c { bandwidth: 400GB/s } }\n`;
  await valid`${fabric('8')}`;
  await invalid('value-range')`${fabric('«0»')}`;
  await invalid('value-range')`${fabric('«2.5»')}`;
  await invalid('value-range')`${fabric('«1e12»')}`;
  await invalid('unit-wrong')`${fabric('«8GB»')}`;
  await invalid('value-overflow')`${fabric('«1e999»')}`;
});

test('a fabric or a mesh whose product is absurd is a finding, not a hang', async () => {
  const levels = [1, 2, 3, 4].map(
    i => `level l${i} of 1000000 ${i === 1 ? 'c' : `l${i - 1}`} { bandwidth: 1GB/s }`,
  );
  await invalid('value-range')`chip c { peak.bf16: 1PFLOP/s  hbm.capacity: 80GiB  hbm.bandwidth: 3TB/s }
fabric «f» { ${levels.join('\n')} }`;
  await invalid.mesh('value-range')`tp: 1000000  dp: 1000000`;
});

test('values that rest on themselves', async () => {
  await invalid('value-cycle')`let a = b + 1
let b = c * 2
let c = «a»`;
  await invalid.mesh('value-cycle')`tp: «dp»  dp: tp`;
});
