/** A short name for a result, so that nobody asks for what they have. Not for security. */
import type { Report } from '../language/analysis/report.ts';

/** 53 bits over the text (cyrb53), in base 36. */
export function hashOf(text: string): string {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    a = Math.imul(a ^ c, 2654435761);
    b = Math.imul(b ^ c, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return (4294967296 * (2097151 & b) + (a >>> 0)).toString(36);
}

/** Changes with every number, name or place that a surface could show. */
export const reportHash = (report: Report, activePlan: string | undefined): string =>
  hashOf(
    JSON.stringify([activePlan, report.plans, report.findings.map(f => [f.code, f.range.start, f.message])]),
  );
