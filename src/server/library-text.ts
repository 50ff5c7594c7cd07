/** `meshwright/libraryText`: a file of the standard library as it is built in. */
import { URI } from 'langium';
import { isLibraryUri, libraryText } from '../language/library.ts';
import type { TextAnswer } from './protocol.ts';

/** null for what is not a file of the library. */
export function libraryAnswer(address: string): TextAnswer | null {
  const uri = URI.parse(address);
  const text = isLibraryUri(uri) ? libraryText(uri) : undefined;
  return text === undefined ? null : { text };
}
