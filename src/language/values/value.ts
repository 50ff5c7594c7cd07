/** Values of expressions. */

import type { Role } from '../../engine/plan/spec.ts';
import type { Dimension, QuantityKind } from '../../engine/units/dimension.ts';
import { NONE } from '../../engine/units/dimension.ts';
import type { Findings } from '../checks/findings.ts';
import type { Let, Ref } from '../generated/ast.ts';

export interface NumberValue {
  kind: 'number';
  /** SI. */
  value: number;
  dimension: Dimension;
  /** Of plain numbers, what they count where that is known: a share is compared with per cent. */
  of?: QuantityKind;
  /** The unit of a literal as written; '' for a literal without one, undefined for what was computed. */
  unit?: string;
}

export type Value =
  | NumberValue
  | { kind: 'bool'; value: boolean }
  | { kind: 'string'; value: string }
  /** A name that nothing declares: an enumeration's word, or a mistake. */
  | { kind: 'word'; name: string }
  /** What only a typed reading can judge: lists, sizes, calls. */
  | { kind: 'other' };

export const count = (value: number): NumberValue => ({ kind: 'number', value, dimension: NONE });

/** What an expression may speak about at its place. */
export interface Env {
  findings: Findings;
  /**
   * Axes, sizes of the model, `chips`; undefined where there is no such name, `null` where its value is not known for a
   * reason that is said elsewhere, a text where it has none for a reason that is worth saying.
   */
  number?(name: string): NumberValue | string | null | undefined;
  /** Metrics: called before anything else. undefined = no such metric; `null` = known, but without a value. */
  metric?(ref: Ref): Value | null | undefined;
  /** Axes of the mesh, for arguments that name one. */
  axes?: readonly { name: string; role: Role }[];
  /** Names worth suggesting for an unknown one. */
  known?(): string[];
  /** Values that are being computed, to find circles. */
  open?: Set<Let>;
  /** Values of `let` declarations, computed once. */
  lets?: Map<Let, Value | undefined>;
}
