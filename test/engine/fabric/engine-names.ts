/** Classes of links that are no tree by names that the engine and the oracle share. */

import type { LevelSpec } from '../../../src/engine/fabric/spec.ts';
import type { WiredClass } from '../../../src/engine/fabric/wiring/wiring.ts';

/** Name of a class as the oracle has it; `below` names the level of cubes under an optical circuit switch. */
export function oracleName(
  link: Pick<WiredClass, 'name' | 'capacity' | 'below'>,
  level: LevelSpec,
  below: LevelSpec | undefined,
): string {
  return `${(link.below ? below! : level).name} ${bare(link, level)}`;
}

function bare({ name, capacity }: Pick<WiredClass, 'name' | 'capacity'>, { topology }: LevelSpec): string {
  const plain = name.replace('optical ', '');
  // A dimension that is the only one has no letter.
  if (plain === 'ring link' || plain === 'line link') return 'x link';
  if (plain === 'rail switch to spine') return 'trunk';
  if (topology.kind === 'graph' && topology.links.some(({ rate }) => rate !== undefined))
    return `link of ${capacity}`;
  return plain;
}

/** The engine has one class where the oracle counts every dimension of a HammingMesh for itself. */
export function merged<T extends { bytes: number; both: number; total: number }>(
  classes: ReadonlyMap<string, T>,
): Map<string, { bytes: number; both: number; total: number }> {
  const sums = new Map<string, { bytes: number; both: number; total: number }>();
  for (const [name, { bytes, both, total }] of classes) {
    const key = coarse(name);
    const sum = sums.get(key) ?? { bytes: 0, both: 0, total: 0 };
    sums.set(key, {
      bytes: Math.max(sum.bytes, bytes),
      both: Math.max(sum.both, both),
      total: sum.total + total,
    });
  }
  return sums;
}

export function coarse(name: string): string {
  return name.replace(/ board \S+ link$/, ' board link').replace(/ \S+ switch link$/, ' link to line switch');
}
