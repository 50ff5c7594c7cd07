/** Entry of the bundle that `scripts/fidelity.mts` runs. */
export { libraryChips } from './library.ts';
export { score } from './score.ts';
export { RATES, COMMON, NETWORKS } from '../../src/engine/fabric/nccl/rates.ts';
