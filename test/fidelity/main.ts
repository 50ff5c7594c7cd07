/** Entry of the bundle that the scripts run. */
export { COMMON, NETWORKS, RATES } from '../../src/engine/fabric/nccl/rates.ts';
export { CsvError, missingColumns, readCsv } from './csv.ts';
export { libraryChips } from './library.ts';
export { quantile, score } from './score.ts';
