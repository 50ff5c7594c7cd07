import type { Hover, Position } from 'vscode-languageserver';
import type { View } from './view.ts';
export function hoverAt(_view: View, _position: Position): Hover | null {
  return null;
}
