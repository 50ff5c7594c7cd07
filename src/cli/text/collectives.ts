/** The table behind all the hints: what the step waits for longest stands first. */
import type { CollectiveEstimate, Estimate } from '../../engine/estimate/result.ts';
import { formatBytesBinary, formatCount, formatShare, formatTime } from '../../engine/units/index.ts';
import type { PlanReport } from '../../language/analysis/report.ts';
import { SAMPLED } from '../../server/derive/collective.ts';
import { PROTOCOL_NAME } from '../../server/derive/stages.ts';
import { SHORT_OP } from '../../server/hints/label.ts';
import type { Paths } from '../files/paths.ts';
import { sourceOf } from '../json/estimate.ts';
import type { Page } from './page.ts';
import { shareOf } from './step.ts';
import { type Column, table } from './table.ts';

export function collectivesText(plan: PlanReport, estimate: Estimate, page: Page, paths: Paths): string {
  const rows = estimate.collectives
    .filter(each => each.ranks > 1)
    .sort((a, b) => b.exposed - a.exposed || b.total - a.total);
  const exposed = rows.reduce((sum, each) => sum + each.exposed, 0);
  const { time } = estimate.step;
  const columns: Column<CollectiveEstimate>[] = [
    { head: 'collective', cell: each => each.name, foot: 'sum' },
    { head: 'of', cell: each => each.what, giveUp: 9 },
    { head: 'op', cell: each => SHORT_OP[each.op], giveUp: 4 },
    { head: 'over', cell: each => each.axis },
    { head: 'ranks', cell: each => formatCount(each.ranks), align: 'right', giveUp: 8 },
    { head: 'phase', cell: each => each.phase, giveUp: 6 },
    { head: 'size', cell: each => formatBytesBinary(each.bytes), align: 'right', giveUp: 2 },
    { head: 'count', cell: each => `×${formatCount(each.count)}`, align: 'right', giveUp: 3 },
    {
      head: 'each',
      cell: each => formatTime(each.price.time) + (each.price.sampled ? '~' : ''),
      align: 'right',
    },
    { head: 'total', cell: each => formatTime(each.total), align: 'right' },
    {
      head: 'exposed',
      cell: each => (each.exposed > 0 ? formatTime(each.exposed) : 'hidden'),
      align: 'right',
      ink: each => (each.exposed > 0 ? undefined : 'dim'),
      foot: formatTime(exposed),
    },
    {
      head: 'of step',
      cell: each => (each.exposed > 0 ? shareOf(each.exposed / time) : ''),
      align: 'right',
      giveUp: 1,
      foot: shareOf(exposed / time),
    },
    {
      head: 'of limit',
      cell: each => (each.price.time > 0 ? formatShare(each.price.limit / each.price.time) : ''),
      align: 'right',
      giveUp: 5,
    },
    { head: 'binds on', cell: ({ price }) => price.bottleneck.level },
    { head: 'link', cell: ({ price }) => price.bottleneck.link, giveUp: 11 },
    {
      head: 'by',
      cell: ({ price: { algorithm, protocol } }) =>
        protocol ? `${algorithm} ${PROTOCOL_NAME[protocol]}` : algorithm,
      giveUp: 10,
    },
    {
      head: 'limit set by',
      cell: ({ price }) => (price.limitExact ? price.limitBy : `${price.limitBy} (lower bound)`),
      giveUp: 12,
    },
    { head: 'line', cell: each => lineOf(plan, each, paths), align: 'right', giveUp: 7 },
  ];
  const note = rows.some(each => each.price.sampled) ? `\n~ ${SAMPLED}` : '';
  return table(columns, rows, page) + note;
}

/** The number alone in the plan's own file. */
function lineOf(plan: PlanReport, each: CollectiveEstimate, paths: Paths): string {
  const place = sourceOf(plan, each, paths);
  if (!place) return '';
  return place.file === paths.shown(plan.range.uri) ? String(place.line) : `${place.file}:${place.line}`;
}
