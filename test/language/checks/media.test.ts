/** Media in the language: `media-reach`, what a level's keys become, claims about energy. */
import { describe, expect, test } from 'vitest';
import { analyse, fixed, invalid, valid } from '../analysis/support.ts';

describe('a cable longer than its medium reaches', () => {
  test('is said at the length, with the media that reach', async () => {
    const result = await invalid.level(
      'media-reach',
    )`bandwidth: 400GB/s  media: copper  lane: 100Gb/s  length: «5m»`;
    const finding = result.findings.find(f => f.code === 'media-reach')!;
    expect(finding).toMatchObject({
      severity: 'error',
      message:
        "copper at 100G per lane reaches 2 m, this level's longest cable is 5 m: use aec (7 m) or optics (500 m).",
    });
    expect(finding.fixes!.map(({ title }) => title)).toEqual([
      "Use 'aec', which reaches 7 m",
      "Use 'optics', which reaches 500 m",
    ]);
    const after = await analyse(fixed(result, 'media-reach'));
    expect(after.text).toContain('media: aec');
    expect(after.findings.filter(f => f.code === 'media-reach')).toEqual([]);
  });

  test.each([
    ['media: copper  lane: 50Gb/s  length: 3m', true],
    ['media: copper  lane: 106.25Gb/s  length: 2m', true],
    ['media: copper  lane: 200Gb/s  length: 1.5m', false],
    ['media: copper  lane: 200Gb/s  length: 1.5m  reach: 2m', true],
    ['media: optics  length: 500m', true],
    ['media: optics  length: 500.1m', false],
    ['media: optics  length: 2km  reach: 2km', true],
    ['length: 100km', true],
    ['media.local: copper  media.global: optics  length: 30m', true],
    ['media: copper  media.global: aec  length: 30m', false],
  ])('%s: %s', async (keys, reaches) => {
    const text = `chip c { peak.bf16: 1PFLOP/s  hbm.capacity: 80GiB  hbm.bandwidth: 3TB/s }
fabric f { level node of 8 c { bandwidth: 400GB/s  ${keys} } }`;
    const { findings } = await analyse(text);
    expect(findings.map(f => f.code)).toEqual(reaches ? [] : ['media-reach']);
  });

  test('a lane that is not stated is said to be assumed, a reach that nobody verified is marked', async () => {
    const assumed = await invalid.level('media-reach')`bandwidth: 400GB/s  media: copper  length: «5m»`;
    expect(assumed.findings[0]!.message).toContain(
      'copper at 100G per lane (no lane is stated) reaches 2 m,',
    );
    const unsure = await invalid.level(
      'media-reach',
    )`bandwidth: 400GB/s  media: copper  lane: 200Gb/s  length: «2m»`;
    expect(unsure.findings[0]!.message).toContain('reaches 1 m (recalled, unverified),');
  });

  test('beyond every medium, and beyond a stated reach', async () => {
    const far = await invalid.level('media-reach')`bandwidth: 400GB/s  media: optics  length: «2km»`;
    expect(far.findings[0]!.message).toContain('state the `reach` of the modules that span it');
    expect(far.findings[0]!.fixes).toBeUndefined();
    const own = await invalid.level(
      'media-reach',
    )`bandwidth: 400GB/s  media: optics  reach: 40m  length: «50m»`;
    expect(own.findings[0]!.message).toBe("Links here reach 40 m, this level's longest cable is 50 m.");
    expect(own.findings[0]!.related).toHaveLength(1);
  });

  test('the fix changes the medium of the longest cable', async () => {
    const result = await invalid.level(
      'media-reach',
    )`bandwidth: 400GB/s  media: copper  media.global: aec  length: «30m»`;
    const after = fixed(result, 'media-reach');
    expect(after).toContain('media: copper  media.global: aoc');
  });
});

const chip = 'chip c { peak.bf16: 1PFLOP/s  hbm.capacity: 80GiB  hbm.bandwidth: 3TB/s }';
const model = 'model m { layers: 8  hidden: 4096  heads: 32  vocab: 32000 }';
const plan = (cluster: string, claim = '') => `${chip}
fabric f {
  level node of 8 c { bandwidth: 400GB/s  media: copper }
  level cluster of 4 node { bandwidth: 50GB/s  ${cluster} }
}
${model}
mesh w on f { tp: 8  dp: 4 }
plan p of m on w { batch.global: 64  ${claim} }
`;

