/** Where findings are collected, and the fixes that many of them share. */

import type { Finding, Fix, Severity, SourceRange } from '../analysis/report.ts';
import { endOf } from '../analysis/source.ts';
import { CODES, type DiagnosticCode } from '../codes.ts';

export type { DiagnosticCode };

export interface More {
  /** Where it differs from the code's default. */
  severity?: Severity;
  related?: Finding['related'];
  fixes?: (Fix | undefined)[];
  tag?: Finding['tag'];
}

/** Collects findings; one place and code twice is said once. */
export class Findings {
  readonly list: Finding[] = [];
  private readonly seen = new Set<string>();

  add(code: DiagnosticCode, range: SourceRange, message: string, more: More = {}): void {
    const key = `${code} ${range.uri} ${range.start.line}:${range.start.character} ${message}`;
    if (this.seen.has(key)) return;
    this.seen.add(key);
    const fixes = more.fixes?.filter(f => f !== undefined);
    this.list.push({
      code,
      severity: more.severity ?? CODES[code].severity,
      message,
      range,
      ...(more.related?.length && { related: more.related }),
      ...(fixes?.length && { fixes }),
      ...(more.tag && { tag: more.tag }),
    });
  }
}

/** "Replace 'bandwith' by 'bandwidth'"; undefined without a suggestion. */
export function replaceFix(range: SourceRange, from: string, to: string | undefined): Fix | undefined {
  if (to === undefined) return undefined;
  return {
    title: `Replace '${from}' by '${to}'`,
    edits: [{ range, newText: to }],
    preferred: true,
    safe: true,
  };
}

/** Adds text right behind a range. */
export const appendFix = (title: string, range: SourceRange, text: string, preferred = false): Fix => ({
  title,
  edits: [{ range: endOf(range), newText: text }],
  ...(preferred && { preferred }),
});

/** " Did you mean 'x'?" or nothing. */
export const didYouMean = (suggestion: string | undefined): string =>
  suggestion === undefined ? '' : ` Did you mean '${suggestion}'?`;
