/**
 * Pairs of measured steps that share family, model, chip, precision and sequence: which of two layouts is faster, and by how much, is
 * what a plan is chosen by, and no constant of a chip or a generation can make up for a wrong answer.
 */
import type { ScoredRow } from './score.ts';

export interface Pair {
  a: string;
  b: string;
  /** Tokens per second and chip of `a` over those of `b`. */
  predicted: number;
  measured: number;
}

export function pairsOf(rows: readonly ScoredRow[]): Pair[] {
  const steps = rows.filter(
    ({ step, measured, predicted }) => step && measured !== null && predicted !== null,
  );
  const pairs: Pair[] = [];
  steps.forEach((a, at) => {
    for (const b of steps.slice(at + 1)) {
      if (!alike(a, b)) continue;
      const work = a.step!.tokensPerChip / b.step!.tokensPerChip;
      pairs.push({
        a: a.id,
        b: b.id,
        predicted: (work * b.predicted!) / a.predicted!,
        measured: (work * b.measured!) / a.measured!,
      });
    }
  });
  return pairs;
}

function alike(a: ScoredRow, b: ScoredRow): boolean {
  return (
    a.family === b.family &&
    a.model === b.model &&
    a.step!.chip === b.step!.chip &&
    a.step!.precision === b.step!.precision &&
    a.step!.sequence === b.step!.sequence
  );
}

export interface PairScore {
  n: number;
  /** Of |predicted ratio / measured ratio - 1|. */
  errors: number[];
  /** Pairs over 5 % apart, and those of them that are put in the right order. */
  apart: number;
  ordered: number;
}

const APART = 0.05;

export function scorePairs(pairs: readonly Pair[]): PairScore {
  const apart = pairs.filter(({ measured }) => Math.abs(Math.log(measured)) > Math.log1p(APART));
  return {
    n: pairs.length,
    errors: pairs.map(({ predicted, measured }) => Math.abs(predicted / measured - 1)),
    apart: apart.length,
    ordered: apart.filter(({ predicted, measured }) => predicted > 1 === measured > 1).length,
  };
}
