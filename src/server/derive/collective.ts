/** One collective, derived: what travels, how, over which link, how long, and how far that is from the fabric's limit. */
import type { CollectiveEstimate, Estimate, LinkUse } from '../../engine/estimate/result.ts';
import {
  formatBytesBinary,
  formatBytesDecimal,
  formatCount,
  formatRate,
  formatShare,
  formatTime,
} from '../../engine/units/index.ts';
import { ALGORITHM_IDEA, ALGORITHM_NAME, bytesFormula, OP_NAME } from './algorithms.ts';
import { limitKind, limitRows, ofLimit } from './limit.ts';
import { algorithmWords, PROTOCOL_NAME, stageRows, stagesWords } from './stages.ts';

/** Why a price is uncertain of which `~` stands behind the time. */
export const SAMPLED =
  'its busiest links are estimated from a sample of the endpoints, which are too many to follow all';

const sampledMark = ({ sampled }: { sampled?: boolean }): string => (sampled ? '~' : '');

/** `grad_reduce: reduce-scatter over dp, 128 ranks`. */
export const collectiveTitle = (c: CollectiveEstimate): string =>
  `**${c.name}**: ${OP_NAME[c.op]} of ${c.what} over \`${c.axis}\` (${counted(c.ranks, 'rank')})`;

/** At most four rows for a tooltip: total, one, limit, route. */
export function collectiveBrief(c: CollectiveEstimate, estimate: Estimate): string {
  const { price } = c;
  const rows = [
    `**${formatTime(c.total)}** a step: ${formatBytesBinary(c.bytes)} × ${formatCount(c.count)}, ${formatTime(price.time)}${sampledMark(price)} each${price.sampled ? ` (${SAMPLED})` : ''}`,
    exposedLine(c, estimate),
    `${howWords(c)}${runnerUp(c)}, bound by the ${price.bottleneck.link} on **${price.bottleneck.level}**`,
    `**${formatShare(ofLimit(price))}** of the fabric's limit (${formatTime(price.limit)} at line rate: ${limitKind(price)})`,
  ];
  return [collectiveTitle(c), ...rows.map(row => `- ${row}`)].join('\n');
}

/** The whole derivation of one collective, as markdown. */
export function collectiveDerivation(c: CollectiveEstimate, estimate: Estimate): string {
  const { price } = c;
  const busiest = bottleneckLink(c);
  const lines = [
    collectiveTitle(c),
    '',
    `| | | |`,
    `|---|---|---|`,
    `| size S | **${formatBytesBinary(c.bytes)}** | ${c.what}, ${phaseWords(c)} |`,
    `| leaves a rank | ${bytesFormula(c.op, price.algorithm)} | ${ideaOf(c)} |`,
    ...stageRows(price),
    ...(busiest ? linkRows(busiest, price.levels) : []),
    `| latency | **${formatTime(price.latency)}** | ${price.steps === 1 ? '1 step' : `${formatCount(price.steps)} steps one after the other`} |`,
    `| one | **${formatTime(price.time)}**${sampledMark(price)} | ${timeFormula(c, busiest)} |`,
    ...(price.sampled ? [`| sampled | ~ | ${SAMPLED} |`] : []),
    `| a step | **${formatTime(c.total)}** | × ${formatCount(c.count)} on the busiest stage |`,
    `| waits | **${formatTime(c.exposed)}** | ${exposedReason(c, estimate)} |`,
    ...limitRows(price),
  ];
  if (price.runnerUp) {
    const { algorithm, time } = price.runnerUp;
    const slower = time / price.time - 1;
    const name = ALGORITHM_NAME[algorithm];
    const how =
      slower < 0 ? wouldTake(c) : `${name}, ${slower > 0.0005 ? `${formatShare(slower)} slower` : 'as fast'}`;
    lines.push(`| runner-up | ${formatTime(time)} | ${how} |`);
  }
  return lines.join('\n');
}

