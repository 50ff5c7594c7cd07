/** Files of other tools that a document mentions. */
import type { FileContent } from '../files.ts';

const WHY = {
  missing: 'does not exist',
  'too-large': 'is larger than 10 MB and is not read',
  unreadable: 'cannot be read',
} as const;

/** Why a file has no text, for people. `path` as the text names it: an absolute path says nothing to the reader of the file. */
export function whyUnread(path: string, content: FileContent | undefined): string {
  const why = content?.error === undefined ? 'has not been read' : WHY[content.error];
  return `The file ${path} ${why}.`;
}
