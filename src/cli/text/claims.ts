/** Claims with their marks. */
import type { ClaimResult } from '../../language/analysis/report.ts';
import type { Page } from './page.ts';
import { table } from './table.ts';

export function claimsText(claims: readonly ClaimResult[], page: Page, indent = 2): string {
  return table<ClaimResult>(
    [
      { head: '', cell: markOf, ink: inkOf },
      { head: '', cell: claim => `${claim.severity} ${claim.text.replace(/\s+/g, ' ')}` },
      { head: '', cell: claim => claim.actual, align: 'right', ink: inkOf },
    ],
    claims,
    page,
    indent,
  );
}

/** `5 of 5 claims hold`, `2 of 5 claims fail`, `2 claims not judged`; '' without claims. */
export function claimsWords(claims: readonly ClaimResult[]): string {
  if (claims.length === 0) return '';
  const failed = claims.filter(claim => claim.holds === false).length;
  const open = claims.filter(claim => claim.holds === undefined).length;
  const many = claims.length === 1 ? 'claim' : 'claims';
  if (open === claims.length) return `${open} ${many} not judged`;
  const [some, verb] = failed > 0 ? [failed, 'fail'] : [claims.length - open, 'hold'];
  const words = `${some} of ${claims.length} ${many} ${verb}${some === 1 ? 's' : ''}`;
  return open > 0 ? `${words}, ${open} not judged` : words;
}

const markOf = ({ holds }: ClaimResult): string => (holds === undefined ? '?' : holds ? '✓' : '✗');

const inkOf = ({ holds, severity }: ClaimResult) =>
  holds === undefined
    ? ('dim' as const)
    : holds
      ? ('green' as const)
      : severity === 'assert'
        ? ('red' as const)
        : ('yellow' as const);
