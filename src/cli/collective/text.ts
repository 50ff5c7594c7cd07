/** A quote for people. */
import type { CollectivePrice, LinkUse } from '../../engine/estimate/result.ts';
import {
  formatBytesDecimal,
  formatCount,
  formatRate,
  formatShare,
  formatTime,
} from '../../engine/units/index.ts';
import { SAMPLED } from '../../server/derive/collective.ts';
import { limitKind, reachableWords } from '../../server/derive/limit.ts';
import { PROTOCOL_NAME, stageParts } from '../../server/derive/stages.ts';
import type { Page } from '../text/page.ts';
import { table } from '../text/table.ts';
import type { Quote } from './quote.ts';

/** `size` as it was typed. */
export function collectiveText(quoted: Quote, size: string, page: Page): string {
  const { price } = quoted;
  const head = `${page.paint('bold', `${price.op} of ${size}`)} ${whereWords(quoted)}\n`;
  if (price.time === 0) return `${head}  One rank alone: nothing travels.\n`;
  const next = price.runnerUp ? nextBest(price.runnerUp, price.time) : '';
  const rows = [
    ['time', `${formatTime(price.time)}${price.sampled ? '~' : ''} by ${byWords(price)}${next}`],
    ...(price.sampled ? [['', `~ ${SAMPLED}`] as [string, string]] : []),
    ...stageParts(price).map(({ words, how, time }): [string, string] => [
      '',
      `${words}: ${time} alone, ${how}`,
    ]),
    ['algbw', `${formatRate(quoted.algbw!)} (size over time)`],
    ['busbw', `${formatRate(quoted.busbw!)} (as nccl-tests counts it)`],
    [
      'limit',
      `${formatTime(price.limit)} at line rate; ${formatShare(price.limit / price.time)} of it reached`,
    ],
    ['', `set by ${limitKind(price)}`],
    ...(price.reachable === undefined ? [] : [['', reachableWords(price)] as [string, string]]),
    [
      'latency',
      `${formatTime(price.latency)} in ${formatCount(price.steps)} step${price.steps === 1 ? '' : 's'}`,
    ],
    ['route', price.levels.join(', ')],
    ['binds', `${price.bottleneck.link} of ${price.bottleneck.level}`],
    ...crossingRow(quoted),
  ] as const;
  const verdict = table(
    [
      { head: '', cell: ([name]) => name, ink: () => 'dim' as const },
      {
        head: '',
        cell: ([, text]) => text,
        ink: ([name]) => (name === 'time' ? ('bold' as const) : undefined),
      },
    ],
    rows,
    page,
  );
  return `${head}${verdict}\n${page.paint('bold', 'Links while it runs')}\n${linksText(quoted, page)}`;
}

/** As the command line names it, with the library's protocol. */
function byWords({ algorithm, protocol, chunks = 1, stages }: CollectivePrice): string {
  const chunked = stages ? ` in ${chunks === 1 ? 'one chunk' : `${formatCount(chunks)} chunks`}` : '';
  return protocol ? `${algorithm} (${PROTOCOL_NAME[protocol]})` : `${algorithm}${chunked}`;
}

function whereWords({ request, price, groups }: Quote): string {
  const { axis, mesh, fabric, chips } = request;
  const place = mesh ? `${mesh} on ${fabric.name}` : fabric.name;
  const among =
    groups === 1
      ? `all ${formatCount(chips)} chips`
      : `${axis}: ${formatCount(groups)} groups of ${formatCount(price.ranks)} ranks at once,`;
  return groups === 1 ? `over ${among} of ${place}` : `over ${among} ${place}`;
}

/** The default algorithm stays where another is faster by too little to change for: that is no "next best". */
function nextBest(runnerUp: { algorithm: string; time: number }, time: number): string {
  const other = `${runnerUp.algorithm}, ${formatTime(runnerUp.time)}`;
  return runnerUp.time < time ? `; hardly faster would be ${other}` : `; next best ${other}`;
}

function crossingRow({ crossing }: Quote): [string, string][] {
  if (!crossing) return [];
  const { bytesPerChip, rate, link } = crossing;
  return [
    ['crossing', `${formatBytesDecimal(bytesPerChip)} a chip over ${link.link}, ${formatRate(rate)} a chip`],
  ];
}

function linksText({ price }: Quote, page: Page): string {
  const binds = ({ level, link }: LinkUse): boolean =>
    level === price.bottleneck.level && link === price.bottleneck.link;
  return table<LinkUse>(
    [
      { head: 'level', cell: use => use.level },
      { head: 'link', cell: use => use.link },
      { head: 'busiest carries', cell: use => formatBytesDecimal(use.bytes), align: 'right' },
      { head: 'line rate', cell: use => formatRate(use.capacity), align: 'right' },
      { head: 'reachable', cell: use => formatShare(use.efficiency), align: 'right', giveUp: 2 },
      { head: 'flows', cell: use => formatCount(use.flows), align: 'right', giveUp: 1 },
      { head: 'load', cell: use => formatShare(use.load), align: 'right' },
      { head: '', cell: use => (binds(use) ? 'binds' : ''), ink: () => 'yellow' as const },
    ],
    price.links,
    page,
  );
}
