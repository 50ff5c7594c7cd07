/** The schema: one table of every key, option, metric and name of the language. */
export * from './collective.ts';
export * from './mesh.ts';
export * from './metrics.ts';
export * from './query.ts';
export { DIRECT_TOPOLOGIES, TOPOLOGIES } from './topology.ts';
export type * from './types.ts';
