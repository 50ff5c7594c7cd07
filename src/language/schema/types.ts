/** What one row of the schema says. Everything that knows keys (checks, completion, hover, formatter, docs) reads these rows. */

import type { Role } from '../../engine/plan/spec.ts';
import type { QuantityKind } from '../../engine/units/dimension.ts';

export type Block = 'chip' | 'fabric' | 'level' | 'model' | 'plan' | 'shard';

export interface Argument {
  name: string;
  type: ValueType;
  required?: boolean;
  /** May stand first, without its name. */
  positional?: boolean;
  default?: string;
  doc: string;
  /** Not priced: read and kept, but without influence on the estimate yet. */
  priced?: boolean;
}

/** One word that a choice accepts, alone (`1f1b`) or with arguments (`interleaved(chunks: 8)`). */
export interface Option {
  name: string;
  doc: string;
  priced: boolean;
  /** Not priced: the option at whose price the plan stands meanwhile; without one it has no estimate. */
  instead?: string;
  args?: readonly Argument[];
  /** At least one argument must be there: `interleaved` alone says nothing. */
  needsArguments?: boolean;
}

export type ValueType =
  | {
      kind: 'quantity';
      of: QuantityKind;
      /** SI, inclusive. */
      min: number;
      max: number;
      /** Zero itself is out of range although `min` is 0. */
      positive?: boolean;
      /** What people write, the usual first: completion and quick fixes offer these. */
      units: readonly string[];
    }
  | { kind: 'integer'; min: number; max: number; tokens?: boolean }
  | { kind: 'number'; min: number; max: number; positive?: boolean }
  | { kind: 'bool' }
  | { kind: 'choice'; what: string; options: readonly Option[] }
  | { kind: 'string'; what: 'file' | 'text' }
  | { kind: 'dims' }
  | { kind: 'list'; of: ValueType }
  /** An axis of the mesh, or several as `a * b`. */
  | { kind: 'axes' }
  /** Bytes, written with the model's sizes: `tokens * hidden * 2B`. */
  | { kind: 'size' }
  | { kind: 'call'; options: readonly Option[] }
  | { kind: 'either'; of: readonly ValueType[] };

export interface KeySpec {
  block: Block;
  /** `batch.global`; of an axis option only what follows the axis: `zero`. */
  key: string;
  /** The first segment names an axis of one of these roles. */
  roles?: readonly Role[];
  /** Other spellings, such as the names of Hugging Face's `config.json`. */
  aliases?: readonly string[];
  type: ValueType;
  /** What holds where the key is missing, for people. */
  default: string;
  /** One sentence. */
  doc: string;
  /** False: legal and kept, but without influence on the estimate yet. */
  priced: boolean;
  required?: boolean;
}

/** A name that an expression may use: a size of the model, `chips`. */
export interface NameSpec {
  name: string;
  doc: string;
}

export type MetricArgument = 'axis' | 'level' | 'attention';

export interface MetricSpec {
  name: string;
  args: readonly MetricArgument[];
  /** Arguments that may be missing. */
  optional?: readonly MetricArgument[];
  /** What the value is: a time, a share, `bool` … */
  of: QuantityKind | 'bool';
  /** The definition, one sentence. */
  doc: string;
  priced: boolean;
}
