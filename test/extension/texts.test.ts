/** Texts that the extension hands to people: templates are free of errors, snippets are free of syntax errors. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DiagnosticSeverity } from 'vscode-languageserver';
import { TEMPLATES } from '../../src/extension/features/new-plan/templates.ts';
import { createTestServices } from '../language/support.ts';

const services = createTestServices();

describe('templates', () => {
  test.each(TEMPLATES.map(template => [template.label, template.text]))(
    '%s has no errors',
    async (_label, text) => {
      const found = await services.check(text);
      const errors = found.filter(diagnostic => diagnostic.severity === DiagnosticSeverity.Error);
      expect(errors.map(error => error.message)).toEqual([]);
    },
  );
});

interface Snippet {
  prefix: string;
  body: string | string[];
}

/** What stands there when every place is left as it is. */
function expand({ body }: Snippet): string {
  const text = [body].flat().join('\n');
  const names = new Map<string, string>();
  return text
    .replaceAll(/\$\{(\d+)\|((?:\\.|[^|\\])*)\|\}/g, (_, n, choices: string) => {
      const first = /^(?:\\.|[^,\\])*/.exec(choices)?.[0].replaceAll('\\', '') ?? '';
      names.set(n, first);
      return first;
    })
    .replaceAll(/\$\{(\d+):([^}]*)\}/g, (_, n, given: string) => {
      names.set(n, given);
      return given;
    })
    .replaceAll(/\$(\d+)/g, (_, n) => names.get(n) ?? '');
}

/** Declarations stand by themselves; everything else is tried inside of one. */
const frame: Record<string, (text: string) => string> = {
  level: text => `fabric f { ${text} }`,
  assert: text => `plan p { ${text} }`,
  expect: text => `plan p { ${text} }`,
  shard: text => `plan p { ${text} }`,
  collective: text => `plan p { ${text} }`,
  sweep: text => `plan p { ${text} }`,
};

describe('snippets', () => {
  const file = join(import.meta.dirname, '../../syntaxes/snippets.json');
  const snippets = Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<string, Snippet>);

  test.each(snippets)('%s is free of syntax errors', async (_name, snippet) => {
    const text = expand(snippet);
    expect(text).not.toContain('$');
    const document = await services.parse((frame[snippet.prefix] ?? (inner => inner))(text));
    expect(document.parseResult.parserErrors.map(error => error.message)).toEqual([]);
    expect(document.parseResult.lexerErrors.map(error => error.message)).toEqual([]);
  });
});
