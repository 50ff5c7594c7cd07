/** `failed-unknown` and `failed-disconnects` where only the wiring knows which switches share a link. */
import type { LevelSpec } from '../../../engine/fabric/spec.ts';
import { buildWiring } from '../../../engine/fabric/wiring/build.ts';
import type { SourceRange } from '../../analysis/report.ts';
import type { Findings } from '../findings.ts';

/** Ports of all children beyond which links are not laid out at every keystroke; the estimate refuses what it finds later. */
const MOST_PORTS = 20_000;

/** @returns whether what is left of the level holds together, as far as it was looked at */
export function checkWired(level: LevelSpec, chips: number, range: SourceRange, findings: Findings): boolean {
  const bySwitches = ['dragonfly', 'hyperx', 'hamming_mesh', 'rail'].includes(level.topology.kind);
  if (!bySwitches || level.count * (level.ports ?? chips) > MOST_PORTS) return true;
  const built = buildWiring(level, { chips });
  if (!('reason' in built)) return true;
  const unknown = built.reason.startsWith('there is no link');
  const last = level.count - 1;
  findings.add(
    unknown ? 'failed-unknown' : 'failed-disconnects',
    range,
    unknown
      ? `With what is broken, ${built.reason}: the children of a ${level.name} are 0 to ${last}, its switches follow.`
      : `What is left of a ${level.name} cannot be used: ${built.reason}.`,
  );
  return false;
}
