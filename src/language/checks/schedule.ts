/** `schedule-microbatches`, `schedule-layers`: what a schedule asks of stages, layers and microbatches. */
import { degreesOf } from '../../engine/plan/degrees.ts';
import { rangeOf } from '../analysis/source.ts';
import type { PlanCheck } from './context.ts';
import { here, valueRange } from './context.ts';

export function checkSchedule(check: PlanCheck): void {
  const { schedule } = check.spec.pp;
  const entry = check.entries.get('pp.schedule');
  if (schedule.kind !== 'interleaved' || !entry) return;
  const { pp, microbatches, dp } = degreesOf(check.spec);
  const range = here(check, valueRange(check, 'pp.schedule') ?? rangeOf(entry.property));
  const { model, batch } = check.spec;
  if (pp < 2) {
    check.findings.add(
      'schedule-microbatches',
      range,
      'Interleaving needs at least two stages; the mesh has one.',
    );
    return;
  }
  if (pp * schedule.chunks > model.layers + 2) {
    const most = Math.floor(model.layers / pp);
    const message = `${pp} stages of ${schedule.chunks} chunks are ${pp * schedule.chunks} pieces, ${model.name} has ${model.layers} layers. At most ${most} chunks fit.`;
    check.findings.add('schedule-layers', range, message);
  }
  if (!Number.isInteger(microbatches) || microbatches % pp === 0) return;
  const unit = pp * dp * batch.micro;
  const up = Math.ceil(batch.global / unit) * unit;
  const at = valueRange(check, 'batch.global');
  check.findings.add(
    'schedule-microbatches',
    range,
    `${microbatches} microbatches are no multiple of ${pp} stages, which most implementations of interleaving ask for.`,
    {
      fixes: [
        at && { title: `Set batch.global: ${up}`, edits: [{ range: at, newText: String(up) }] },
        { title: "Replace by '1f1b'", edits: [{ range, newText: '1f1b' }] },
      ],
    },
  );
}
