/** Whole declarations that completion inserts: as they come, they are free of syntax errors. */
import { expect, test } from 'vitest';
import { LEVEL_BLOCK, PLAN_ITEMS, TOP_BLOCKS } from '../../src/server/completion/blocks.ts';
import { createTestServices } from '../language/support.ts';

const services = createTestServices();

/** What stands there when every place is left as it is and the last one is filled in. */
const expand = (snippet: string): string =>
  snippet
    .replace(/^\s*\$0$/m, '')
    .replaceAll(/\$\{\d+:([^}]*)\}/g, '$1')
    .replaceAll('$0', '1');

test.each([
  ...TOP_BLOCKS.map(block => [block.label, expand(block.snippet!)]),
  [LEVEL_BLOCK.label, `fabric f { ${expand(LEVEL_BLOCK.snippet!)} }`],
  ...PLAN_ITEMS.map(block => [block.label, `plan p { ${expand(block.snippet!)} }`]),
])('%s', async (_label, text) => {
  expect(text).not.toContain('$');
  const { parseResult } = await services.parse(text);
  expect(parseResult.parserErrors.map(error => error.message)).toEqual([]);
  expect(parseResult.lexerErrors.map(error => error.message)).toEqual([]);
});
