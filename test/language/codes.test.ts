import { describe, expect, it, test } from 'vitest';
import { CODES, type CodeSpec, type DiagnosticCode, exampleText } from '../../src/language/codes.ts';
import { analyse, createAnalysis } from './analysis/support.ts';

const all = Object.entries(CODES) as [DiagnosticCode, CodeSpec][];
/** Has no text that shows it: it appears when a check of ours throws. */
const shown = all.filter(([code]) => code !== 'check-failed');

describe('every diagnostic code is shown by its own example', () => {
  it.each(shown)('%s', async (code, { wrong, right, severity }) => {
    const bad = await analyse(exampleText(wrong));
    const finding = bad.findings.find(f => f.code === code);
    expect(
      finding,
      `${JSON.stringify(bad.findings.map(f => [f.code, f.message]))}\n${bad.text}`,
    ).toBeDefined();
    expect(finding!.severity).toBe(severity);
    const good = await analyse(exampleText(right));
    expect(good.findings.filter(f => f.code === code)).toEqual([]);
  });
});

test('a check that throws is reported and silences nobody', async () => {
  const broken = createAnalysis(
    {},
    {
      estimate: () => {
        throw new Error('boom');
      },
    },
  );
  const { findings, report } = await broken.analyse(
    exampleText({ in: 'plan', text: 'batch.global: 63  bach.micro: 1  assert step_time < 1h' }),
  );
  expect(findings.map(f => f.code)).toEqual(
    expect.arrayContaining(['check-failed', 'key-unknown', 'degree-divides', 'claim-unpriced']),
  );
  expect(report.plans).toHaveLength(1);
});
