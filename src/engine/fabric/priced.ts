/** Which topologies have links to route over. */
import type { Topology } from './spec.ts';

export const isPriced = ({ kind }: Topology): boolean =>
  ['switch', 'fully_connected', 'fat_tree'].includes(kind);

export const topologyName = (topology: Topology): string =>
  topology.kind === 'other' ? topology.name : topology.kind;
