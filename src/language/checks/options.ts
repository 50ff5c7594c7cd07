/** `precision-missing`, `key-without-effect`: options that the chip cannot follow, or that others make idle. */
import { peakOf } from '../../engine/estimate/kernels.ts';
import type { PlanSpec } from '../../engine/plan/spec.ts';
import type { Fix } from '../analysis/report.ts';
import { rangeOf } from '../analysis/source.ts';
import type { PlanCheck } from './context.ts';
import { valueRange } from './context.ts';

/** Of fabrics with several kinds of chips: every one of them must have the format. */
export function checkPrecision(check: PlanCheck): void {
  const { spec } = check;
  const { compute } = spec.precision;
  const at = valueRange(check, 'precision.compute');
  for (const { chip } of spec.fabric.variants ?? [spec.fabric]) {
    if (peakOf(chip, compute)) continue;
    const has = Object.keys(chip.peak);
    const fixes: Fix[] = at
      ? has.map(name => ({ title: `Compute in ${name}`, edits: [{ range: at, newText: name }] }))
      : [];
    const list = has.length > 0 ? `it has ${has.join(', ')}` : 'it states none';
    const message = `The chip '${chip.name}' has no peak.${compute}: ${list}.`;
    check.findings.add('precision-missing', at ?? check.nameRange, message, { fixes });
    return;
  }
}

/** Why an option that is stated changes nothing; undefined where it does. */
type Idle = (spec: PlanSpec) => string | undefined;

const chipsOf = ({ fabric }: PlanSpec) => (fabric.variants ?? [fabric]).map(({ chip }) => chip);

const IDLE: Readonly<Record<string, Idle>> = {
  'tp.overlap': ({ tp }) =>
    tp.overlap && !tp.sequenceParallel
      ? "only gathers and scatters run in pieces: add 'tp.sequence_parallel: true'"
      : undefined,
  'fsdp.prefetch': ({ fsdp }) =>
    fsdp.zero < 3 ? 'weights are gathered layer by layer with zero 3 alone' : undefined,
  'fsdp.accumulate': ({ fsdp }) =>
    fsdp.zero < 2 ? 'gradients stay whole until the step ends below zero 2' : undefined,
  'cp.balance': ({ cp, mesh }) =>
    cp.method === 'ulysses' || !mesh.axes.some(axis => axis.role === 'cp' && axis.size > 1)
      ? 'ranks that exchange heads see the whole sequence and are even'
      : undefined,
  'ep.sms': spec => {
    // DualPipe computes on one direction while tokens of the other travel, whatever is said of overlap.
    if (!spec.ep.overlap && spec.pp.schedule.kind !== 'dualpipe')
      return "nothing computes beside dispatch and combine without 'ep.overlap'";
    return chipsOf(spec).every(chip => !chip.sms)
      ? `the chip '${spec.fabric.chip.name}' does not state how many it has ('sms')`
      : undefined;
  },
  'ep.max_nodes': ({ ep }) =>
    ep.dispatcher === 'all_gather' ? 'gathered tokens go to all ranks' : undefined,
  'ep.overlap': ({ ep, model }) =>
    ep.overlap === 'shared_experts' && !model.moe?.sharedFfn
      ? `the model '${model.name}' has no shared experts`
      : undefined,
  // The value that it has there anyway is no mistake.
  'dp.zero': ({ dp, mesh }) =>
    dp.zero > 0 && mesh.axes.some(axis => axis.role === 'fsdp' && axis.size > 1)
      ? "dp holds copies of what fsdp shards: 'fsdp.zero' says what that is"
      : undefined,
  'dp.gather': ({ dp }) => (dp.zero === 0 ? 'weights are gathered from zero 1 on' : undefined),
  'fsdp.gather': ({ fsdp }) => (fsdp.zero === 0 ? 'weights are gathered from zero 1 on' : undefined),
};

/** A chip cannot give away more multiprocessors than it has. */
export function checkMultiprocessors(check: PlanCheck): void {
  const { sms = 0 } = check.spec.ep;
  for (const chip of chipsOf(check.spec)) {
    if (chip.sms === undefined || sms < chip.sms) continue;
    const message = `${sms} multiprocessors are all that the chip '${chip.name}' has (${chip.sms}): nothing would compute beside dispatch and combine.`;
    check.findings.add('value-range', valueRange(check, 'ep.sms') ?? check.nameRange, message);
    return;
  }
}

export function checkIdle(check: PlanCheck): void {
  for (const [key, idle] of Object.entries(IDLE)) {
    const entry = check.entries.get(key);
    // An axis that is missing altogether is said where the keys are read.
    if (!entry || (entry.role && !check.spec.mesh.axes.some(axis => axis.role === entry.role))) continue;
    const why = idle(check.spec);
    if (!why) continue;
    // Taken over, it may well do something in the plan where it stands.
    if (entry.property.$container !== check.node) continue;
    check.findings.add('key-without-effect', rangeOf(entry.property), `This changes nothing: ${why}.`, {
      tag: 'unnecessary',
    });
  }
}
