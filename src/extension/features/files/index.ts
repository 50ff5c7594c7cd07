/**
 * Reads files for a server that has no disk of its own (browser worker, virtual workspaces). Buffers that are open and
 * unsaved win.
 */
import * as vscode from 'vscode';
import { type DirectoryEntry, METHOD, type TextAnswer, type UriParams } from '../../../server/protocol.ts';
import type { Server } from '../language-client/index.ts';

/** The server refuses more; no need to send it. */
const LIMIT = 10 * 1024 * 1024;

export function activateFiles(_context: vscode.ExtensionContext, server: Server): void {
  server.answer<UriParams, TextAnswer | null>(METHOD.readFile, async ({ uri }) =>
    readFile(vscode.Uri.parse(uri)),
  );
  server.answer<UriParams, DirectoryEntry[]>(METHOD.readDirectory, async ({ uri }) =>
    readDirectory(vscode.Uri.parse(uri)),
  );
}

async function readFile(uri: vscode.Uri): Promise<TextAnswer | null> {
  const open = vscode.workspace.textDocuments.find(document => document.uri.toString() === uri.toString());
  if (open) return { text: open.getText() };
  try {
    const { size, type } = await vscode.workspace.fs.stat(uri);
    if (type & vscode.FileType.Directory || size > LIMIT) return null;
    return { text: new TextDecoder().decode(await vscode.workspace.fs.readFile(uri)) };
  } catch {
    return null;
  }
}

async function readDirectory(uri: vscode.Uri): Promise<DirectoryEntry[]> {
  try {
    const entries = await vscode.workspace.fs.readDirectory(uri);
    return entries.map(([name, type]) => ({
      name,
      type: type & vscode.FileType.Directory ? 'directory' : 'file',
    }));
  } catch {
    return [];
  }
}
