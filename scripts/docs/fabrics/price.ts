/** Estimates of plans in a text, as the command line gives them. */
import type { Estimate } from '../../../src/engine/estimate/result.ts';
import type { Document } from '../../../src/language/generated/ast.ts';
import { MemoryFiles, memoryUri } from '../../../src/language/memory-files.ts';
import { createShardplanServices } from '../../../src/language/module.ts';
import { analyseWith } from '../../../src/server/analyse.ts';

const files = new MemoryFiles({});
const { shared, shardplan } = createShardplanServices({ source: files });
const analyse = analyseWith(shardplan);
let count = 0;

/** Estimate of every plan by its name. @throws Error where a plan has none, or the text an error */
export async function priced(text: string): Promise<Record<string, Estimate>> {
  count++;
  const document = shared.workspace.LangiumDocumentFactory.fromString<Document>(
    text,
    memoryUri(`/docs/plan${count}.shard`),
  );
  shared.workspace.LangiumDocuments.addDocument(document);
  await shared.workspace.DocumentBuilder.build([document], { validation: false });
  const { plans, findings } = analyse(document);
  const errors = findings.filter(f => f.severity === 'error' || f.code === 'check-failed');
  if (errors.length > 0) throw new Error(`${errors.map(f => f.message).join('\n')}\nin\n${text}`);
  return Object.fromEntries(
    plans.map(({ plan: name, estimate }) => {
      if (!estimate) throw new Error(`the plan ${name} has no estimate in\n${text}`);
      return [name, estimate];
    }),
  );
}
