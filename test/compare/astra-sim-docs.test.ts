/** docs/astra-sim.md says what the program computes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CLASSES } from '../../scripts/astra-sim/classes.ts';
import { compare } from '../../scripts/astra-sim/compare.ts';
import { crossing } from '../../scripts/astra-sim/example.ts';
import { REASONS, type Reason } from '../../scripts/astra-sim/reasons.ts';
import { readTable } from '../../scripts/astra-sim/table.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/astra-sim.md'), 'utf8');
const runs = readFileSync(join(import.meta.dirname, 'fixtures/astra-sim-runs.csv'), 'utf8');

test('the classes and their counts', () => {
  const { counts, must_agree: strict, model_exact: exact } = compare(readTable(runs));
  for (const each of CLASSES)
    expect(page).toContain(`| \`${each}\` | ${counts.predicted[each]} | ${counts.observed[each]} |`);
  expect(page).toContain(`${exact} of ${counts.rows} recorded times`);
  expect(page).toContain(`${strict.agreeing} of ${strict.rows} rows agree`);
  expect(page).toContain(`the worst is ${(100 * strict.worst!).toFixed(2)} % off`);
});

test('the reasons and how often each is the strongest', () => {
  const strongest = new Map<Reason, number>();
  for (const { reasons } of compare(readTable(runs)).rows)
    if (reasons[0]) strongest.set(reasons[0], (strongest.get(reasons[0]) ?? 0) + 1);
  for (const [reason, text] of Object.entries(REASONS))
    expect(page).toContain(`| \`${reason}\` | ${strongest.get(reason as Reason) ?? 0} | ${text} |`);
});

test('the crossing that is not charged', () => {
  const figures = crossing();
  // Recorded with the simulator itself: 1.072 and 9.76 ms.
  expect(figures.unaware).toBeCloseTo(1.072, 3);
  expect(figures.aware).toBeCloseTo(9.76, 2);
  // By hand: 30 steps of 16 MiB over one card of 50 x 2^30 bytes/s; (15/8 x 256 MiB) over 500 x 2^30 bytes/s.
  expect(figures.oneCard).toBeGreaterThan((30 * 16 * 1e3) / 1024 / 50);
  expect(figures.limit).toBeCloseTo(((15 / 8) * 256e3) / 1024 / 500, 6);
  const rows: [string, number][] = [
    ['congestion-unaware, one flat ring', figures.unaware],
    ['the same ring', figures.aware],
    ['one network card of each node', figures.oneCard],
    ['through all eight network cards', figures.ring],
    ['ours, halving-doubling', figures.halvingDoubling],
    ['gather in the nodes', figures.phases],
    ['on both networks together', figures.limit],
  ];
  for (const [what, time] of rows) expect(page).toContain(`${what} | ${time.toFixed(2)} |`);
  expect(page).toContain(`the bound is ${figures.decimalLimit.toFixed(2)} ms`);
  for (const time of [figures.ring, figures.halvingDoubling, figures.phases]) {
    expect(time).toBeGreaterThan(1.05);
    expect(time).toBeLessThan(1.7);
  }
});
