/** The whole step derived, as a readable markdown document: what "Why?" opens. */
import type { Assumption, CollectiveEstimate, Estimate } from '../engine/estimate/result.ts';
import {
  formatBytesBinary,
  formatBytesDecimal,
  formatCount,
  formatFlops,
  formatShare,
  formatTime,
} from '../engine/units/index.ts';
import type { PlanReport, Report } from '../language/analysis/report.ts';
import { collectiveDerivation, linkTable } from './derive/collective.ts';
import { claimWords } from './status.ts';
import { memoryWords, refusalWords, shortCount, verdictOf } from './verdict.ts';

/** Markdown; says why where there is no estimate. */
export function derivationDocument(report: Report, plan: PlanReport): string {
  const { estimate } = plan;
  if (!estimate) return [`# ${plan.plan}`, refusals(plan)].join('\n\n');
  const sections = [
    `# ${plan.plan}: ${formatTime(estimate.step.time)} a step`,
    verdictOf(estimate),
    plan.stale && `> Priced with the last good version of the text: ${plan.stale.reason}`,
    `Model \`${estimate.model}\` (${shortCount(estimate.parameters.total)} parameters${active(estimate)}) on mesh \`${estimate.mesh}\` of fabric \`${estimate.fabric}\`, ${formatCount(estimate.chips)} chips.`,
    stepSection(estimate),
    throughputSection(estimate),
    bindingSection(estimate),
    memorySection(estimate),
    levelSection(estimate),
    claimSection(plan),
    collectiveSections(estimate),
    assumptionSection(estimate.assumptions),
    others(report, plan),
  ];
  return `${sections.filter(Boolean).join('\n\n')}\n`;
}

/** Where the seconds of one step go. */
function stepSection({ step, microbatches, busiestStage, bubbleShare }: Estimate): string {
  const rows: [string, number, string][] = [
    ['compute', step.compute, `kernels of stage ${busiestStage}, ${formatCount(microbatches)} microbatches`],
    ...Object.entries(step.exposed)
      .filter(([, seconds]) => seconds > 0)
      .map(([axis, seconds]): [string, number, string] => [
        `waits for ${axis}`,
        seconds,
        'what nothing hides',
      ]),
    ['bubble', step.bubble, `waiting for the pipeline, ${formatShare(bubbleShare)} of compute`],
    ['optimizer', step.optimizer, 'update of the own shard'],
    ['overhead', step.overhead - (step.noise ?? 0), 'declared for the software generation'],
    ['slowest rank', step.noise ?? 0, 'expected maximum of the stated noise over all ranks'],
  ];
  const body = rows
    .filter(([, seconds]) => seconds > 0)
    .map(
      ([name, seconds, why]) =>
        `| ${name} | ${formatTime(seconds)} | ${formatShare(seconds / step.time, true)} | ${why} |`,
    );
  return [
    '## Where the step goes',
    '',
    '| | time | of the step | |',
    '|---|---:|---:|---|',
    ...body,
    `| **step** | **${formatTime(step.time)}** | | |`,
  ].join('\n');
}

function throughputSection({ throughput: t }: Estimate): string {
  return [
    '## Throughput',
    '',
    `- ${formatCount(t.tokensPerSecond)} tokens/s, ${formatCount(t.tokensPerSecondPerChip)} per chip`,
    `- ${formatFlops(t.modelFlopsPerSecondPerChip)} of model FLOPs per chip: **MFU ${formatShare(t.mfu, true)}** (attention counted causal), ${formatShare(t.mfuFull, true)} (counted full), HFU ${formatShare(t.hfu, true)}`,
  ].join('\n');
}

function bindingSection({ networkBound: n }: Estimate): string {
  const where =
    n.bindsAtChips === null
      ? ''
      : ` The network starts to bind at ${formatCount(n.bindsAtChips)} chips${n.axis ? `, over ${n.axis}` : ''}.`;
  const weak = n.scaling?.find(each => each.batch === 'per_chip');
  const kept = weak
    ? ` With the batch of every chip kept instead of the global one: ${weak.reason}${weak.axis ? `, over ${weak.axis}` : ''}.`
    : '';
  return `## What binds\n\n${n.bound ? 'Network-bound' : 'Not network-bound'}: ${n.reason}.${where}${kept}`.replace(
    /\.\./g,
    '.',
  );
}

