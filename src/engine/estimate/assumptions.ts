/** What an estimate rests on that its file does not state. */
import type { CableSpec, LevelSpec } from '../fabric/spec.ts';
import { formatEnergy } from '../units/format.ts';
import type { Core } from './core.ts';
import { DEFAULT_EFFICIENCY } from './kernels.ts';
import type { Assumption, Estimate } from './result.ts';

/**
 * Whether a figure of the step's time that the file could state was made up: every surface marks such times with `~`. What no
 * file can state (`noise`) and what other figures rest on (`of`) does not count.
 */
export const restsOnDefault = ({ assumptions }: Pick<Estimate, 'assumptions'>): boolean =>
  assumptions.some(a => a.confidence === 'default' && a.key !== 'noise' && a.of === undefined);

/** @param energies joules by level, of {@link levelEnergies}: only what has an influence is assumed */
export function assumptionsOf(core: Core, energies: readonly (number | undefined)[] = []): Assumption[] {
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
    if (level.efficiencyFrom === 'calibrated') {
      const key = `${level.name}.efficiency`;
      assumptions.push({ key, text: `${percent} % of line rate, ${fitOf(level)}`, confidence: 'measured' });
      continue;
    }
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
  plan.fabric.levels.forEach((level, index) => {
    if ((energies[index] ?? 0) > 0) assumptions.push(...energyOf(level));
  });
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

function fitOf({ calibration: fit }: LevelSpec): string {
  if (!fit) return 'calibrated';
  const error = Math.round(fit.medianError * 1000) / 10;
  return `fitted to ${fit.points} times of ${fit.file} (median error ${error} %)`;
}

/** Energy per bit that the file does not state, one entry per medium of the level. */
function energyOf({ name, lane = 0, cables }: LevelSpec): Assumption[] {
  const media = new Map<string, CableSpec>();
  for (const cable of [cables?.local, cables?.global])
    if (cable?.energyPerBit && cable.energyFrom !== 'stated') media.set(cable.medium ?? '', cable);
  return [...media.values()].map(({ medium, energyPerBit, energyFrom }) => ({
    key: `${name}.energy`,
    text:
      `${formatEnergy(energyPerBit!)}/bit at each end of ${medium} at ${Math.round(lane / 1e9)}G per lane` +
      (energyFrom === 'published' ? ', as its vendor announces' : ', recalled, unverified'),
    confidence: energyFrom === 'published' ? 'datasheet' : 'default',
    of: 'energy',
  }));
}
