/** Renames a declaration, level or axis with all its uses, and refuses what would change the meaning of a text. */
import {
  type AstNode,
  AstUtils,
  CstUtils,
  type LangiumDocument,
  type LangiumDocuments,
  type ScopeProvider,
} from 'langium';
import { DefaultRenameProvider } from 'langium/lsp';
import {
  LSPErrorCodes,
  type RenameParams,
  ResponseError,
  TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver-protocol';
import { isAxis, isDeclaration, isLevel } from '../generated/ast.ts';
import { isLibraryUri } from '../library.ts';
import type { ShardplanServices } from '../module.ts';
import { roleOf } from '../schema/index.ts';
import { ownDeclarations } from './visible.ts';

export class ShardplanRenameProvider extends DefaultRenameProvider {
  private readonly documents: LangiumDocuments;
  private readonly scopes: ScopeProvider;
  private readonly keywords: ReadonlySet<string>;

  constructor(services: ShardplanServices) {
    super(services);
    this.documents = services.shared.workspace.LangiumDocuments;
    this.scopes = services.references.ScopeProvider;
    this.keywords = new Set(
      Object.keys(services.parser.Lexer.definition).filter(name => /^[a-z]+$/.test(name)),
    );
  }

  /** @throws ResponseError in words for people where the new name is no name, is taken, or would capture plain words. */
  override async rename(document: LangiumDocument, params: RenameParams): Promise<WorkspaceEdit | undefined> {
    const target = this.targetAt(document, params);
    if (!target) return undefined;
    const { newName } = params;
    const home = AstUtils.getDocument(target);
    if (isLibraryUri(home.uri))
      throw refusal(`'${target.name}' belongs to the standard library and keeps its name.`);
    if (newName === target.name) return { changes: {} };
    this.checkName(target, newName);
    this.checkCapture(target, newName);
    const edit = await super.rename(document, params);
    const role = this.roleEdit(target, newName);
    if (edit?.changes && role) edit.changes[home.uri.toString()]?.push(role);
    return edit;
  }

  private targetAt(document: LangiumDocument, params: RenameParams): Named | undefined {
    const range = this.renameNodeRange(document, params.position);
    const root = document.parseResult.value.$cstNode;
    if (!range || !root) return undefined;
    const leaf = CstUtils.findLeafNodeAtOffset(root, document.textDocument.offsetAt(range.start));
    const declarations = leaf ? this.references.findDeclarations(leaf) : [];
    return declarations.find((node): node is Named => typeof (node as Named).name === 'string');
  }

  private checkName(target: Named, newName: string): void {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(newName)) {
      throw refusal(`'${newName}' is not a name: letters, digits and _ only, beginning with a letter.`);
    }
    const allowed = isAxis(target) && (newName === 'model' || newName === 'chip');
    if (this.keywords.has(newName) && !allowed) throw refusal(`'${newName}' is a word of the language.`);
    if (
      siblings(target).some(node => node !== target && node.name === newName && node.$type === target.$type)
    ) {
      throw refusal(
        `There is ${isAxis(target) ? 'an' : 'a'} ${target.$type.toLowerCase()} '${newName}' already.`,
      );
    }
  }

  /** `recompute: full` would become a reference to an axis called `full`. */
  private checkCapture(target: Named, newName: string): void {
    for (const document of this.documents.all) {
      for (const reference of document.references) {
        const info = reference.error?.info;
        if (!info || reference.$refText !== newName) continue;
        if (
          this.scopes
            .getScope(info)
            .getAllElements()
            .some(element => element.node === target)
        ) {
          const line = (reference.$refNode?.range.start.line ?? 0) + 1;
          throw refusal(
            `'${newName}' is used as a plain word on line ${line}, which would then mean this ${target.$type.toLowerCase()}.`,
          );
        }
      }
    }
  }

  /** Known names carry their role; under another name the axis has to state it. */
  private roleEdit(target: Named, newName: string): TextEdit | undefined {
    if (!isAxis(target) || target.role) return undefined;
    const role = roleOf(target.name);
    const end = target.size?.$cstNode?.range.end;
    if (!role || role === 'other' || !end || roleOf(newName) === role) return undefined;
    return TextEdit.insert(end, ` as ${role}`);
  }
}

type Named = AstNode & { name: string };

const refusal = (message: string) => new ResponseError(LSPErrorCodes.RequestFailed, message);

function siblings(node: Named): readonly Named[] {
  if (isLevel(node)) return node.$container.levels;
  if (isAxis(node)) return node.$container.axes;
  return isDeclaration(node) ? [...ownDeclarations(AstUtils.getDocument(node)).values()].flat() : [];
}