function memorySection({ memory }: Estimate): string {
  const rows = memory.parts.map(
    part => `| ${part.name} | ${formatBytesBinary(part.bytes)} | ${formatShare(part.bytes / memory.peak)} |`,
  );
  const stage = memory.stages.find(s => s.stage === memory.peakStage);
  const held = stage
    ? `, ${formatCount(stage.layers)} layers, activations of ${formatCount(stage.inFlight)} microbatches held`
    : '';
  return [
    '## Memory',
    '',
    `${memoryWords(memory.peak, memory.capacity)} on stage ${memory.peakStage}${held}.`,
    '',
    '| part | bytes | share |',
    '|---|---:|---:|',
    ...rows,
    '',
    `With its slack the allocator holds ${formatBytesBinary(memory.reserved)}${memory.outside > 0 ? `; context and collective library take about ${formatBytesBinary(memory.outside)} beside it` : ''}.`,
  ].join('\n');
}

function levelSection({ levels }: Estimate): string {
  const rows = levels.map(
    level =>
      `| ${level.name} | ${level.tier === 'scale_up' ? 'scale-up' : 'scale-out'} | ${formatBytesDecimal(level.bytes)} | ${formatShare(level.load)} | ${formatShare(level.maxLoad)} | ${formatTime(level.critical)} | ${level.hottest ?? ''} |`,
  );
  return [
    '## Levels',
    '',
    '| level | tier | bytes that cross | mean load | busiest link | step waits | hottest |',
    '|---|---|---:|---:|---:|---:|---|',
    ...rows,
  ].join('\n');
}

function claimSection(plan: PlanReport): string {
  if (plan.claims.length === 0) return '';
  const holds = (c: PlanReport['claims'][number]) =>
    c.holds === undefined ? 'cannot be priced' : c.holds ? 'holds' : '**fails**';
  const counts = {
    holding: plan.claims.filter(c => c.holds === true).length,
    failing: plan.claims.filter(c => c.holds === false).length,
    open: plan.claims.filter(c => c.holds === undefined).length,
  };
  const rows = plan.claims.map(
    c => `- \`${c.severity} ${c.text}\` ${holds(c)}${c.actual && `: ${c.actual}`}`,
  );
  return [`## Claims: ${claimWords(counts)}`, '', ...rows].join('\n');
}

function collectiveSections(estimate: Estimate): string {
  const real = estimate.collectives.filter(c => c.ranks > 1 && c.count > 0);
  if (real.length === 0) return '';
  const byExposed = real.sort((a, b) => b.exposed - a.exposed || b.total - a.total);
  const one = (c: CollectiveEstimate) =>
    [`### ${c.name} over ${c.axis}`, collectiveDerivation(c, estimate), linkTable(c)]
      .filter(Boolean)
      .join('\n\n');
  return ['## Collectives', ...byExposed.map(one)].join('\n\n');
}

const CONFIDENCE: Readonly<Record<Assumption['confidence'], string>> = {
  measured: 'measured',
  datasheet: 'data sheet',
  default: 'a default of ours',
};

/** What was not stated and had to be assumed, the least certain first. */
export function assumptionSection(assumptions: readonly Assumption[]): string {
  if (assumptions.length === 0) return '';
  const order = ['default', 'datasheet', 'measured'];
  const rows = [...assumptions]
    .sort((a, b) => order.indexOf(a.confidence) - order.indexOf(b.confidence))
    .map(a => `| \`${a.key}\` | ${a.text} | ${CONFIDENCE[a.confidence]} |`);
  return ['## What it rests on', '', '| not stated | assumed | how sure |', '|---|---|---|', ...rows].join(
    '\n',
  );
}

function refusals(plan: PlanReport): string {
  return plan.refusals.length > 0
    ? ['There is no estimate:', '', ...plan.refusals.map(r => `- ${r.message} (\`${r.code}\`)`)].join('\n')
    : refusalWords(plan);
}

function active({ parameters: p }: Estimate): string {
  return p.active === p.total ? '' : `, ${shortCount(p.active)} active`;
}

function others(report: Report, plan: PlanReport): string {
  const names = report.plans.filter(p => p.plan !== plan.plan && p.estimate);
  if (names.length === 0) return '';
  return ['## Beside it', '', ...names.map(p => `- \`${p.plan}\`: ${verdictOf(p.estimate!)}`)].join('\n');
}
