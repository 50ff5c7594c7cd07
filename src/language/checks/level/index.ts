/** All checks of a level's topology. */
import type { LevelCheck } from './context.ts';
import { checkFailed } from './failed.ts';
import { checkGraph } from './graph.ts';
import { checkOcs } from './ocs.ts';
import { checkPorts } from './ports.ts';
import { checkShape } from './shape.ts';
import { checkTwist } from './twist.ts';
import { checkUnused } from './unused.ts';

const STRUCTURE: readonly ((check: LevelCheck) => void)[] = [
  checkShape,
  checkTwist,
  checkOcs,
  checkPorts,
  checkGraph,
  checkUnused,
];

/** @returns whether the level can be built: no finding of this level is an error */
export function checkTopology(check: LevelCheck): boolean {
  const before = check.findings.list.length;
  const sound = () => !check.findings.list.slice(before).some(finding => finding.severity === 'error');
  for (const run of STRUCTURE) run(check);
  // What is broken is judged by links that exist.
  if (sound()) checkFailed(check);
  return sound();
}
