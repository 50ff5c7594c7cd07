import type { Position, SignatureHelp } from 'vscode-languageserver';
import type { View } from './view.ts';
export function signatureHelp(_view: View, _position: Position): SignatureHelp | null {
  return null;
}
