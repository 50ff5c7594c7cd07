/** A change to a plan that might make it better: as engine input, and as the edit that says it in the text. */
import type { PlanSpec } from '../../engine/plan/spec.ts';
import type { TextEditSpec } from '../../language/analysis/report.ts';

export interface Candidate {
  /** `Set dp.zero: 2`. */
  title: string;
  spec: PlanSpec;
  edits: TextEditSpec[];
}

/** A candidate that was priced and checked against every claim of the document. */
export interface Suggestion {
  title: string;
  edits: TextEditSpec[];
  /** Seconds saved over seconds before, 0..1. */
  gain: number;
}
