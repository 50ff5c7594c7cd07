/** What comes of one declaration: engine input, what was found on the way, and whether an older version had to serve. */
import type { Cause } from '../../engine/estimate/result.ts';
import type { SourceRange } from '../analysis/report.ts';
import type { Findings } from '../checks/findings.ts';

/** Something legal that the engine cannot price yet, at its place. */
export interface PlacedRefusal {
  code: string;
  message: string;
  cause: Cause;
}

export interface Stale {
  /** In words: "line 12 is not complete". */
  reason: string;
  range: SourceRange;
}

export interface Lowered<T> {
  spec?: T;
  findings: Findings;
  refusals: PlacedRefusal[];
  /** The spec is that of an older version, or leaves out what is damaged. */
  stale?: Stale;
}
