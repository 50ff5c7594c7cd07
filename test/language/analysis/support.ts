/** Documents as specifications: `valid` texts have nothing wrong, `invalid(code)` texts have that finding at «the marks». */
import { expect } from 'vitest';
import { readGemmTable } from '../../../src/interop/gemm-table.ts';
import { importHuggingFace } from '../../../src/interop/huggingface.ts';
import { readNcclTests } from '../../../src/interop/nccl-tests.ts';
import { readNcclTopology } from '../../../src/interop/nccl-topology.ts';
import { type AnalyserOptions, createAnalyser } from '../../../src/language/analysis/analyse.ts';
import type { Finding, Report } from '../../../src/language/analysis/report.ts';
import { type DiagnosticCode, type Example, exampleText } from '../../../src/language/codes.ts';
import { createTestServices } from '../support.ts';

export interface Analysed {
  text: string;
  report: Report;
  findings: Finding[];
}

/** Services that stay, so that one text may follow another as in an editor. */
export function createAnalysis(files: Record<string, string> = {}, options: Partial<AnalyserOptions> = {}) {
  const services = createTestServices({ files });
  const analyse = createAnalyser(services.shardplan, {
    importModel: importHuggingFace,
    importLog: readNcclTests,
    importTopology: readNcclTopology,
    importGemmTable: readGemmTable,
    ...options,
  });
  return {
    ...services,
    async analyse(text: string, uri?: string): Promise<Analysed> {
      const document = await services.parse(text, uri);
      const report = analyse(document);
      return { text, report, findings: report.findings };
    },
    report: analyse,
  };
}

const shared = createAnalysis();
export const analyse = (text: string) => shared.analyse(text);

type Template = (strings: TemplateStringsArray, ...values: unknown[]) => Promise<Analysed>;

/** What counts as wrong: hints and remarks do not. */
const wrong = (findings: readonly Finding[]) =>
  findings.filter(f => f.severity === 'error' || f.severity === 'warning');

const say = (findings: readonly Finding[]) =>
  findings.map(
    f => `${f.range.start.line + 1}:${f.range.start.character + 1} ${f.severity} ${f.code}: ${f.message}`,
  );

const written = (strings: TemplateStringsArray, values: unknown[]): string =>
  String.raw({ raw: strings }, ...values);

function validIn(block: Example['in']): Template {
  return async (strings, ...values) => {
    const result = await analyse(exampleText({ in: block, text: written(strings, values) }));
    expect(say(wrong(result.findings)), result.text).toEqual([]);
    return result;
  };
}

function invalidIn(block: Example['in']): (code: DiagnosticCode) => Template {
  return code =>
    async (strings, ...values) => {
      const { text, marks } = unmark(exampleText({ in: block, text: written(strings, values) }));
      const result = await analyse(text);
      const found = result.findings.filter(f => f.code === code);
      expect(
        found.length,
        `${code} is not among\n${say(result.findings).join('\n')}\nof\n${text}`,
      ).toBeGreaterThan(0);
      const places = found.map(f => textAt(text, f));
      for (const mark of marks) expect(places).toContain(mark);
      return result;
    };
}

/** Lines of a block stand in a whole document around them: `valid.level`, `invalid.plan`. */
export const valid = Object.assign(validIn('file'), {
  chip: validIn('chip'),
  level: validIn('level'),
  model: validIn('model'),
  mesh: validIn('mesh'),
  plan: validIn('plan'),
});
export const invalid = Object.assign(invalidIn('file'), {
  chip: invalidIn('chip'),
  level: invalidIn('level'),
  model: invalidIn('model'),
  mesh: invalidIn('mesh'),
  plan: invalidIn('plan'),
});

function unmark(text: string): { text: string; marks: string[] } {
  return {
    text: text.replace(/[«»]/g, ''),
    marks: [...text.matchAll(/«([^»]*)»/g)].map(match => match[1]!),
  };
}

/** The text that a finding underlines. */
export function textAt(text: string, { range }: Pick<Finding, 'range'>): string {
  const lines = text.split('\n');
  const { start, end } = range;
  if (start.line === end.line) return lines[start.line]!.slice(start.character, end.character);
  return [
    lines[start.line]!.slice(start.character),
    ...lines.slice(start.line + 1, end.line),
    lines[end.line]!.slice(0, end.character),
  ].join('\n');
}

/** The text after the first fix of the first finding of that code. */
export function fixed({ text, findings }: Analysed, code: DiagnosticCode, title?: string | RegExp): string {
  const fixes = findings.filter(f => f.code === code).flatMap(f => f.fixes ?? []);
  const fix = title === undefined ? fixes[0] : fixes.find(f => f.title.match(title));
  expect(fix, `fixes: ${fixes.map(f => f.title).join('; ')}`).toBeDefined();
  return apply(text, fix!.edits);
}

function apply(text: string, edits: readonly { range: Finding['range']; newText: string }[]): string {
  const lines = text.split('\n');
  const offset = (p: { line: number; character: number }) =>
    lines.slice(0, p.line).reduce((n, l) => n + l.length + 1, 0) + p.character;
  return [...edits]
    .sort((a, b) => offset(b.range.start) - offset(a.range.start))
    .reduce((t, e) => t.slice(0, offset(e.range.start)) + e.newText + t.slice(offset(e.range.end)), text);
}
