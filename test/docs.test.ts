import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { diagnosticsPage } from '../scripts/docs/diagnostics.ts';
import { fabricsPage } from '../scripts/docs/fabrics.ts';
import { referencePage } from '../scripts/docs/reference.ts';

const docs = (name: string) => readFileSync(join(import.meta.dirname, '../docs', name), 'utf8');

test('docs/reference.md is what the schema says (npm run docs)', () => {
  expect(docs('reference.md')).toBe(referencePage());
});

test('docs/diagnostics.md is what the list of codes says (npm run docs)', () => {
  expect(docs('diagnostics.md')).toBe(diagnosticsPage());
});

test('docs/fabrics.md is what its plans are priced at (npm run docs)', async () => {
  expect(docs('fabrics.md')).toBe(await fabricsPage());
}, 120_000);
