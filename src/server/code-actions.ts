import type { CancellationToken, CodeAction, CodeActionParams } from 'vscode-languageserver';
import type { View } from './view.ts';
export const FIX_ALL = 'source.fixAll.meshwright';
export function codeActions(_view: View, _params: CodeActionParams, _token: CancellationToken): CodeAction[] {
  return [];
}
