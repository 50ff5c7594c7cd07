/** One estimate for people: the verdict, then what it is made of. */
import type { Estimate } from '../../engine/estimate/result.ts';
import { formatBytesBinary, formatCount, formatFlops, formatShare } from '../../engine/units/index.ts';
import type { PlanReport } from '../../language/analysis/report.ts';
import { shortCount, verdictOf } from '../../server/verdict.ts';
import type { Paths } from '../files/paths.ts';
import { claimsText, claimsWords } from './claims.ts';
import { collectivesText } from './collectives.ts';
import { levelsText } from './levels.ts';
import { type Page, wrap } from './page.ts';
import { stepText } from './step.ts';

export function estimateText(plan: PlanReport, estimate: Estimate, page: Page, paths: Paths): string {
  return [
    verdictText(plan, estimate, page),
    section('Step', stepText(estimate, page), page),
    section('Collectives of the busiest stage', collectivesText(plan, estimate, page, paths), page),
    section('Levels', levelsText(estimate, page), page),
    section('Memory', memoryText(estimate, page), page),
    section('Claims', claimsText(plan.claims, page), page),
    section('Rests on', assumptionsText(estimate, page), page),
  ]
    .filter(text => text !== '')
    .join('\n');
}

const section = (title: string, body: string, page: Page): string =>
  body === '' ? '' : `${page.paint('bold', title)}\n${body}`;

function verdictText(plan: PlanReport, estimate: Estimate, page: Page): string {
  const { throughput, parameters, networkBound } = estimate;
  const { capacity } = estimate.levels.at(-1) ?? { capacity: estimate.chips };
  const chips =
    capacity > estimate.chips
      ? `${formatCount(estimate.chips)} of ${formatCount(capacity)} chips`
      : `${formatCount(estimate.chips)} chips`;
  const model = `${estimate.model} (${shortCount(parameters.total)} parameters${parameters.active < parameters.total ? `, ${shortCount(parameters.active)} active` : ''})`;
  const claims = claimsWords(plan.claims);
  const tokens = [
    `${formatCount(Math.round(throughput.tokensPerSecond))} tokens/s`,
    `${formatCount(throughput.tokensPerSecondPerChip)} a chip`,
    `${formatFlops(throughput.modelFlopsPerSecondPerChip)} of the model a chip`,
    `MFU ${formatShare(throughput.mfu, true)} causal, ${formatShare(throughput.mfuFull, true)} full`,
    `HFU ${formatShare(throughput.hfu, true)}`,
  ];
  const growth = networkBound.bindsAtChips
    ? `network binds ${networkBound.bound ? 'now' : `from ${formatCount(networkBound.bindsAtChips)} chips on`}${networkBound.axis ? ` (${networkBound.axis})` : ''}: ${networkBound.reason}`
    : `network does not bind: ${networkBound.reason}`;
  const line = (text: string): string => `  ${wrap(text, page.width - 2, 4)}\n`;
  return [
    `${page.paint('bold', plan.plan)}: ${model} on ${estimate.mesh}, ${chips} of ${estimate.fabric}\n`.replace(
      /chips of (\S+)\n$/,
      'chips of $1\n',
    ),
    page.paint('bold', line([verdictOf(estimate), claims].filter(text => text !== '').join(' · '))),
    line(tokens.join(' · ')),
    line(growth),
  ].join('');
}

function memoryText({ memory }: Estimate, page: Page): string {
  const fullest = memory.stages.find(stage => stage.stage === memory.peakStage);
  const where =
    memory.stages.length > 1 && fullest
      ? ` on stage ${fullest.stage} of ${memory.stages.length} (${formatCount(fullest.layers)} layers, ${formatCount(fullest.inFlight)} microbatches in flight)`
      : '';
  const over = memory.peak > memory.capacity;
  const peak = `${formatBytesBinary(memory.peak)} of ${formatBytesBinary(memory.capacity)}, ${formatShare(memory.peak / memory.capacity)}`;
  const parts = memory.parts
    .filter(part => part.bytes > 0)
    .sort((a, b) => b.bytes - a.bytes)
    .map(part => `${part.name} ${formatBytesBinary(part.bytes)}`)
    .join(' · ');
  return `  ${over ? page.paint('red', peak) : peak}${where}\n  ${wrap(parts, page.width - 2, 2)}\n`;
}

function assumptionsText({ assumptions }: Estimate, page: Page): string {
  return assumptions
    .map(({ key, text, confidence }) => `  ${wrap(`${key}: ${text} (${confidence})`, page.width - 2, 4)}\n`)
    .join('');
}
