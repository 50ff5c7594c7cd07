/** What a check of a plan may look at. A check is a function from this to findings and changes nothing. */
import type { Estimate, EstimateResult } from '../../engine/estimate/result.ts';
import type { AxisSpec, PlanSpec } from '../../engine/plan/spec.ts';
import type { SourceRange } from '../analysis/report.ts';
import { rangeOf } from '../analysis/source.ts';
import type { Axis, Mesh, Plan } from '../generated/ast.ts';
import type { Origins } from '../lower/origins.ts';
import type { Entries } from '../lower/properties.ts';
import type { Findings } from './findings.ts';

export interface PlanCheck {
  node: Plan;
  /** The document that is analysed: findings belong into it. */
  uri: string;
  nameRange: SourceRange;
  spec: PlanSpec;
  entries: Entries;
  estimate: Estimate | undefined;
  meshNode: Mesh | undefined;
  origins: Origins;
  findings: Findings;
  /** Prices a variation of the plan; remembered, but not free. */
  price(spec: PlanSpec): EstimateResult;
}

/** The place if it lies in the document that is analysed, else the plan's name: other files have findings of their own. */
export const here = (check: PlanCheck, range: SourceRange | undefined): SourceRange =>
  range?.uri === check.uri ? range : check.nameRange;

/** The value behind a key of the plan, where this document states it. */
export function valueRange(check: PlanCheck, key: string): SourceRange | undefined {
  const value = check.entries.get(key)?.property.value;
  const range = value && rangeOf(value);
  return range?.uri === check.uri ? range : undefined;
}

export const axisNode = (check: PlanCheck, name: string): Axis | undefined => check.origins.axis(name);

/** Axes with a role, in the sequence of the text. */
export const axesOf = (check: PlanCheck, ...roles: AxisSpec['role'][]): AxisSpec[] =>
  check.spec.mesh.axes.filter(axis => roles.includes(axis.role));
