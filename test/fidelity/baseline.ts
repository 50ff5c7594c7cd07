/**
 * What the engine is measured against: models that know the FLOPs of a step and one number besides. They are fitted on the very rows
 * that they are scored on, which flatters them.
 */
import type { ScoredRow } from './score.ts';

/** Seconds of a step by constant MFU: one number per chip and width, or per family, model and chip (a look-up). */
export interface Baseline {
  constantMfu: number;
  lookUp: number;
}

/** @returns by row id; rows without a measured time have none. */
export function baselinesOf(rows: readonly ScoredRow[]): Map<string, Baseline> {
  const steps = rows.flatMap(({ id, family, model, measured, step }) =>
    step && measured !== null ? [{ id, family, model, measured, step }] : [],
  );
  const slowness = (same: (each: (typeof steps)[number]) => boolean): number =>
    middle(steps.filter(same).map(({ measured, step }) => measured / step.atPeak));
  return new Map(
    steps.map(row => {
      const alike = (each: (typeof steps)[number]): boolean =>
        each.step.chip === row.step.chip &&
        each.step.bits === row.step.bits &&
        each.step.experts === row.step.experts;
      const constantMfu = row.step.atPeak * slowness(alike);
      const lookUp =
        row.step.atPeak *
        slowness(each => alike(each) && each.family === row.family && each.model === row.model);
      return [row.id, { constantMfu, lookUp }];
    }),
  );
}

function middle(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) / 2;
  return (sorted[Math.floor(at)]! + sorted[Math.ceil(at)]!) / 2;
}
