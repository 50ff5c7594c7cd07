/** `schedule-microbatches`, `schedule-layers`: what a schedule asks of stages, layers and microbatches. */
import { degreesOf } from '../../engine/plan/degrees.ts';
import { nameOf, type Violation, violationOf } from '../../engine/schedule/legal.ts';
import type { Fix } from '../analysis/report.ts';
import { rangeOf } from '../analysis/source.ts';
import type { PlanCheck } from './context.ts';
import { axesOf, axisNode, here, valueRange } from './context.ts';

/** Schedules whose chunks follow one another around the stages. */
const ROUND = ['interleaved', 'circular'];

export function checkSchedule(check: PlanCheck): void {
  const { schedule } = check.spec.pp;
  const entry = check.entries.get('pp.schedule');
  if (!entry) return;
  const { pp, microbatches } = degreesOf(check.spec);
  const range = here(check, valueRange(check, 'pp.schedule') ?? rangeOf(entry.property));
  const { model } = check.spec;
  const plain: Fix = { title: "Replace by '1f1b'", edits: [{ range, newText: '1f1b' }] };
  const round = ROUND.includes(schedule.kind);
  if (pp < 2 && round) {
    const message = `'${nameOf(schedule)}' needs at least two stages; the mesh has one.`;
    check.findings.add('schedule-microbatches', range, message);
    return;
  }
  const violation =
    pp > 1 || schedule.kind === 'dualpipe'
      ? violationOf(schedule, pp, microbatches, model.layers)
      : undefined;
  if (violation) {
    const { of, nearest } = violation;
    const code = of === 'microbatches' ? 'schedule-microbatches' : 'schedule-layers';
    const message = `${violation.message}.${nearest.length > 0 ? ` Nearest: ${nearest.join(' or ')}.` : ''}`;
    check.findings.add(code, range, sentence(message), {
      severity: 'error',
      fixes: [...fixesOf(check, violation), plain],
    });
    return;
  }
  if (!round || !Number.isInteger(microbatches) || microbatches % pp === 0) return;
  check.findings.add(
    'schedule-microbatches',
    range,
    `${microbatches} microbatches are no multiple of ${pp} stages, which most implementations of ${schedule.kind === 'interleaved' ? 'interleaving' : 'the circular schedule'} ask for.`,
    { fixes: [setMicrobatches(check, Math.ceil(microbatches / pp) * pp), plain] },
  );
}

const sentence = (text: string): string => text[0]!.toUpperCase() + text.slice(1);

/** The batch that gives so many microbatches, where this file states it. */
function setMicrobatches(check: PlanCheck, count: number): Fix | undefined {
  const at = valueRange(check, 'batch.global');
  const global = count * degreesOf(check.spec).dp * check.spec.batch.micro;
  return at && { title: `Set batch.global: ${global}`, edits: [{ range: at, newText: String(global) }] };
}

function fixesOf(check: PlanCheck, { of, nearest }: Violation): (Fix | undefined)[] {
  if (of === 'microbatches') return nearest.map(count => setMicrobatches(check, count));
  if (of === 'chunks') {
    const range = valueRange(check, 'pp.schedule');
    const { kind } = check.spec.pp.schedule;
    return nearest.map(
      chunks =>
        range && {
          title: `Replace by '${kind}(chunks: ${chunks})'`,
          edits: [{ range, newText: `${kind}(chunks: ${chunks})` }],
        },
    );
  }
  const [axis] = axesOf(check, 'pp');
  const size = axis && axisNode(check, axis.name)?.size;
  const range = size && rangeOf(size);
  return nearest.map(stages =>
    range && range.uri === check.uri
      ? { title: `Set ${axis.name}: ${stages}`, edits: [{ range, newText: String(stages) }] }
      : undefined,
  );
}
