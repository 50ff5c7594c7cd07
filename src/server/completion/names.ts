/** Names of declarations, those of the standard library that are not imported yet included. */
import { AstUtils, type LangiumDocument } from 'langium';
import type { TextEdit } from 'vscode-languageserver-protocol';
import type { Declaration } from '../../language/generated/ast.ts';
import { importsOf } from '../../language/imports.ts';
import { LIBRARY, libraryUri } from '../../language/library.ts';
import { lineText, type View } from '../view.ts';
import { Kind, type Proposal } from './item.ts';

type NamedType = Exclude<Declaration['$type'], 'Let'>;

const KIND: Readonly<Record<Declaration['$type'], Kind>> = {
  Chip: Kind.Unit,
  Fabric: Kind.Module,
  Model: Kind.Class,
  Mesh: Kind.Struct,
  Plan: Kind.Interface,
  Let: Kind.Constant,
};

/** What a document sees of one kind, then what an import would bring. */
export function declarationNames(view: View, type: NamedType, seen: readonly Declaration[]): Proposal[] {
  const visible = seen.filter(d => d.$type === type);
  const names = new Set(visible.map(d => d.name));
  const own: Proposal[] = visible.map(d => ({
    label: d.name,
    kind: KIND[type],
    detail:
      AstUtils.getDocument(d).uri.toString() === view.uri
        ? type.toLowerCase()
        : `${type.toLowerCase()}, imported`,
    rank: 10,
  }));
  const library = libraryNames()
    .filter(n => n.type === type && !names.has(n.name))
    .map((n): Proposal => {
      const edit = importEdit(view, n.path);
      return {
        label: n.name,
        kind: KIND[type],
        detail: edit ? `adds import "${n.path}"` : n.path,
        ...(n.comment ? { doc: n.comment } : {}),
        rank: 60,
        ...(edit ? { edits: [edit] } : {}),
      };
    });
  return [...own, ...library];
}

interface LibraryName {
  path: string;
  type: Declaration['$type'];
  name: string;
  /** The comment above or beside the declaration. */
  comment: string;
}

let known: LibraryName[] | undefined;

/** Every chip, fabric and model of the standard library. */
export function libraryNames(): LibraryName[] {
  known ??= Object.entries(LIBRARY).flatMap(([path, text]) =>
    [...text.matchAll(/(?:^[ \t]*\/\/[ \t]*(.*)\r?\n)?^(chip|fabric|model)[ \t]+(\w+)/gm)].map(match => ({
      path,
      type: (match[2]![0]!.toUpperCase() + match[2]!.slice(1)) as Declaration['$type'],
      name: match[3]!,
      comment: match[1] ?? '',
    })),
  );
  return known;
}

/** The edit that imports a library file: behind the last import, or below the comment that heads the file. */
export function importEdit(view: View, path: string): TextEdit | undefined {
  const document = AstUtils.getDocument(view.root) as LangiumDocument;
  const imports = importsOf(document);
  if (imports.some(({ uri }) => uri.toString() === libraryUri(path).toString())) return undefined;
  const last = imports.at(-1)?.node.$cstNode?.range.end.line;
  if (last !== undefined) return insertAt(view, last + 1, `import "${path}"\n`);
  let line = 0;
  while (line < view.text.lineCount && lineText(view.text, line).trimStart().startsWith('//')) line++;
  return insertAt(view, line, `import "${path}"\n`);
}

function insertAt(view: View, line: number, newText: string): TextEdit {
  if (line < view.text.lineCount) {
    const position = { line, character: 0 };
    return { range: { start: position, end: position }, newText };
  }
  const end = view.text.positionAt(view.text.getText().length);
  return { range: { start: end, end }, newText: `\n${newText}` };
}
