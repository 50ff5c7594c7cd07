/** `memory-over`: the fullest chip needs more than it has. */
import { formatBytesBinary } from '../../engine/units/format.ts';
import type { PlanCheck } from './context.ts';
import { here } from './context.ts';

export function checkMemory(check: PlanCheck): void {
  const memory = check.estimate?.memory;
  if (!memory || memory.peak <= memory.capacity) return;
  const line = check.origins.locate([{ kind: 'plan', key: 'recompute' }]);
  const stage = memory.stages.length > 1 ? ` on stage ${memory.peakStage}` : '';
  const parts = [...memory.parts]
    .filter(part => part.bytes > 0)
    .sort((a, b) => b.bytes - a.bytes)
    .map(part => `${part.name} ${formatBytesBinary(part.bytes)}`)
    .join(', ');
  const over = formatBytesBinary(memory.peak - memory.capacity);
  check.findings.add(
    'memory-over',
    here(check, line),
    `'${check.spec.name}' needs ${formatBytesBinary(memory.peak)} of ${formatBytesBinary(memory.capacity)} per chip${stage}, ${over} too much: ${parts}.`,
  );
}
