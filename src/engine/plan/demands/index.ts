/**
 * The collectives that a plan causes, on one stage and in one step, before any of them is priced: what travels, over which
 * group, how often, and what it may hide under. Sizes are nccl-tests' S. Sources: Megatron-LM `tensor_parallel/layers.py` and its
 * context-parallel documentation, ZeRO (1910.02054), the Llama 3 report for gathered context parallelism.
 */
import type { Degrees, Stage } from '../degrees.ts';
import type { Placement } from '../placement.ts';
import { shardParameters } from '../shards.ts';
import type { PlanSpec } from '../spec.ts';
import { contextDemands } from './context.ts';
import { dataDemands } from './data.ts';
import type { Context, Demand } from './demand.ts';
import { expertDemands } from './experts.ts';
import { pipelineDemands } from './pipeline.ts';
import { applyStated } from './stated.ts';
import { tensorDemands } from './tensor.ts';

export type { Cover, Demand } from './demand.ts';

export function demandsOf(plan: PlanSpec, degrees: Degrees, placement: Placement, stage: Stage): Demand[] {
  const context: Context = {
    plan,
    degrees,
    placement,
    stage,
    microbatches: degrees.microbatches,
    shard: shardParameters(plan, degrees, stage),
  };
  const demands = [
    ...tensorDemands(context),
    ...contextDemands(context),
    ...expertDemands(context),
    ...pipelineDemands(context),
    ...dataDemands(context),
  ].filter(demand => demand.group.length > 0 && demand.bytes > 0 && demand.count > 0);
  return applyStated(context, demands);
}
