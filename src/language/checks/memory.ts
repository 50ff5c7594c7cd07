/** `memory-over`: the fullest chip needs more than it has; `memory-tight`: more than it has when the allocator's slack is counted, however small. */

import type { Estimate } from '../../engine/estimate/result.ts';
import { formatBytesBinary } from '../../engine/units/format.ts';
import type { PlanCheck } from './context.ts';
import { here } from './context.ts';

export function checkMemory(check: PlanCheck): void {
  const memory = check.estimate?.memory;
  if (!memory) return;
  if (memory.peak <= memory.capacity) {
    checkTight(check, memory);
    return;
  }
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

function checkTight(check: PlanCheck, memory: Estimate['memory']): void {
  const { peak, reserved, leastReserved, outside, capacity } = memory;
  if (leastReserved <= capacity) return;
  const line = check.origins.locate([{ kind: 'plan', key: 'recompute' }]);
  const stage = memory.stages.length > 1 ? ` on stage ${memory.peakStage}` : '';
  const beside = outside > 0 ? `, context and collective library take ${formatBytesBinary(outside)}` : '';
  check.findings.add(
    'memory-tight',
    here(check, line),
    `'${check.spec.name}' allocates ${formatBytesBinary(peak)} of ${formatBytesBinary(capacity)} per chip${stage}; the allocator usually holds ${formatBytesBinary(reserved - peak)} more${beside}: it may not fit.`,
  );
}
