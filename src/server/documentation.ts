/** What a diagnostic code means, as a page that the client opens from the code: it is built in, nothing is fetched. */
import { CODES, type CodeSpec, exampleText } from '../language/codes.ts';
import { LIBRARY_SCHEME } from '../language/library.ts';

const FOLDER = '/docs/';

/** Address of the page of a code; undefined for codes that have none. */
export function codeLink(code: string): string | undefined {
  return Object.hasOwn(CODES, code) ? `${LIBRARY_SCHEME}:${FOLDER}${code}.md` : undefined;
}

/** The page at a path of the library's scheme; undefined where there is none. */
export function codePage(path: string): string | undefined {
  if (!path.startsWith(FOLDER)) return undefined;
  const code = path.slice(FOLDER.length).replace(/\.md$/, '');
  const spec: CodeSpec | undefined = Object.hasOwn(CODES, code)
    ? CODES[code as keyof typeof CODES]
    : undefined;
  if (!spec) return undefined;
  const block = (example: CodeSpec['wrong']) =>
    ['```shardplan', exampleText(example).trimEnd(), '```'].join('\n');
  return `${[`# ${code}`, `${spec.title} (${spec.severity}).`, spec.meaning, `**What to do:** ${spec.fix}`, '## So it comes up', block(spec.wrong), '## So it is right', block(spec.right)].join('\n\n')}\n`;
}
