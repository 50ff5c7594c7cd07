/** Findings as the diagnostics of a document. */
import type { DocumentValidator, LangiumDocument } from 'langium';
import { type Diagnostic, DiagnosticSeverity, DiagnosticTag } from 'vscode-languageserver-types';
import type { Finding, Severity } from './analysis/report.ts';
import { documentFindings } from './findings/index.ts';
import type { ShardplanServices } from './module.ts';

const SEVERITY: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** `href` leads to the explanation of the code. */
export function toDiagnostic(finding: Finding, href?: string): Diagnostic {
  return {
    range: { start: finding.range.start, end: finding.range.end },
    severity: SEVERITY[finding.severity],
    code: finding.code,
    ...(href && { codeDescription: { href } }),
    source: 'meshwright',
    message: finding.message,
    ...(finding.tag && { tags: [DiagnosticTag.Unnecessary] }),
    ...(finding.related && {
      relatedInformation: finding.related.map(({ message, range }) => ({
        message,
        location: { uri: range.uri, range: { start: range.start, end: range.end } },
      })),
    }),
  };
}

/** Takes the place of Langium's validator: what there is to say about a document is its list of findings. */
export class FindingsValidator implements DocumentValidator {
  constructor(
    private readonly services: ShardplanServices,
    private readonly findings: (
      document: LangiumDocument,
      services: ShardplanServices,
    ) => Finding[] = documentFindings,
  ) {}

  async validateDocument(document: LangiumDocument): Promise<Diagnostic[]> {
    const uri = document.uri.toString();
    return this.findings(document, this.services)
      .filter(finding => finding.range.uri === uri)
      .map(finding => toDiagnostic(finding));
  }
}
