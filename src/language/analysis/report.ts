/**
 * What one build of a document says: the one result that every surface reads (hints, lens, hovers, underlines, panel,
 * command line). Built once per version of the text by `analyse(document)` and kept with it.
 */
import type { Cause, Estimate, Refusal } from '../../engine/estimate/result.ts';
import type { PlanSpec } from '../../engine/plan/spec.ts';

/** A place in a text, zero-based as in the language-server protocol. */
export interface SourceRange {
  uri: string;
  start: { line: number; character: number };
  end: { line: number; character: number };
}

export type Severity = 'error' | 'warning' | 'info' | 'hint';

/** One edit; several make a fix. An empty range inserts. */
export interface TextEditSpec {
  range: SourceRange;
  newText: string;
}

/** A quick fix that is known when the finding is made. */
export interface Fix {
  /** A verb and its object: "Replace 'bandwith' by 'bandwidth'". */
  title: string;
  edits: TextEditSpec[];
  preferred?: boolean;
  /** Safe to apply without looking ("fix all"). */
  safe?: boolean;
}

export interface Finding {
  /** kebab-case, family first: `unit-missing`. Every code has a row in `codes.ts`. */
  code: string;
  severity: Severity;
  message: string;
  range: SourceRange;
  related?: { message: string; range: SourceRange }[];
  fixes?: Fix[];
  /** `unnecessary` fades the text. */
  tag?: 'unnecessary';
}

/** An `assert` or `expect`, judged. */
export interface ClaimResult {
  severity: 'assert' | 'expect';
  /** The condition as written. */
  text: string;
  /** undefined: cannot be priced (its own warning, no influence on the exit status). */
  holds: boolean | undefined;
  /** The left side's value for people: "6.64 s". */
  actual: string;
  range: SourceRange;
}

export interface PlanReport {
  plan: string;
  /** The plan's own declaration: the whole, and its name. */
  range: SourceRange;
  nameRange: SourceRange;
  spec?: PlanSpec;
  estimate?: Estimate;
  /** Why there is no estimate. */
  refusals: Refusal[];
  claims: ClaimResult[];
  /** Set when the plan rests on a damaged declaration and was priced with its last good version. */
  stale?: { reason: string; range: SourceRange };
  /**
   * The most specific line that exists for a cause: `dp.zero` before the axis `dp`. Follows `like` and imports.
   * undefined when no file says it (a default).
   */
  locate(causes: Cause[]): SourceRange | undefined;
}

export interface Report {
  plans: PlanReport[];
  findings: Finding[];
}
