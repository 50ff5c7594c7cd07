/** Findings as the protocol's diagnostics, at the severity that the user chose. */
import { DocumentState, type DocumentValidator, type LangiumDocument } from 'langium';
import type { Diagnostic } from 'vscode-languageserver-protocol';
import type { Finding } from '../language/analysis/report.ts';
import { isLibraryUri } from '../language/library.ts';
import { toDiagnostic } from '../language/validation.ts';
import { codeLink } from './documentation.ts';
import { guarded } from './guard.ts';
import type { Session } from './session.ts';
import type { Settings } from './settings.ts';

/** Where a code is explained; undefined where nothing is known of it. */
export type CodeLink = (code: string) => string | undefined;

export function diagnosticsOf(
  findings: readonly Finding[],
  uri: string,
  severity: Settings['severity'],
  link: CodeLink = () => undefined,
): Diagnostic[] {
  return findings.flatMap(finding => {
    const level = severity[finding.code] ?? finding.severity;
    if (level === 'off' || finding.range.uri !== uri) return [];
    return [toDiagnostic({ ...finding, severity: level }, link(finding.code))];
  });
}

/** Takes the place of Langium's validator: the report says everything, and Langium publishes it when a build is done. */
export class ReportValidator implements DocumentValidator {
  constructor(private readonly session: () => Session) {}

  async validateDocument(document: LangiumDocument): Promise<Diagnostic[]> {
    const session = this.session();
    const uri = document.uri.toString();
    // Nobody can edit the standard library; its own tests say whether it is sound.
    if (isLibraryUri(document.uri)) return [];
    const diagnostics = await guarded('diagnostics', session.log, () =>
      diagnosticsOf(
        session.analyse(document).findings,
        uri,
        session.settings.severity,
        session.client.libraryScheme ? codeLink : undefined,
      ),
    );
    return diagnostics ?? [];
  }
}

/** Sends the diagnostics of every open document again, because the settings changed. */
export function publishOpen(session: Session): void {
  const validator = new ReportValidator(() => session);
  for (const document of session.openDocuments()) {
    if (document.state < DocumentState.Validated) continue;
    void validator.validateDocument(document).then(diagnostics => {
      document.diagnostics = diagnostics;
      return session.connection.sendDiagnostics({ uri: document.uri.toString(), diagnostics });
    });
  }
}
