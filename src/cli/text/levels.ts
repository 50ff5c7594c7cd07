/** What crosses the levels of the fabric in a step. */
import type { Estimate, LevelEstimate } from '../../engine/estimate/result.ts';
import { formatBytesDecimal, formatTime } from '../../engine/units/index.ts';
import type { Page } from './page.ts';
import { shareOf } from './step.ts';
import { table } from './table.ts';

export function levelsText({ levels }: Estimate, page: Page): string {
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
