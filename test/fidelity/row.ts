/**
 * A measured row without what was measured: only what describes the machine and the job may reach a prediction. The text of
 * notes, in which sources repeat their results, is cut down to the few settings that are asked of it.
 */
import type { Platform } from '../../src/engine/fabric/nccl/rates.ts';
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
  /** Whose machine it is, where the hardware or the place of publication names one that has constants of its own. */
  platform?: Platform;
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
  /** Ranks that should lie along whole dimensions of a slice. */
  prefer?: number;
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

/** Longer texts are no description. */
const MOST_SIGNS = 400;
/** More ranks than any machine has are a mistake. */
const MOST_CHIPS = 2 ** 24;

export function rowOf(record: CsvRecord): Row {
  const text = (key: string): string => (record[key] ?? '').slice(0, MOST_SIGNS);
  const number = (key: string): number | undefined => {
    const value = numberOf(text(key));
    return value !== undefined && value > 0 ? value : undefined;
  };
  const count = (key: string): number | undefined => {
    const value = number(key);
    return value !== undefined && Number.isInteger(value) && value <= MOST_CHIPS ? value : undefined;
  };
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
    ...(/\bazure\b|\bND_?\w*_v\d\b/i.test(`${text('hardware')} ${text('source')}`) && {
      platform: 'azure' as const,
    }),
    ranks: count('ranks'),
    chips: count('chips'),
    bytes: number('message_bytes'),
    domain: count('scaleup_domain'),
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
