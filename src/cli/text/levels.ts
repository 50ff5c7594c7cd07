/** What crosses the levels of the fabric in a step. */
import type { Estimate, LevelEstimate } from '../../engine/estimate/result.ts';
import { formatBytesDecimal, formatCount, formatEnergy, formatTime } from '../../engine/units/index.ts';
import { facts, type Page } from './page.ts';
import { shareOf } from './step.ts';
import { table } from './table.ts';

export function levelsText(estimate: Estimate, page: Page): string {
  return tableOf(estimate.levels, page) + energyText(estimate, page) + priceText(estimate, page);
}

function tableOf(levels: readonly LevelEstimate[], page: Page): string {
  return table<LevelEstimate>(
    [
      { head: 'level', cell: level => level.name },
      { head: '', cell: level => level.tier.replace('_', '-'), ink: () => 'dim', giveUp: 2 },
      { head: 'cross it', cell: level => formatBytesDecimal(level.bytes), align: 'right' },
      { head: 'mean load', cell: level => shareOf(level.load), align: 'right', giveUp: 3 },
      {
        head: 'busiest link',
        cell: level => shareOf(level.maxLoad),
        align: 'right',
        ink: level => (level.maxLoad > 1 ? 'red' : undefined),
      },
      {
        head: 'step waits',
        cell: level => (level.critical > 0 ? formatTime(level.critical) : '–'),
        align: 'right',
      },
      { head: 'most of it', cell: level => level.hottest ?? '', giveUp: 1 },
    ],
    [...levels].reverse(),
    page,
  );
}

/** `fabric energy 33.2 MJ per step · 4.37 MW on average · pod 30.1 MJ · cluster 3.1 MJ`; '' where no level names a medium. */
function energyText({ energy, levels, step }: Estimate, page: Page): string {
  const silent = levels.filter(level => level.energy === undefined);
  if (energy === undefined) {
    const named = levels.some(level => (level.energy ?? 0) > 0);
    const names = silent.map(level => level.name).join(' and ');
    return named ? facts([`fabric energy unknown: ${names} states no media`], page) : '';
  }
  if (energy === 0) return '';
  const parts = levels
    .filter(level => (level.energy ?? 0) > 0)
    .reverse()
    .map(level => `${level.name} ${formatEnergy(level.energy!)}`);
  const watts = `${formatEnergy(energy / step.time).replace('J', 'W')} on average`;
  return facts([`fabric energy ${formatEnergy(energy)} per step`, watts, ...parts], page);
}

/** `to buy: pod 49,200,000 usd`; '' where no level states a price. */
function priceText({ levels }: Estimate, page: Page): string {
  const stated = levels.filter(level => level.price !== undefined).reverse();
  const [first, ...rest] = stated.map(({ name, price }) => `${name} ${formatCount(Math.round(price!))} usd`);
  return first === undefined ? '' : facts([`to buy: ${first}`, ...rest], page);
}