/** Every link class that one collective uses, as a table. */
export function linkTable(c: CollectiveEstimate): string {
  if (c.price.links.length === 0) return '';
  const rows = c.price.links.map(
    link =>
      `| ${link.level} | ${link.link} | ${formatBytesDecimal(link.bytes)} | ${formatRate(link.capacity)} | ${formatShare(link.efficiency)} | ${formatCount(link.flows)} | ${formatShare(link.load)} |`,
  );
  return [
    '| level | link | busiest carries | line rate | reachable | flows | load |',
    '|---|---|---:|---:|---:|---:|---:|',
    ...rows,
  ].join('\n');
}

/** `1 rank`, `128 ranks`. */
const counted = (n: number, noun: string): string => `${formatCount(n)} ${noun}${n === 1 ? '' : 's'}`;

const ideaOf = (c: CollectiveEstimate): string =>
  c.op === 'send_recv'
    ? 'from one stage to the next'
    : `${algorithmWords(c.price)}: ${ALGORITHM_IDEA[c.price.algorithm]}`;

const howWords = ({ price }: CollectiveEstimate): string => {
  const parts = stagesWords(price);
  return `${algorithmWords(price)}${parts && ` (${parts})`}`;
};

const phaseWords = (c: CollectiveEstimate): string =>
  c.phase === 'step' ? 'once a step or more' : `in the ${c.phase} pass`;

const runnerUp = (c: CollectiveEstimate): string => (c.price.runnerUp ? ` (${wouldTake(c)})` : '');

/** A runner-up that is faster yet not chosen differs by less than libraries leave their default for. */
function wouldTake({ price }: CollectiveEstimate): string {
  if (!price.runnerUp) return '';
  const { algorithm, time } = price.runnerUp;
  const stays = time < price.time ? ", within 2 %: the library's default stays" : '';
  return `${ALGORITHM_NAME[algorithm]} would take ${formatTime(time)}${stays}`;
}

function exposedLine(c: CollectiveEstimate, estimate: Estimate): string {
  if (c.exposed === 0) return `hidden${c.hiddenUnder ? ` under ${c.hiddenUnder}` : ''}`;
  const rest = c.hiddenUnder && c.exposed < c.total ? `, the rest hidden under ${c.hiddenUnder}` : '';
  return `exposed **${formatTime(c.exposed)}**, ${formatShare(c.exposed / estimate.step.time, true)} of the step${rest}`;
}

function exposedReason(c: CollectiveEstimate, estimate: Estimate): string {
  if (c.exposed === 0) return `hidden${c.hiddenUnder ? ` under ${c.hiddenUnder}` : ''}`;
  const share = `${formatShare(c.exposed / estimate.step.time, true)} of the step`;
  if (!c.hiddenUnder) return `${share}; nothing hides it`;
  return c.exposed < c.total ? `${share}; the rest hides under ${c.hiddenUnder}` : share;
}

function bottleneckLink(c: CollectiveEstimate): LinkUse | undefined {
  const { level, link } = c.price.bottleneck;
  return c.price.links.find(use => use.level === level && use.link === link);
}

const linkRows = (use: LinkUse, levels: string[]): string[] => [
  `| route | ${levels.join(' → ')} | busiest: ${use.link} on **${use.level}**, ${use.flows === 1 ? 'one flow has it alone' : `${formatCount(use.flows)} flows share it`} |`,
  `| it carries | **${formatBytesDecimal(use.bytes)}** | at ${formatRate(use.capacity)}, of which ${formatShare(use.efficiency)} is reachable |`,
];

function timeFormula({ price }: CollectiveEstimate, use: LinkUse | undefined): string {
  if (price.stages) return 'its parts, chunk behind chunk, not less than the floors of its levels';
  if (!use) return 'latency + bytes over bandwidth';
  const sum = `${formatTime(price.latency)} + ${formatBytesDecimal(use.bytes)} / (${formatRate(use.capacity)} × ${formatShare(use.efficiency)})`;
  // What the library's protocol leaves of the rate, and what its chunks add, is no matter of the link.
  const library = price.protocol
    ? `, with what ${PROTOCOL_NAME[price.protocol]} keeps of the rate and its chunks add`
    : '';
  return `${sum}${library}, not less than the level's floor`;
}
