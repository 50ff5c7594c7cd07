/** Rows to scores: every kind has its predictor, or is named as not scored. */

import { baselinesOf } from './baseline.ts';
import { type Prediction, predictCollective } from './collective.ts';
import { type CsvRecord, readCsv } from './csv.ts';
import type { Chips } from './machine.ts';
import { type MemoryQuantity, predictMemory } from './memory.ts';
import { measuredOf, type Row, rowOf } from './row.ts';
import { predictStep, type StepDetail } from './step.ts';
import { predictFraction } from './topology.ts';

export interface ScoredRow {
  id: string;
  family: string;
  kind: string;
  trust: string;
  /** In the unit of the row's measured column. */
  predicted: number | null;
  measured: number | null;
  /** predicted / measured - 1; null where one of them is missing. */
  error: number | null;
  reason?: string;
  /** Of a training step. */
  model?: string;
  step?: StepDetail;
  /** Of a peak of memory. */
  memory?: MemoryQuantity;
}

export interface FamilyScore {
  family: string;
  kind: string;
  /** Of peaks of memory, which are apart. */
  memory?: MemoryQuantity;
  n: number;
  /** Of |error|; a row without a prediction counts as entirely wrong. */
  median: number;
  p90: number;
  /** Median of the signed error of the rows with a prediction. */
  bias: number;
  /** Of training steps: |error| of one MFU per chip and width, fitted on these very rows. */
  constantMfu?: { median: number; p90: number };
}

export interface Scores {
  families: FamilyScore[];
  rows: ScoredRow[];
  /** Kinds of rows that nothing scores, with how many there are. */
  skipped: { kind: string; n: number }[];
}

export type Predictor = (row: Row, chips: Chips, record: CsvRecord) => Prediction;

export const PREDICTORS: Readonly<Record<string, Predictor>> = {
  collective_bandwidth: predictCollective,
  topology_fraction: predictFraction,
  end_to_end_step: predictStep,
  memory: predictMemory,
};

export function score(csv: string, chips: Chips): Scores {
  const rows: ScoredRow[] = [];
  const skipped = new Map<string, number>();
  for (const record of readCsv(csv)) {
    const predictor = PREDICTORS[record.kind ?? ''];
    if (predictor) rows.push(scoreRow(record, predictor, chips));
    else skipped.set(record.kind ?? '', (skipped.get(record.kind ?? '') ?? 0) + 1);
  }
  return { families: familiesOf(rows), rows, skipped: [...skipped].map(([kind, n]) => ({ kind, n })) };
}

function scoreRow(record: CsvRecord, predictor: Predictor, chips: Chips): ScoredRow {
  const row = rowOf(record);
  const measured = measuredOf(record);
  const prediction = predictionOf(() => predictor(row, chips, record));
  const predicted = 'value' in prediction ? prediction.value : null;
  return {
    id: row.id,
    family: row.family,
    kind: row.kind,
    trust: record.trust ?? '',
    predicted,
    measured: measured?.value ?? null,
    error: predicted !== null && measured ? predicted / measured.value - 1 : null,
    ...('reason' in prediction && { reason: prediction.reason }),
    ...('value' in prediction && prediction.memory && { memory: prediction.memory }),
    ...('value' in prediction && prediction.step && { model: record.model ?? '', step: prediction.step }),
  };
}

/** A row that the engine cannot take is unanswered; it must not keep the others from their scores. */
function predictionOf(predict: () => Prediction): Prediction {
  let prediction: Prediction;
  try {
    prediction = predict();
  } catch (error) {
    return { reason: `cannot be priced: ${error instanceof Error ? error.message : String(error)}` };
  }
  return 'value' in prediction && !Number.isFinite(prediction.value)
    ? { reason: 'its numbers are too large or too small to reckon with' }
    : prediction;
}

function familiesOf(rows: readonly ScoredRow[]): FamilyScore[] {
  const groups = new Map<string, ScoredRow[]>();
  for (const row of rows) {
    if (row.measured === null) continue;
    const key = `${row.family}\n${row.kind}\n${row.memory ?? ''}`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  const baselines = baselinesOf(rows);
  return [...groups.values()].map(members => {
    const plain = members.flatMap(({ id, measured }) => {
      const baseline = baselines.get(id);
      return baseline ? [Math.abs(baseline.constantMfu / measured! - 1)] : [];
    });
    const signed = members.flatMap(({ error }) => (error === null ? [] : [error]));
    const absolute = members.map(({ error }) => (error === null ? 1 : Math.abs(error)));
    return {
      family: members[0]!.family,
      kind: members[0]!.kind,
      ...(members[0]!.memory && { memory: members[0]!.memory }),
      n: members.length,
      median: quantile(absolute, 0.5),
      p90: quantile(absolute, 0.9),
      bias: quantile(signed, 0.5),
      ...(plain.length > 0 && {
        constantMfu: { median: quantile(plain, 0.5), p90: quantile(plain, 0.9) },
      }),
    };
  });
}

/** Between neighbours in proportion; 0 of nothing. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  if (sorted.length === 0) return 0;
  const at = share * (sorted.length - 1);
  const below = sorted[Math.floor(at)]!;
  return below + (sorted[Math.ceil(at)]! - below) * (at - Math.floor(at));
}
