/** Files of the command line, read, analysed and never trusted: whatever is wrong with one is a diagnostic. */
import type { LangiumDocument, URI } from 'langium';
import { NodeFiles } from '../../interop/node-files.ts';
import type { Finding, Report } from '../../language/analysis/report.ts';
import { displayPath, type FileContent } from '../../language/files.ts';
import type { Document } from '../../language/generated/ast.ts';
import { importsOf } from '../../language/imports.ts';
import { isLibraryUri, libraryText } from '../../language/library.ts';
import { createShardplanServices, type ShardplanServices } from '../../language/module.ts';
import { analyseWith } from '../../server/analyse.ts';
import type { Analyse } from '../../server/session.ts';
import { aboutFile, type Diagnostic, toDiagnostic } from './diagnostic.ts';
import { Paths } from './paths.ts';
import { VERDICTS, wholePlans } from './verdicts.ts';

export interface LoadedFile {
  /** As given on the command line. */
  path: string;
  uri: string;
  /** Empty where the file could not be read. */
  report: Report;
  document?: LangiumDocument<Document>;
  /** Of the file, in the sequence of its text; then the further ones. */
  diagnostics: Diagnostic[];
  /** About the file as a whole, and the errors of files that it imports. */
  further: Diagnostic[];
}

const FILE_ERRORS = {
  missing: 'file-missing',
  'too-large': 'file-too-large',
  unreadable: 'file-unreadable',
} as const;
const NOTHING: Report = { plans: [], findings: [] };

export class Workspace {
  readonly paths: Paths;
  readonly services: ShardplanServices;
  private readonly analyse: Analyse;

  constructor(cwd: string) {
    this.paths = new Paths(cwd);
    this.services = createShardplanServices({ source: new NodeFiles() }).shardplan;
    this.analyse = analyseWith(this.services);
  }

  async load(path: string): Promise<LoadedFile> {
    const uri = this.paths.uri(path);
    const broken = (code: string, message: string): LoadedFile => ({
      path,
      uri: uri.toString(),
      report: NOTHING,
      diagnostics: [aboutFile(path, code, message)],
      further: [aboutFile(path, code, message)],
    });
    const content = await this.text(path);
    if (content.text === undefined) return broken(content.code, content.message);
    try {
      const document = await this.build(uri, content.text);
      const report = wholePlans(this.analyse(document));
      const own = report.findings.map(finding => toDiagnostic(finding, this.paths));
      const further = this.importedErrors(document);
      if (document.parseResult.value.decls.length === 0 && own.length + further.length === 0) {
        further.push(aboutFile(path, 'file-empty', `The file ${path} has no declarations.`));
      }
      return { path, uri: uri.toString(), report, document, diagnostics: [...own, ...further], further };
    } catch (error) {
      const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
      return broken('check-failed', `The file ${path} could not be checked: ${why}`);
    }
  }

  /** What stands in a file of any kind, or why nothing does. */
  async text(path: string): Promise<{ text: string } | { text?: undefined; code: string; message: string }> {
    const uri = this.paths.uri(path);
    const content = await this.read(uri);
    if (content.text === undefined) {
      // The path as given says more than the one it stands for.
      const message = content.message.replace(displayPath(uri), () => path);
      return { code: FILE_ERRORS[content.error], message };
    }
    if (content.text.includes('\0'))
      return { code: 'file-unreadable', message: `The file ${path} is not text.` };
    return { text: content.text };
  }

  /** A file of the standard library, `std/fabrics`, whose declarations need no file of one's own. */
  async library(uri: URI): Promise<LangiumDocument<Document>> {
    return this.build(uri, libraryText(uri) ?? '');
  }

  private read(uri: URI): Promise<FileContent> {
    return this.services.shared.workspace.Files.read(uri);
  }

  private async build(uri: URI, text: string): Promise<LangiumDocument<Document>> {
    const { LangiumDocuments, LangiumDocumentFactory, DocumentBuilder } = this.services.shared.workspace;
    // A file given before may have imported this one.
    let document = LangiumDocuments.getDocument(uri) as LangiumDocument<Document> | undefined;
    if (!document) {
      document = LangiumDocumentFactory.fromString<Document>(text, uri);
      LangiumDocuments.addDocument(document);
    }
    await DocumentBuilder.build([document], { validation: false });
    return document;
  }

  /** What is wrong in the files that a document rests on, however far away. */
  private importedErrors(document: LangiumDocument): Diagnostic[] {
    const errors: Finding[] = [];
    const seen = new Set([document.uri.toString()]);
    const queue: LangiumDocument[] = [document];
    for (let next = queue.pop(); next; next = queue.pop()) {
      for (const { uri } of importsOf(next)) {
        if (seen.has(uri.toString()) || isLibraryUri(uri)) continue;
        seen.add(uri.toString());
        const imported = this.services.shared.workspace.LangiumDocuments.getDocument(uri);
        if (!imported) continue;
        queue.push(imported);
        const { findings } = this.analyse(imported);
        errors.push(...findings.filter(each => each.severity === 'error' && !VERDICTS.has(each.code)));
      }
    }
    return errors.map(finding => toDiagnostic(finding, this.paths));
  }
}
