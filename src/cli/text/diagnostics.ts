/** Diagnostics as lines that compilers write and editors' problem matchers read. */
import type { Severity } from '../../language/analysis/report.ts';
import type { Diagnostic } from '../files/diagnostic.ts';
import type { Ink, Page } from './page.ts';

const INK: Readonly<Record<Severity, Ink>> = { error: 'red', warning: 'yellow', info: 'cyan', hint: 'dim' };
/** Of one file: nobody reads further, and whoever wants all takes JSON. */
const MOST = 50;

/** `plan.shard:12:3: error assert-failed: step_time is 9.02 s, claimed was < 8s.` Hints are for editors and left out. */
export function diagnosticsText(diagnostics: readonly Diagnostic[], page: Page): string {
  const shown = diagnostics.filter(each => each.severity !== 'hint');
  const lines = shown.slice(0, MOST).map(each => {
    const place = page.paint('bold', `${each.file}:${each.line}:${each.column}:`);
    const message = each.message.replace(/\s*\n\s*/g, ' ');
    return `${place} ${page.paint(INK[each.severity], each.severity)} ${each.code}: ${message}\n`;
  });
  if (shown.length > MOST) lines.push(`… and ${(shown.length - MOST).toLocaleString('en-US')} more\n`);
  return lines.join('');
}
