/** Declarations to engine input, one by one, for commands that need no plan. */
import { readGemmTable } from '../../interop/gemm-table.ts';
import { importHuggingFace } from '../../interop/huggingface.ts';
import { readNcclTests } from '../../interop/nccl-tests.ts';
import { readNcclTopology } from '../../interop/nccl-topology.ts';
import { importsOf, resolvePath } from '../../language/imports.ts';
import { History, Interner } from '../../language/lower/history.ts';
import { Lowering } from '../../language/lower/lowering.ts';
import type { ShardplanServices } from '../../language/module.ts';

export function newLowering(services: ShardplanServices): Lowering {
  const { Files } = services.shared.workspace;
  return new Lowering({
    history: new History(),
    interner: new Interner(),
    file: (document, path) => Files.cached(resolvePath(document.uri, path)),
    importModel: importHuggingFace,
    importLog: readNcclTests,
    importTopology: readNcclTopology,
    importGemmTable: readGemmTable,
    records: () => false,
    visible: document => [document.uri.toString(), ...importsOf(document).map(({ uri }) => uri.toString())],
  });
}
