/** What `check` says to people: diagnostics of all files, then file by file what was claimed. */
import type { Diagnostic } from '../files/diagnostic.ts';
import type { LoadedFile } from '../files/workspace.ts';
import { claimsText, claimsWords } from '../text/claims.ts';
import { diagnosticsText } from '../text/diagnostics.ts';
import type { Page } from '../text/page.ts';

export function checkText(files: readonly LoadedFile[], page: Page): string {
  const said = files.map(file => diagnosticsText(file.diagnostics, page)).join('');
  const verdicts = files.map(file => fileText(file, page)).join('');
  return said === '' ? verdicts : `${said}\n${verdicts}`;
}

function fileText({ path, report, diagnostics }: LoadedFile, page: Page): string {
  const failed = count(diagnostics, 'error') > 0;
  const open = report.plans.some(plan => plan.claims.some(claim => claim.holds === undefined));
  const mark = failed ? page.paint('red', '✗') : open ? page.paint('yellow', '?') : page.paint('green', '✓');
  const words = [
    counted(count(diagnostics, 'error'), 'error'),
    counted(count(diagnostics, 'warning'), 'warning'),
    claimsWords(report.plans.flatMap(plan => plan.claims)),
  ].filter(text => text !== '');
  const head = `${mark} ${page.paint('bold', path)}${words.length > 0 ? `  ${words.join(', ')}` : ''}\n`;
  const plans = report.plans.filter(plan => plan.claims.length > 0);
  // The plan's name matters only where there are several.
  const claims = plans.map(plan =>
    plans.length > 1 ? `  ${plan.plan}\n${claimsText(plan.claims, page, 4)}` : claimsText(plan.claims, page),
  );
  return head + claims.join('');
}

const count = (diagnostics: readonly Diagnostic[], severity: Diagnostic['severity']): number =>
  diagnostics.filter(each => each.severity === severity).length;

const counted = (number: number, what: string): string =>
  number === 0 ? '' : `${number} ${what}${number === 1 ? '' : 's'}`;
