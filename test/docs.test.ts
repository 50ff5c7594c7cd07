import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { diagnosticsPage } from '../scripts/docs/diagnostics.ts';
import { referencePage } from '../scripts/docs/reference.ts';

const docs = (name: string) => readFileSync(join(import.meta.dirname, '../docs', name), 'utf8');

test('docs/reference.md is what the schema says (npm run docs)', () => {
  expect(docs('reference.md')).toBe(referencePage());
});

test('docs/diagnostics.md is what the list of codes says (npm run docs)', () => {
  expect(docs('diagnostics.md')).toBe(diagnosticsPage());
});
