/** Chips of the standard library as the engine takes them. */

import { newLowering } from '../../src/cli/files/lowering.ts';
import { Workspace } from '../../src/cli/files/workspace.ts';
import type { ChipSpec } from '../../src/engine/fabric/spec.ts';
import type { Chip } from '../../src/language/generated/ast.ts';
import { libraryUri } from '../../src/language/library.ts';

export async function libraryChips(cwd: string): Promise<Map<string, ChipSpec>> {
  const workspace = new Workspace(cwd);
  const document = await workspace.library(libraryUri('std/chips'));
  const lowering = newLowering(workspace.services);
  const chips = new Map<string, ChipSpec>();
  for (const each of document.parseResult.value.decls) {
    if (each.$type !== 'Chip') continue;
    const spec = lowering.chip(each as Chip).spec;
    if (spec) chips.set(spec.name, spec);
  }
  return chips;
}
