/** What the panel may do to the text and to files: go to a line, mark it, insert an example, save a picture. */
import * as vscode from 'vscode';
import type { PanelMessage } from '../../../panel/protocol.ts';

type Message<Type extends PanelMessage['type']> = Extract<PanelMessage, { type: Type }>;
type Range = Message<'reveal'>['range'];

/** Plans and library files only: the panel has no business in other files. */
const isPlanText = (uri: vscode.Uri): boolean => uri.path.endsWith('.shard') || uri.scheme === 'untitled';

const toRange = ({ start, end }: Range): vscode.Range =>
  new vscode.Range(start.line, start.character, end.line, end.character);

/** Goes to a line, in the editor that shows the document already where there is one. */
export async function revealSource(address: string, range: Range): Promise<void> {
  const uri = vscode.Uri.parse(address);
  if (!isPlanText(uri)) return;
  const shown = vscode.window.visibleTextEditors.find(
    editor => editor.document.uri.toString() === uri.toString(),
  );
  try {
    const document = shown?.document ?? (await vscode.workspace.openTextDocument(uri));
    const editor = await vscode.window.showTextDocument(document, shown?.viewColumn ?? vscode.ViewColumn.One);
    const target = editor.document.validateRange(toRange(range));
    editor.selection = new vscode.Selection(target.start, target.start);
    editor.revealRange(target, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  } catch {
    void vscode.window.showWarningMessage(`${uri.path} cannot be opened any more.`);
  }
}

/** Marks the line that causes what the pointer rests on. */
export class SourceMark {
  private readonly style = vscode.window.createTextEditorDecorationType({
    backgroundColor: new vscode.ThemeColor('editor.rangeHighlightBackground'),
    border: '1px solid',
    borderColor: new vscode.ThemeColor('editor.rangeHighlightBorder'),
    isWholeLine: true,
  });

  show(source: Message<'hover'>['source']): void {
    for (const editor of vscode.window.visibleTextEditors) {
      const here = source !== undefined && editor.document.uri.toString() === source.uri;
      editor.setDecorations(this.style, here ? [editor.document.validateRange(toRange(source))] : []);
    }
  }

  dispose(): void {
    this.style.dispose();
  }
}

/** Puts the example at the end of the document. */
export async function insertExample(address: string, text: string): Promise<void> {
  const uri = vscode.Uri.parse(address);
  if (!isPlanText(uri)) return;
  const document = await vscode.workspace.openTextDocument(uri);
  const last = document.lineAt(document.lineCount - 1).range.end;
  const gap = document.getText().trim() === '' ? '' : '\n\n';
  const edit = new vscode.WorkspaceEdit();
  edit.insert(uri, last, `${gap}${text}`);
  await vscode.workspace.applyEdit(edit);
}

/** Asks where to, beside the plan by default, and writes the picture. */
export async function exportPicture(address: string, { kind, name, data }: Message<'export'>): Promise<void> {
  const plan = vscode.Uri.parse(address);
  const folder =
    plan.scheme === 'untitled'
      ? vscode.workspace.workspaceFolders?.[0]?.uri
      : vscode.Uri.joinPath(plan, '..');
  const target = await vscode.window.showSaveDialog({
    ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, name) } : {}),
    filters: kind === 'svg' ? { 'SVG picture': ['svg'] } : { 'PNG picture': ['png'] },
    title: 'Export Topology',
  });
  if (!target) return;
  const bytes =
    kind === 'svg'
      ? new TextEncoder().encode(data)
      : Uint8Array.from(atob(data), character => character.charCodeAt(0));
  try {
    await vscode.workspace.fs.writeFile(target, bytes);
  } catch (error) {
    void vscode.window.showErrorMessage(
      `The picture could not be saved: ${error instanceof Error ? error.message : error}`,
    );
  }
}
