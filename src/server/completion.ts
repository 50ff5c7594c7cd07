import type { CompletionList, Position } from 'vscode-languageserver';
import type { ShardplanSharedServices } from '../language/module.ts';
import type { View } from './view.ts';
export const COMPLETION_TRIGGERS = [':', '.', '<', '"', '(', ' ', '/', ','] as const;
export function completions(
  _view: View,
  _position: Position,
  _shared: ShardplanSharedServices,
): CompletionList | null {
  return null;
}
