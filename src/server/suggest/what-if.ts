/** The report of a text that nobody has typed yet: the same analysis, so that a fix promises exactly what it will bring. */
import { Cancellation, DocumentState, type LangiumDocument } from 'langium';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Report, TextEditSpec } from '../../language/analysis/report.ts';
import type { Session } from '../session.ts';

/**
 * Analyses the document with the edits applied. The new document is not part of the workspace: nothing else sees it, and
 * files that it mentions are taken from what has been read already.
 */
export async function whatIf(
  session: Session,
  document: LangiumDocument,
  edits: readonly TextEditSpec[],
): Promise<Report> {
  const text = TextDocument.applyEdits(
    document.textDocument,
    edits.map(edit => ({ range: { start: edit.range.start, end: edit.range.end }, newText: edit.newText })),
  );
  const { shared } = session;
  const services = shared.ServiceRegistry.getServices(document.uri);
  const changed = shared.workspace.LangiumDocumentFactory.fromString(text, document.uri);
  changed.localSymbols = await services.references.ScopeComputation.collectLocalSymbols(
    changed,
    Cancellation.CancellationToken.None,
  );
  changed.state = DocumentState.ComputedScopes;
  await services.references.Linker.link(changed, Cancellation.CancellationToken.None);
  changed.state = DocumentState.IndexedReferences;
  return session.analyse(changed);
}
