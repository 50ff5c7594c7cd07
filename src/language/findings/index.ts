/** Everything that can be said about a document without knowing what its keys mean. */
import type { LangiumDocument } from 'langium';
import type { Finding } from '../analysis/report.ts';
import type { ShardplanServices } from '../module.ts';
import { importFindings, unusedImports } from './imports.ts';
import { duplicateNames, unknownNames } from './names.ts';
import { syntaxFindings } from './syntax.ts';

/**
 * Syntax, imports and names of a linked document. Codes: `syntax-error`, `key-space`, `import-missing`, `import-unused`,
 * `name-unknown`, `name-duplicate`.
 */
export function documentFindings(document: LangiumDocument, services: ShardplanServices): Finding[] {
  return [
    ...syntaxFindings(document),
    ...importFindings(document, services),
    ...unusedImports(document, services),
    ...unknownNames(document, services),
    ...duplicateNames(document),
  ];
}
