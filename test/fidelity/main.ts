/** Entry of the bundle that the scripts run. */
export { KERNEL, SOFTWARE } from '../../src/engine/estimate/constants.ts';
export { COMMON, NETWORKS, RATES } from '../../src/engine/fabric/nccl/rates.ts';
export { baselinesOf } from './baseline.ts';
export { bitsOf, stepCases, stepTime } from './cases.ts';
export { CsvError, missingColumns, readCsv } from './csv.ts';
export { libraryChips } from './library.ts';
export { pairsOf, scorePairs } from './pairs.ts';
export { DEFAULTS } from './plan.ts';
export { quantile, score } from './score.ts';
