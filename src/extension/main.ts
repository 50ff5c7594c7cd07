/** Entry of the extension, one script for both of VS Code's extension hosts: the Node one and the web-worker one. */
import type { ExtensionContext } from 'vscode';
import { inNode } from '../in-node.ts';
import { activateMeshwright } from './extension.ts';

export async function activate(context: ExtensionContext): Promise<void> {
  const { host } = await (inNode ? import('./host.node.ts') : import('./host.web.ts'));
  return activateMeshwright(context, host);
}