describe('what a level is made of', () => {
  test('becomes SI units; own values win', async () => {
    const { report } =
      await valid`${plan('media: optics  lane: 200Gb/s  length: 30m  energy: 12pJ/bit  reach: 40m')}`;
    const [node, cluster] = report.plans[0]!.spec!.fabric.levels;
    expect(cluster).toMatchObject({ lane: 200e9, length: 30 });
    expect(cluster!.cables!.local).toMatchObject({ medium: 'optics', reach: 40, energyFrom: 'stated' });
    expect(cluster!.cables!.local!.energyPerBit).toBeCloseTo(12e-12, 18);
    expect(node!.cables!.local).toMatchObject({ medium: 'copper', reach: 2, energyPerBit: 0 });
    expect(node!.length).toBeUndefined();
  });

  test('local and global parts; nothing is assumed of a level that names no medium', async () => {
    const { report } = await valid`${plan('media.local: copper  media.global: cpo  lane: 200Gb/s')}`;
    const { cables } = report.plans[0]!.spec!.fabric.levels[1]!;
    expect([cables!.local!.medium, cables!.global!.medium]).toEqual(['copper', 'cpo']);
    const silent = await valid`${plan('')}`;
    expect(silent.report.plans[0]!.spec!.fabric.levels[1]!.cables).toBeUndefined();
    expect(silent.report.plans[0]!.estimate!.energy).toBeUndefined();
  });

  test('none of its keys is said to be without influence', async () => {
    const { findings } =
      await valid`${plan('media: optics  media.local: aec  media.global: lpo  lane: 100Gb/s  length: 5m  reach: 6m  energy: 9pJ/bit  price: 1usd/Gbps')}`;
    expect(findings.filter(f => f.code === 'not-priced')).toEqual([]);
  });
});

describe('what a level costs to buy', () => {
  const price = async (keys: string) =>
    (await valid`${plan(keys)}`).report.plans[0]!.estimate!.levels.map(level => level.price);

  test('by line rate, or by unit; spares are bought, too', async () => {
    // 32 chips of 400 Gb/s; one cluster.
    expect((await price('price: 2usd/Gbps'))[1]).toBeCloseTo(32 * 400 * 2, 6);
    expect(await price('price: 5000usd')).toEqual([undefined, 5000]);
    expect(await price('')).toEqual([undefined, undefined]);
    const node = plan('').replace('bandwidth: 400GB/s', 'price: 5000usd  bandwidth: 400GB/s');
    expect((await valid`${node}`).report.plans[0]!.estimate!.levels[0]!.price).toBe(4 * 5000);
  });
});

describe('claims about energy', () => {
  const energy = async (cluster: string) =>
    (await valid`${plan(cluster)}`).report.plans[0]!.estimate!.energy!;

  test('the same plan on pluggable and on co-packaged optics: 18 to 5.6', async () => {
    for (const lane of ['', 'lane: 200Gb/s']) {
      const ratio = (await energy(`media: optics  ${lane}`)) / (await energy(`media: cpo  ${lane}`));
      expect(ratio).toBeCloseTo(18 / 5.6, 9);
    }
  });

  test('hold or fail, with units', async () => {
    const joules = await energy('media: optics');
    const above = `assert energy < ${joules * 1.01}J  assert energy / step_time < 1MW`;
    const { report } = await valid`${plan('media: optics', above)}`;
    expect(report.plans[0]!.claims.map(c => c.holds)).toEqual([true, true]);
    expect(report.plans[0]!.claims[0]!.actual).toMatch(/^[\d.,]+ k?J$/);
    const { findings } = await analyse(plan('media: optics', `assert energy < ${joules * 0.99}J`));
    expect(findings.find(f => f.code === 'assert-failed')!.message).toMatch(
      /^energy is [\d.,]+ k?J, claimed/,
    );
  });

  test('without a medium they cannot be judged, and it is said which level lacks it', async () => {
    const { findings } = await analyse(plan('', 'assert energy < 10kJ'));
    expect(findings.find(f => f.code === 'claim-unpriced')!.message).toContain(
      "'cluster' of the fabric states no 'media'",
    );
  });
});
