/** `key-without-effect`: a routing on a level that leaves it nothing to choose. */
import { buildNetwork } from '../../../engine/fabric/network.ts';
import type { FabricSpec, LevelSpec } from '../../../engine/fabric/spec.ts';
import { rangeOf } from '../../analysis/source.ts';
import type { Entries } from '../../lower/properties.ts';
import type { Findings } from '../findings.ts';

/** @param fabric the levels up to `level`, which is its last one */
export function checkRouting(
  level: LevelSpec,
  fabric: FabricSpec,
  entries: Entries,
  findings: Findings,
): void {
  const entry = entries.get('routing');
  const reason = entry && reasonOf(level, fabric);
  if (!reason) return;
  findings.add(
    'key-without-effect',
    rangeOf(entry.property),
    `'routing: ${level.routing}' changes nothing here: ${reason}.`,
    { tag: 'unnecessary' },
  );
}

/** Why the routing of a level chooses nothing, and what it would need; undefined where it chooses. */
function reasonOf(level: LevelSpec, fabric: FabricSpec): string | undefined {
  const { topology, routing, failed } = level;
  if (routing === undefined || routing === 'minimal') return undefined;
  const grid = ['torus', 'ocs', 'hyperx', 'hamming_mesh'].includes(topology.kind);
  if (routing === 'dor') {
    if (!grid)
      return 'there are no dimensions to go along; a torus, a mesh, a HyperX and a HammingMesh have some';
    const twisted = (topology.kind === 'torus' || topology.kind === 'ocs') && topology.twist;
    return twisted ? 'twisted dimensions have no sequence; a torus without twist has' : undefined;
  }
  switch (topology.kind) {
    case 'switch':
    case 'fat_tree':
      return hasParallelLinks(level, fabric)
        ? undefined
        : `flows have one link each to go up; it needs several side by side: ${
            topology.kind === 'switch'
              ? "an 'uplink' of several ports, or a fat_tree"
              : 'leaves with more than one uplink'
          }`;
    case 'fully_connected':
      return failed
        ? undefined
        : 'every child has its own link to every other one; a HyperX or a graph has detours';
    case 'rail':
      return (failed?.links.length ?? 0) > 0
        ? undefined
        : 'traffic keeps to its rail, and above all rails are loaded alike; a fat_tree spreads over uplinks';
    default:
      return undefined;
  }
}

/** Whether links of the level stand for several that flows are spread over. */
function hasParallelLinks({ name, tier }: LevelSpec, fabric: FabricSpec): boolean {
  return buildNetwork(fabric).stacks.some(({ links }) =>
    links.some(link => link.level === name && link.tier === tier && link.kind === 'tree' && link.routing),
  );
}
