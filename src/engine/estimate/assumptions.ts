/** What an estimate rests on that its file does not state. */
import { SPRAYED } from '../fabric/hashing.ts';
import { BASIS, NETWORK_BASIS } from '../fabric/nccl/basis.ts';
import {
  type CableSpec,
  type ChipSpec,
  type GemmTable,
  type LevelSpec,
  PRECISION_BYTES,
  type ShareBasis,
} from '../fabric/spec.ts';
import { formatEnergy } from '../units/format.ts';
import type { Core } from './core.ts';
import { DEFAULT_EFFICIENCY } from './kernels.ts';
import type { Assumption, CollectivePrice, Estimate } from './result.ts';

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
  const eight = PRECISION_BYTES[plan.precision.compute] === 1;
  for (const [key, table] of [
    ['gemm', share.gemmTable],
    ['gemm8', eight ? share.gemm8Table : undefined],
  ] as const)
    if (table)
      assumptions.push({ key: `efficiency.${key}`, text: tableWords(table), confidence: 'measured' });
  for (const key of ['gemm', 'attention', 'hbm'] as const) {
    if (share[key] !== undefined || (key === 'gemm' && share.gemmTable)) continue;
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
    if (level.efficiencyFrom === 'chip') assumptions.push(shareOfChip(level, plan.fabric.chip, percent));
    else assumptions.push({ key: `${level.name}.efficiency`, text: 'line rate', confidence: 'default' });
  }
  const { generation } = plan.fabric.chip;
  if (generation && pricesOf(core).some(({ protocol }) => protocol !== undefined)) {
    const { text, confidence } = BASIS[generation].start;
    const what = `start, steps and ramp of collectives on ${generation}`;
    assumptions.push({ key: 'generation', text: `${what}: ${text}`, confidence });
  }
  for (const level of sprayedLevels(core)) {
    const percent = Math.round((SPRAYED - 1) * 100);
    const text = `packets sprayed over parallel uplinks lose ${percent} %, recalled, unverified`;
    assumptions.push({ key: `${level}.routing`, text, confidence: 'default' });
  }
  plan.fabric.levels.forEach((level, index) => {
    if ((energies[index] ?? 0) > 0) assumptions.push(...energyOf(level));
  });
  // Stated noise is no assumption: it is in the step's overhead.
  if (!plan.noise) {
    assumptions.push({
      key: 'noise',
      text: "stragglers beyond the software generation's mean are not modelled",
      confidence: 'default',
    });
  }
  return assumptions;
}

/** `gemm.csv: 240 measured shapes, 12 to 78 % of peak`. */
function tableWords({ file, shapes }: GemmTable): string {
  let [least, most] = [Infinity, 0];
  for (const { share } of shapes) [least, most] = [Math.min(least, share), Math.max(most, share)];
  const [low, high] = [Math.round(least * 100), Math.round(most * 100)];
  const percents = low === high ? `${low} %` : `${low} to ${high} %`;
  return `${file}: ${shapes.length} measured ${shapes.length === 1 ? 'shape' : 'shapes'}, ${percents} of peak`;
}

/** Words before the chip's name. */
const STATED: Readonly<Record<ShareBasis, Pick<Assumption, 'text' | 'confidence'>>> = {
  measured: { text: 'measured on', confidence: 'measured' },
  documented: { text: 'as documented for', confidence: 'datasheet' },
  assumed: { text: 'assumed, nothing is measured on', confidence: 'default' },
};

/** Stated for the chip, or what its generation brings. */
function shareOfChip({ name, tier }: LevelSpec, chip: ChipSpec, percent: number): Assumption {
  const stated = tier === 'scale_up' ? chip.efficiency.scaleUp : chip.efficiency.scaleOut;
  const key = `${name}.efficiency`;
  const rate = `${percent} % of line rate`;
  const of = chip.shareBasis ?? 'measured';
  if (stated !== undefined || !chip.generation)
    return { key, text: `${rate}, ${STATED[of].text} ${chip.name}`, confidence: STATED[of].confidence };
  const basis = tier === 'scale_up' ? BASIS[chip.generation].share : NETWORK_BASIS;
  return { key, text: `${rate}, ${basis.text}`, confidence: basis.confidence };
}

/** Of all collectives that take time. */
const pricesOf = ({ costs }: Core): CollectivePrice[] =>
  costs.flatMap(({ collectives }) => collectives.map(({ price }) => price).filter(({ time }) => time > 0));

/** Levels whose uplinks carry something and have their packets sprayed. */
function sprayedLevels(core: Core): Set<string> {
  const links = core.network.stacks.flatMap(stack => stack.links);
  const uses = pricesOf(core).flatMap(price => price.links);
  const sprayed = links.filter(
    each =>
      each.kind === 'tree' &&
      (each.ports ?? 1) > 1 &&
      (each.routing === 'adaptive' || each.routing === 'valiant') &&
      uses.some(({ level, link }) => level === each.level && link === each.link),
  );
  return new Set(sprayed.map(({ level }) => level));
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
