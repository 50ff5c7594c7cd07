/** `meshwright/libraryText`: files of the standard library and pages of the documentation, as they are built in. */
import { URI } from 'langium';
import { isLibraryUri, libraryText } from '../language/library.ts';
import { codePage } from './documentation.ts';
import type { TextAnswer } from './protocol.ts';

/** null for what is neither. */
export function libraryAnswer(address: string): TextAnswer | null {
  const uri = URI.parse(address);
  if (!isLibraryUri(uri)) return null;
  const text = codePage(uri.path) ?? libraryText(uri);
  return text === undefined ? null : { text };
}
