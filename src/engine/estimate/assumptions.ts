/** What an estimate rests on that its file does not state. */
import type { Core } from './core.ts';
import { DEFAULT_EFFICIENCY } from './kernels.ts';
import type { Assumption } from './result.ts';

export function assumptionsOf(core: Core): Assumption[] {
  const { plan, software } = core;
  const assumptions: Assumption[] = [];
  if (plan.software === undefined) {
    assumptions.push({ key: 'software', text: `overheads of ${software.title}`, confidence: 'measured' });
  }
  const share = plan.fabric.chip.efficiency;
  for (const key of ['gemm', 'attention', 'hbm'] as const) {
    if (share[key] !== undefined) continue;
    const value = Math.round(DEFAULT_EFFICIENCY[key] * 100);
    assumptions.push({
      key: `efficiency.${key}`,
      text: `${value} % of ${plan.fabric.chip.name}'s peak`,
      confidence: 'default',
    });
  }
  for (const level of plan.fabric.levels) {
    if (level.efficiencyFrom === 'stated') continue;
    const percent = Math.round(level.efficiency * 1000) / 10;
    assumptions.push(
      level.efficiencyFrom === 'chip'
        ? {
            key: `${level.name}.efficiency`,
            text: `${percent} % of line rate, measured on ${plan.fabric.chip.name}`,
            confidence: 'measured',
          }
        : { key: `${level.name}.efficiency`, text: 'line rate', confidence: 'default' },
    );
  }
  if (plan.pp.schedule.kind === 'other') {
    assumptions.push({
      key: 'pp.schedule',
      text: `${plan.pp.schedule.name} priced as 1f1b`,
      confidence: 'default',
    });
  }
  assumptions.push({
    key: 'noise',
    text: "stragglers beyond the software generation's mean are not modelled",
    confidence: 'default',
  });
  return assumptions;
}
