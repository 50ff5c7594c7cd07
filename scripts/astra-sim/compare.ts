/** The whole comparison of one table, as data. */
import { CLASSES, type Class, observe, predict } from './classes.ts';
import type { Reason } from './reasons.ts';
import type { Settings } from './settings.ts';
import type { Table } from './table.ts';

export interface Row {
  id: string;
  family: string;
  /** From the settings alone, and from the recorded time; null where the row has none. */
  predicted_class: Class;
  observed_class: Class | null;
  /** Why the simulator differs, the strongest first. */
  reasons: Reason[];
  /** What keeps the row from being priced. */
  reason?: string;
  /** The engine's price, who priced it, and the recorded time: nanoseconds, like the row's own column. */
  predicted: number | null;
  priced_by: string | null;
  measured: number | null;
  /** predicted / measured - 1. */
  error: number | null;
  /** Least time on the row's links, and when the model of the simulator ends. */
  limit_ns: number | null;
  model_ns: number | null;
  /** Whether this row is one of those that must agree: see `mustAgree`. */
  must_agree: boolean;
}

export interface Family {
  family: string;
  kind: 'simulator';
  n: number;
  /** Of the relative error: median and 90th percentile of its size, median of itself. */
  median: number;
  p90: number;
  bias: number;
}

type Counts = Record<Class, number>;

export interface Comparison {
  version: 1;
  counts: { rows: number; predicted: Counts; observed: Counts; without_time: number };
  /** Predicted class, then observed class. */
  confusion: Record<Class, Counts>;
  /** Strongest reason of the rows that do not agree, by predicted class. */
  reasons: Partial<Record<Class, Partial<Record<Reason, number>>>>;
  /** The rows that must agree, and the largest relative distance from the engine's price among them. */
  must_agree: { rows: number; agreeing: number; worst: number | null };
  /** Rows whose recorded time the model of the simulator meets to the nanosecond. */
  model_exact: number;
  families: Family[];
  rows: Row[];
}

export function compare({ runs, times }: Table): Comparison {
  const rows = runs.map(({ id, family, settings }, index): Row => {
    // The prediction is complete before the row's time is looked at.
    const prediction = predict(settings);
    const time = times[index];
    const price = prediction.price?.time ?? null;
    return {
      id,
      family,
      predicted_class: prediction.class,
      observed_class: time === undefined ? null : observe(prediction, time),
      reasons: prediction.reasons,
      ...(prediction.problem !== undefined && { reason: prediction.problem }),
      predicted: price,
      priced_by: prediction.price?.by ?? null,
      measured: time ?? null,
      error: price !== null && time !== undefined ? price / time - 1 : null,
      limit_ns: prediction.limit ?? null,
      model_ns: prediction.model?.last ?? null,
      must_agree: typeof settings !== 'string' && mustAgree(settings),
    };
  });
  const confusion = Object.fromEntries(CLASSES.map(each => [each, noCounts()])) as Comparison['confusion'];
  const counts = { rows: rows.length, predicted: noCounts(), observed: noCounts(), without_time: 0 };
  const reasons: Comparison['reasons'] = {};
  for (const { predicted_class: predicted, observed_class: observed, reasons: why } of rows) {
    counts.predicted[predicted]++;
    if (observed) {
      counts.observed[observed]++;
      confusion[predicted][observed]++;
    } else counts.without_time++;
    if (why[0]) {
      reasons[predicted] ??= {};
      reasons[predicted][why[0]] = (reasons[predicted][why[0]] ?? 0) + 1;
    }
  }
  const strict = rows.filter(row => row.must_agree && row.error !== null);
  const distance = (row: Row): number => Math.abs(1 / (row.error! + 1) - 1);
  return {
    version: 1,
    counts,
    confusion,
    reasons,
    must_agree: {
      rows: strict.length,
      agreeing: strict.filter(row => row.observed_class === 'agree').length,
      worst: strict.length > 0 ? Math.max(...strict.map(distance)) : null,
    },
    model_exact: rows.filter(row => row.measured !== null && row.measured === row.model_ns).length,
    families: familiesOf(rows),
    rows,
  };
}

function noCounts(): Counts {
  return { agree: 0, below_limit: 0, simulator_settings: 0, unexplained: 0 };
}

const MIB = 2 ** 20;

/**
 * Where nothing but links and latency is at work, engine and simulator must agree: one chunk, one queue, free endpoints and
 * memory, one dimension, links shared, and each message alone on its one link (ring around a ring, ring or direct on
 * direct links), from 1 MiB up. A switch passes on whole messages, so none of its rows belongs here.
 */
export function mustAgree(settings: Settings): boolean {
  const { dimensions, splits, active, queues, endpoint, memory, congestion, size } = settings;
  const [{ block, method }] = dimensions as [Settings['dimensions'][number]];
  const pure = splits === 1 && active === 1 && queues === 1 && endpoint <= 1 && memory >= 1e6;
  const alone = method === 'ring' ? block !== 'Switch' : method === 'direct' && block === 'FullyConnected';
  return pure && congestion && dimensions.length === 1 && alone && size >= MIB;
}

function familiesOf(rows: readonly Row[]): Family[] {
  const errors = new Map<string, number[]>();
  for (const { family, error } of rows) {
    if (error === null) continue;
    const known = errors.get(family);
    if (known) known.push(error);
    else errors.set(family, [error]);
  }
  return [...errors].map(([family, found]) => {
    const sizes = found.map(Math.abs);
    return {
      family,
      kind: 'simulator',
      n: found.length,
      median: quantile(sizes, 0.5),
      p90: quantile(sizes, 0.9),
      bias: quantile(found, 0.5),
    };
  });
}

/** Between two values in proportion. */
function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = share * (sorted.length - 1);
  const below = sorted[Math.floor(at)]!;
  return below + (sorted[Math.ceil(at)]! - below) * (at - Math.floor(at));
}
