/**
 * A training job as the columns of a measured row describe it, without what was measured. Texts of sources become settings here, by
 * their words; a column that is empty or says that it is not stated stays undefined, and the defaults of `plan.ts` apply.
 */
import type { CsvRecord } from './csv.ts';

/** Network, batch and degrees; counts as the row has them. */
export interface Job {
  model: string;
  layers?: number;
  hidden?: number;
  ffn?: number;
  heads?: number;
  kvHeads?: number;
  headDim?: number;
  vocab?: number;
  sequence?: number;
  gated: boolean;
  experts: number;
  topk?: number;
  expertFfn?: number;
  sharedFfn: number;
  denseLayers: number;

  chips?: number;
  tp: number;
  cp: number;
  pp: number;
  ep: number;
  /** Data-parallel ranks and ranks of FSDP, in the source's own way of counting. */
  dp?: number;
  fsdp?: number;
  zero: 0 | 1 | 2 | 3;
  sequenceParallel?: boolean;
  /** Virtual stages per rank; `interleaved` where the source says no more than that. */
  chunks?: number | 'interleaved';
  micro?: number;
  global?: number;

  recompute: string;
  precision: string;
  hardware: string;
  hbmGib?: number;
  /** Where the row was published, and what its notes say of the software. */
  source: string;
  notes: string;
}

/** Longer texts are no description. */
const MOST_SIGNS = 600;
const MOST = 2 ** 31;

export function jobOf(record: CsvRecord): Job {
  const text = (key: string): string => (record[key] ?? '').slice(0, MOST_SIGNS);
  /** The number that a text begins with: "12 (vp listed NA at this tag)". */
  const count = (key: string, within = text(key)): number | undefined => {
    const [, digits] = /^\s*(\d+(?:\.\d+)?)/.exec(within) ?? [];
    const value = digits === undefined ? undefined : Number(digits);
    return value !== undefined && value > 0 && value <= MOST ? value : undefined;
  };
  const whole = (key: string): number | undefined => {
    const value = count(key);
    return value !== undefined && Number.isInteger(value) ? value : undefined;
  };
  const flag = (key: string): boolean | undefined =>
    /^(1|true|yes|on)/i.test(text(key)) ? true : /^(0|false|no|off)/i.test(text(key)) ? false : undefined;
  return {
    model: text('model'),
    layers: whole('layers'),
    hidden: whole('hidden'),
    ffn: whole('ffn'),
    heads: whole('heads'),
    kvHeads: whole('kv_heads'),
    headDim: whole('head_dim'),
    vocab: whole('vocab'),
    sequence: whole('seq'),
    // Columns that leave it empty are of models with two matrices where the width is four times the hidden one.
    gated: flag('gated_mlp') ?? whole('ffn') !== 4 * (whole('hidden') ?? 0),
    experts: whole('experts') ?? 0,
    topk: whole('topk'),
    expertFfn: whole('expert_ffn'),
    sharedFfn: whole('shared_expert_ffn') ?? 0,
    denseLayers: whole('dense_layers') ?? 0,
    chips: whole('chips'),
    tp: whole('tp') ?? 1,
    cp: whole('cp') ?? 1,
    pp: whole('pp') ?? 1,
    ep: whole('ep') ?? 1,
    dp: whole('dp'),
    fsdp: whole('fsdp_degree'),
    zero: zeroOf(text('zero_stage')),
    sequenceParallel: flag('sp'),
    chunks: chunksOf(text('vpp')),
    micro: count('mbs'),
    global: whole('gbs'),
    recompute: text('recompute'),
    precision: text('precision'),
    hardware: text('hardware'),
    hbmGib: count('hbm_gib'),
    source: text('source'),
    notes: withoutResults(text('notes')),
  };
}

function zeroOf(text: string): Job['zero'] {
  const [digit] = /[0-3]/.exec(text) ?? [];
  return (digit === undefined ? 1 : Number(digit)) as Job['zero'];
}

function chunksOf(text: string): Job['chunks'] {
  const [, digits] = /^\s*(\d+)/.exec(text) ?? [];
  if (digits !== undefined && Number(digits) > 0) return Number(digits);
  if (/^interleaved/i.test(text)) return 'interleaved';
  // "not read (6 in v4.1)": the same job of another round.
  const [, other] = /\((\d+) in /.exec(text) ?? [];
  return other === undefined ? undefined : Number(other);
}

/** Notes without the rates and times in which sources repeat their results. */
function withoutResults(notes: string): string {
  return notes.replace(/[\d.,]+k? ?(tokens\/s|TFLOP|GFLOP|s\b|ms\b|%)/gi, '');
}
