/** docs/diagnostics.md: one section per code, at the anchor that a diagnostic links to. */
import { CODES, type CodeSpec, type Example } from '../../src/language/codes.ts';
import { code, fenced, GENERATED, page, table } from './markdown.ts';

const WORD = { error: 'error', warning: 'warning', info: 'information', hint: 'hint' };

/** Lines of a block are shown inside its braces. */
function shown({ in: block, text }: Example): string {
  if (block === 'file') return fenced(text);
  const lines = text.split(/\n\s*| {2}(?=[a-z])/).map(line => `  ${line.trim()}`);
  return fenced(`${block} … {\n${lines.join('\n')}\n}`);
}

export function diagnosticsPage(): string {
  const all = Object.entries(CODES) as [string, CodeSpec][];
  return page([
    '# Diagnostics',
    GENERATED,
    'Every finding has a code. The setting `meshwright.diagnostics.severity` maps a code to another level, or to `off`.',
    table(
      ['code', 'level', 'says'],
      all.map(([name, { severity, title }]) => [`[${code(name)}](#${name})`, WORD[severity], title]),
    ),
    ...all.map(([name, spec]) =>
      [
        `## ${name}`,
        `**${spec.title}** (${WORD[spec.severity]}). ${spec.meaning}`,
        `${spec.fix}`,
        ...(spec.wrong.text ? ['Wrong:', shown(spec.wrong), 'Right:', shown(spec.right)] : []),
      ].join('\n\n'),
    ),
  ]);
}
