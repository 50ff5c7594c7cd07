/** The analysis of the language, bound to its services and to the readers of foreign files. */
import { readGemmTable } from '../interop/gemm-table.ts';
import { importHuggingFace } from '../interop/huggingface.ts';
import { readNcclTests } from '../interop/nccl-tests.ts';
import { readNcclTopology } from '../interop/nccl-topology.ts';
import { type Analyse, createAnalyser } from '../language/analysis/analyse.ts';
import type { ShardplanServices } from '../language/module.ts';

export const analyseWith = (services: ShardplanServices): Analyse =>
  createAnalyser(services, {
    importModel: importHuggingFace,
    importLog: readNcclTests,
    importTopology: readNcclTopology,
    importGemmTable: readGemmTable,
  });
