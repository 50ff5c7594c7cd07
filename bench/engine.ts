/** What is measured inside the process; bundled first, as everything that is shipped. */

import { Workspace } from '../src/cli/files/workspace.ts';
import { estimateCore } from '../src/engine/estimate/core.ts';
import { estimatePlan } from '../src/engine/estimate/estimate.ts';
import { buildNetwork } from '../src/engine/fabric/network.ts';
import { priceCollective } from '../src/engine/fabric/price.ts';
import type { FabricSpec } from '../src/engine/fabric/spec.ts';
import type { CollectiveOp, PlanSpec } from '../src/engine/plan/spec.ts';

export * as fabrics from './fabrics.ts';

/** The first plan of a file, as engine input. */
export async function planOf(path: string, cwd: string): Promise<PlanSpec> {
  const { report, diagnostics } = await new Workspace(cwd).load(path);
  const spec = report.plans[0]?.spec;
  if (!spec) throw new Error(`${path} has no plan: ${diagnostics[0]?.message}`);
  return spec;
}

/** A whole estimate. @param fresh on a fabric that was never seen before, so that every price is computed */
export function estimateOnce(plan: PlanSpec, fresh: boolean): void {
  const spec = fresh ? { ...plan, fabric: structuredClone(plan.fabric) } : plan;
  if (!estimatePlan(spec).ok) throw new Error('The plan is refused.');
}

/** The fabric with as many of its outermost units as `chips` need. */
export function fabricOf(fabric: FabricSpec, chips: number): FabricSpec {
  const inner = fabric.levels.slice(0, -1).reduce((product, level) => product * level.count, 1);
  const top = fabric.levels.at(-1)!;
  return { ...fabric, levels: [...fabric.levels.slice(0, -1), { ...top, count: Math.ceil(chips / inner) }] };
}

/** One price, the links of the fabric included. */
export function priceOnce(fabric: FabricSpec, op: CollectiveOp, chips: number): void {
  const group = [{ stride: 8, size: chips / 8 }];
  if (!priceCollective(buildNetwork(fabric), group, op, 2 ** 28, { chips })) throw new Error('No price.');
}

/** One price over all chips of a fabric; `fresh`: its links are laid anew. */
export function pricer(fabric: FabricSpec, op: CollectiveOp, fresh: boolean): () => void {
  const make = () => {
    const network = buildNetwork(fabric);
    const [fault] = network.faults;
    if (fault) throw new Error(`${fabric.name}: ${fault.message}`);
    return network;
  };
  const known = make();
  let bytes = 2 ** 28;
  return () => {
    const network = fresh ? make() : known;
    // Another size every time: what is kept is what holds for all sizes.
    bytes += 1024;
    const group = [{ stride: 1, size: network.chips }];
    if (!priceCollective(network, group, op, bytes, { chips: network.chips })) throw new Error('No price.');
  };
}

/** A function that parses a text, warm or not. */
export function parser(cwd: string): (text: string) => void {
  const { LangiumParser } = new Workspace(cwd).services.parser;
  return text => {
    const { parserErrors, lexerErrors } = LangiumParser.parse(text);
    if (parserErrors.length + lexerErrors.length > 0) throw new Error('The text has syntax errors.');
  };
}

/**
 * What a search asks of a candidate: the time of its step alone, by formula. Mesh, batch and schedule are its own; fabric and
 * model are those of all candidates, whose routes and prices are there once one of them had a collective like it.
 */
export function searchOnce(plan: PlanSpec): number {
  const mesh = { ...plan.mesh, axes: plan.mesh.axes.map(axis => ({ ...axis })) };
  return estimateCore({ ...plan, mesh, batch: { ...plan.batch }, pp: { ...plan.pp } }, 'timed').time;
}
