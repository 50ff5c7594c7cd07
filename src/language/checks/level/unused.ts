/** `key-without-effect`: keys of a level that its topology does not have. */
import { rangeOf } from '../../analysis/source.ts';
import type { LevelCheck } from './context.ts';

export function checkUnused({ entries, topology, findings }: LevelCheck): void {
  if (topology.kind === 'dragonfly' || topology.kind === 'hamming_mesh') return;
  for (const key of ['link.local', 'link.global']) {
    const entry = entries.get(key);
    if (!entry) continue;
    findings.add(
      'key-without-effect',
      rangeOf(entry.property),
      `Only a dragonfly and a HammingMesh have local and global links: '${key}' changes nothing.`,
      { tag: 'unnecessary' },
    );
  }
}
