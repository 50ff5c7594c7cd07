/** Imports that lead nowhere, and imports that nothing needs. */
import { AstUtils, GrammarUtils, isReference, type LangiumDocument, UriUtils } from 'langium';
import { nearest } from '../../engine/units/suggest.ts';
import type { Finding, Fix, SourceRange } from '../analysis/report.ts';
import { displayPath } from '../files.ts';
import type { Document, Import } from '../generated/ast.ts';
import { importsOf } from '../imports.ts';
import { isLibraryUri, LIBRARY, libraryText } from '../library.ts';
import type { ShardplanServices } from '../module.ts';
import { lineEnd, rangeOfCst, rangeOfOffsets } from './place.ts';
import { hasSyntaxErrors } from './syntax.ts';

/** Files that are not there or cannot be read; the file itself; the same file twice. */
export function importFindings(document: LangiumDocument, services: ShardplanServices): Finding[] {
  const seen = new Set<string>();
  const findings: Finding[] = (document.parseResult.value as Document).imports
    .filter(node => node.uri === '')
    .map(node => ({
      code: 'import-missing',
      severity: 'error',
      message: 'This import names no file.',
      range: rangeOfCst(document, node.$cstNode),
    }));
  for (const { node, uri } of importsOf(document)) {
    const missing = isLibraryUri(uri)
      ? missingFromLibrary(document, node)
      : unreadable(document, node, services);
    if (missing) findings.push(missing);
    else if (UriUtils.equals(uri, document.uri))
      findings.push(needless(document, node, 'This file imports itself, which changes nothing.'));
    else if (seen.has(uri.toString()))
      findings.push(needless(document, node, 'This file is imported already.'));
    seen.add(uri.toString());
  }
  return findings;
}

/** Imports of which no name is used. Nothing is said about a text with syntax errors: the use may be half typed. */
export function unusedImports(document: LangiumDocument, services: ShardplanServices): Finding[] {
  if (hasSyntaxErrors(document)) return [];
  const used = new Set(
    document.references.flatMap(reference =>
      isReference(reference) && reference.ref ? AstUtils.getDocument(reference.ref).uri.toString() : [],
    ),
  );
  return importsOf(document)
    .filter(({ uri }) => !used.has(uri.toString()) && !UriUtils.equals(uri, document.uri))
    .filter(({ uri }) => services.shared.workspace.LangiumDocuments.hasDocument(uri))
    .map(({ node }) => needless(document, node, `Nothing of "${node.uri}" is used here.`));
}

/** Adds an import below the others, or at the top below a leading comment. */
export function importFix(document: LangiumDocument, path: string): Fix {
  const text = document.textDocument.getText();
  const end = lineEnd(text);
  const last = (document.parseResult.value as Document).imports.at(-1)?.$cstNode;
  const title = `Import "${path}"`;
  if (last) {
    return {
      title,
      edits: [{ range: rangeOfOffsets(document, last.end, last.end), newText: `${end}import "${path}"` }],
      preferred: true,
    };
  }
  const header =
    /^(?:[ \t]*\/\/[^\n]*\n|[ \t]*\/\*[\s\S]*?\*\/[ \t]*\n)+(?=[ \t]*\r?\n)/.exec(text)?.[0].length ?? 0;
  const newText = `import "${path}"${end}${header > 0 ? '' : end}`;
  return { title, edits: [{ range: rangeOfOffsets(document, header, header), newText }], preferred: true };
}

function missingFromLibrary(document: LangiumDocument, node: Import): Finding | undefined {
  const uri = importsOf(document).find(found => found.node === node)?.uri;
  if (uri && libraryText(uri) !== undefined) return undefined;
  const range = pathRange(document, node);
  const suggestion = nearest(node.uri, Object.keys(LIBRARY));
  const has = `The standard library has ${Object.keys(LIBRARY)
    .map(path => `"${path}"`)
    .join(', ')}.`;
  return {
    code: 'import-missing',
    severity: 'error',
    message: `The standard library has no file "${node.uri}". ${suggestion ? `Did you mean "${suggestion}"?` : has}`,
    range,
    fixes: suggestion
      ? [
          {
            title: `Replace "${node.uri}" by "${suggestion}"`,
            edits: [{ range, newText: `"${suggestion}"` }],
            preferred: true,
          },
        ]
      : [],
  };
}

function unreadable(
  document: LangiumDocument,
  node: Import,
  services: ShardplanServices,
): Finding | undefined {
  const uri = importsOf(document).find(found => found.node === node)?.uri;
  const { LangiumDocuments, Files } = services.shared.workspace;
  if (!uri || LangiumDocuments.hasDocument(uri)) return undefined;
  const message = Files.cached(uri)?.message ?? `The file ${displayPath(uri)} cannot be read.`;
  return { code: 'import-missing', severity: 'error', message, range: pathRange(document, node) };
}

function needless(document: LangiumDocument, node: Import, message: string): Finding {
  const range = rangeOfCst(document, node.$cstNode);
  return {
    code: 'import-unused',
    severity: 'hint',
    message,
    range,
    tag: 'unnecessary',
    fixes: [
      {
        title: 'Remove this import',
        edits: [{ range: wholeLines(document, range), newText: '' }],
        preferred: true,
        safe: true,
      },
    ],
  };
}

/** With its line end where it stands alone on its lines. */
function wholeLines(document: LangiumDocument, range: SourceRange): SourceRange {
  const text = document.textDocument;
  const before = text.getText({ start: { line: range.start.line, character: 0 }, end: range.start });
  const next = { line: range.end.line + 1, character: 0 };
  const after = text.getText({ start: range.end, end: next });
  return before.trim() === '' && after.trim() === ''
    ? { uri: range.uri, start: { line: range.start.line, character: 0 }, end: next }
    : range;
}

const pathRange = (document: LangiumDocument, node: Import) =>
  rangeOfCst(document, GrammarUtils.findNodeForProperty(node.$cstNode, 'uri') ?? node.$cstNode);
