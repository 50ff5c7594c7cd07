/** One estimate for people: the verdict, then what it is made of. */
import type { Estimate } from '../../engine/estimate/result.ts';
import { formatBytesBinary, formatCount, formatFlops, formatShare } from '../../engine/units/index.ts';
import type { PlanReport } from '../../language/analysis/report.ts';
import { refusalWords, shortCount, verdictOf } from '../../server/verdict.ts';
import type { Paths } from '../files/paths.ts';
import { claimsText, claimsWords } from './claims.ts';
import { collectivesText } from './collectives.ts';
import { levelsText } from './levels.ts';
import { facts, type Page, wrap } from './page.ts';
import { stepText } from './step.ts';

export function estimateText(plan: PlanReport, estimate: Estimate, page: Page, paths: Paths): string {
  const collectives =
    estimate.stages.length > 1 ? `Collectives of stage ${estimate.busiestStage}, the busiest` : 'Collectives';
  return [
    verdictText(plan, estimate, page),
    section('Step', stepText(estimate, page), page),
    section(collectives, collectivesText(plan, estimate, page, paths), page),
    section('Levels', levelsText(estimate, page), page),
    section('Memory', memoryText(estimate, page), page),
    section('Claims', claimsText(plan.claims, page), page),
    section('Rests on', assumptionsText(estimate, page), page),
  ]
    .filter(text => text !== '')
    .join('\n');
}

/** Why a plan has no numbers, in the place where they would stand. */
export function withoutEstimate(plan: PlanReport, page: Page): string {
  const why = plan.stale ? `No estimate: ${plan.stale.reason}` : refusalWords(plan);
  return `${page.paint('bold', plan.plan)}\n  ${wrap(why, page.width - 2, 2)}\n`;
}

const section = (title: string, body: string, page: Page): string =>
  body === '' ? '' : `${page.paint('bold', title)}\n${body}`;

function verdictText(plan: PlanReport, estimate: Estimate, page: Page): string {
  const { throughput } = estimate;
  const rates = [
    `${formatCount(Math.round(throughput.tokensPerSecond))} tokens/s`,
    `${formatCount(throughput.tokensPerSecondPerChip)} per chip`,
    `${formatFlops(throughput.modelFlopsPerSecondPerChip)} per chip`,
    `MFU ${formatShare(throughput.mfuFull, true)} with full attention`,
    `HFU ${formatShare(throughput.hfu, true)}`,
  ];
  return [
    `${page.paint('bold', plan.plan)}  ${wrap(subjectOf(estimate), page.width - plan.plan.length - 2, 2)}\n`,
    page.paint('bold', facts([verdictOf(estimate), claimsWords(plan.claims)], page)),
    facts(rates, page),
    `  ${wrap(growthOf(estimate), page.width - 2, 4)}\n`,
  ].join('');
}

/** `llama3_405b (406 B parameters) on m16k, 16,384 of 24,576 chips of clos24k`. */
function subjectOf({ parameters, model, mesh, fabric, chips, levels }: Estimate): string {
  const capacity = levels.at(-1)?.capacity ?? chips;
  const active = parameters.active < parameters.total ? `, ${shortCount(parameters.active)} active` : '';
  const used = capacity > chips ? `${formatCount(chips)} of ${formatCount(capacity)}` : formatCount(chips);
  return `${model} (${shortCount(parameters.total)} parameters${active}) on ${mesh}, ${used} chips of ${fabric}`;
}

/** Where the network binds when the plan grows, or how far that was looked at. */
function growthOf({ networkBound }: Estimate): string {
  const { bound, bindsAtChips, axis, reason } = networkBound;
  if (bindsAtChips === null) return `more chips: ${reason}`;
  const where = bound
    ? 'the network binds already'
    : `the network binds from ${formatCount(bindsAtChips)} on`;
  return `more chips: ${where}${axis ? ` (${axis})` : ''}, ${reason}`;
}

function memoryText({ memory }: Estimate, page: Page): string {
  const fullest = memory.stages.find(stage => stage.stage === memory.peakStage);
  const many = fullest && memory.stages.length > 1;
  const stage = many
    ? [
        `on stage ${fullest.stage} of 0–${memory.stages.length - 1}`,
        `${formatCount(fullest.layers)} layers`,
        `${formatCount(fullest.inFlight)} microbatches in flight`,
      ]
    : [];
  const peak = `${formatBytesBinary(memory.peak)} of ${formatBytesBinary(memory.capacity)}, ${formatShare(memory.peak / memory.capacity)}`;
  const parts = memory.parts
    .filter(part => part.bytes > 0)
    .sort((a, b) => b.bytes - a.bytes)
    .map(part => `${part.name} ${formatBytesBinary(part.bytes)}`);
  const head = facts([peak, ...stage], page);
  const beside = [
    `reserved ${formatBytesBinary(memory.reserved)}`,
    ...(memory.outside > 0 ? [`${formatBytesBinary(memory.outside)} outside the allocator`] : []),
  ];
  return (
    (memory.peak > memory.capacity ? page.paint('red', head) : head) +
    facts(parts, page) +
    facts(beside, page)
  );
}

function assumptionsText({ assumptions }: Estimate, page: Page): string {
  return assumptions
    .map(({ key, text, confidence }) => `  ${wrap(`${key}: ${text} (${confidence})`, page.width - 2, 4)}\n`)
    .join('');
}
