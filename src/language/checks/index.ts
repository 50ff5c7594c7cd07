/** All checks. Each runs guarded: one that throws is reported and silences nobody. */
import type { SourceRange } from '../analysis/report.ts';
import { rangeOfProperty } from '../analysis/source.ts';
import type { PlanCheck } from './context.ts';
import { checkDegrees } from './degrees.ts';
import { checkFewLinks } from './few-links.ts';
import type { Findings } from './findings.ts';
import { checkMemory } from './memory.ts';
import type { MeshCheck } from './mesh.ts';
import { checkMeshProduct, checkPlaces } from './mesh.ts';
import { checkHotLevels, checkNetworkBound } from './network.ts';
import { checkIdle, checkMultiprocessors, checkPrecision } from './options.ts';
import { checkSchedule } from './schedule.ts';
import { checkSlowLevels } from './slow-level.ts';
import { checkUnwrapped } from './unwrapped.ts';

export const MESH_CHECKS: readonly ((check: MeshCheck) => void)[] = [checkMeshProduct, checkPlaces];

export const PLAN_CHECKS: readonly ((check: PlanCheck) => void)[] = [
  checkDegrees,
  checkPrecision,
  checkIdle,
  checkMultiprocessors,
  checkSchedule,
  checkMemory,
  checkSlowLevels,
  checkNetworkBound,
  checkHotLevels,
  checkUnwrapped,
  checkFewLinks,
];

/** The result, or undefined after a finding that something of ours failed. */
export function guarded<T>(what: string, at: SourceRange, findings: Findings, run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    findings.add('check-failed', at, `Meshwright failed at '${what}' (${why}). Everything else was checked.`);
    return undefined;
  }
}

export function checkMesh(check: MeshCheck, checks = MESH_CHECKS): void {
  const at = rangeOfProperty(check.node, 'name');
  for (const run of checks) guarded(run.name, at, check.findings, () => run(check));
}

export function checkPlan(check: PlanCheck, checks = PLAN_CHECKS): void {
  for (const run of checks) guarded(run.name, check.nameRange, check.findings, () => run(check));
}
