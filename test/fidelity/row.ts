/**
 * A measured row without what was measured: only what describes the machine and the job may reach a prediction. The text of
 * notes, in which sources repeat their results, is cut down to the few settings that are asked of it.
 */
import type { CsvRecord } from './csv.ts';

export interface Row {
  id: string;
  family: string;
  kind: string;
  hardware: string;
  topology: string;
  collective: string;
  algorithm: string;
  precision: string;
  unit: string;
  /** undefined where the column is empty or no number. */
  ranks?: number;
  chips?: number;
  bytes?: number;
  /** Chips of one scale-up domain; undefined where the column names none. */
  domain?: number;
  /** Line rates, bytes/s. */
  scaleUp?: number;
  scaleOut?: number;
  settings: Settings;
}

/** Of an expert exchange: tokens per rank, hidden size, experts per token, groups (nodes) that a token may go to. */
export interface Settings {
  tokens?: number;
  hidden?: number;
  topk?: number;
  groups?: number;
}

/** The measured number, apart from the rest. */
export interface Measured {
  value: number;
  trust: string;
}

export function rowOf(record: CsvRecord): Row {
  const text = (key: string): string => record[key] ?? '';
  const number = (key: string): number | undefined => numberOf(text(key));
  const gigabytes = (key: string): number | undefined => {
    const value = number(key);
    return value === undefined ? undefined : value * 1e9;
  };
  return {
    id: text('id'),
    family: text('set_family'),
    kind: text('kind'),
    hardware: text('hardware'),
    topology: text('topology'),
    collective: text('collective'),
    algorithm: text('algo'),
    precision: text('precision'),
    unit: text('unit'),
    ranks: number('ranks'),
    chips: number('chips'),
    bytes: number('message_bytes'),
    domain: number('scaleup_domain'),
    scaleUp: gigabytes('scaleup_gbps_per_dir'),
    scaleOut: gigabytes('scaleout_gbps_per_gpu'),
    settings: settingsOf(text('notes'), text('collective')),
  };
}

export function measuredOf(record: CsvRecord): Measured | undefined {
  const column = record.kind === 'end_to_end_step' ? 'step_time_s' : 'measured';
  const value = numberOf(record[column] ?? '');
  return value === undefined || value === 0 ? undefined : { value, trust: record.trust ?? '' };
}

function numberOf(text: string): number | undefined {
  const value = text === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** "4096 tokens/rank, hidden 7168, top-4 groups top-8 experts", "8K tokens". */
function settingsOf(notes: string, collective: string): Settings {
  if (!/^moe/.test(collective)) return {};
  const find = (pattern: RegExp): number | undefined => {
    const [, digits, kilo] = pattern.exec(notes) ?? [];
    return digits === undefined ? undefined : Number(digits) * (kilo ? 1024 : 1);
  };
  return {
    tokens: find(/(\d+)(k?) tokens/i),
    hidden: find(/hidden (\d+)/),
    topk: find(/top-(\d+) experts/),
    groups: find(/top-(\d+) groups/),
  };
}
