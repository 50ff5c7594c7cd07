/** Bytes on one chip at the peak of a step, stage by stage (ZeRO: 1910.02054; activations: `model/activations.ts`). */
import { layerActivationBytes, logitsBytes, workspaceBytes } from '../model/activations.ts';
import { type Degrees, layersOf, type Stage } from '../plan/degrees.ts';
import { placeMesh } from '../plan/placement.ts';
import { stateSplit } from '../plan/replicas.ts';
import { shardParameters } from '../plan/shards.ts';
import type { PlanSpec } from '../plan/spec.ts';
import type { MemoryPart, StageMemory } from './result.ts';
import { microbatchesInFlight, type PipelineShape } from './schedule.ts';

/** Layers whose gathered weights are on a chip at once under ZeRO-3: the one at work and those fetched ahead; all where they are kept. */
function gatheredLayers({ fsdp }: PlanSpec, layers: number): number {
  return fsdp.reshard ? Math.min(1 + (fsdp.prefetch ?? 1), layers) : layers;
}

export function stageMemory(
  plan: PlanSpec,
  degrees: Degrees,
  shape: PipelineShape,
  stage: Stage,
): StageMemory {
  const { bytes } = degrees;
  const shard = shardParameters(plan, degrees, stage);
  const layers = layersOf(stage);
  const states = { weights: 0, gradients: 0, optimizer: 0, buffers: 0 };
  const { placement } = placeMesh(plan.mesh, plan.fabric);
  for (const part of ['dense', 'experts'] as const) {
    const parameters = shard[part];
    const sharding = stateSplit(plan, placement, part);
    states.weights += (bytes.weight * parameters) / sharding.weights;
    states.gradients += (bytes.gradient * parameters) / sharding.gradients;
    // Main weights unless the weights themselves are kept in full precision, and two moments.
    const copies = bytes.weight >= bytes.optimizer ? 2 : 3;
    states.optimizer += (copies * bytes.optimizer * parameters) / sharding.optimizer;
    if (sharding.weights > 1 && layers > 0) {
      states.buffers += (bytes.weight * parameters * gatheredLayers(plan, layers)) / layers;
    }
  }
  const inFlight = microbatchesInFlight(plan.pp.schedule, shape, stage.index);
  const options = {
    tokens: degrees.tokens,
    tp: degrees.tp,
    sequenceParallel: plan.tp.sequenceParallel,
    ep: degrees.ep,
    etp: degrees.etp,
    imbalance: plan.ep.imbalance,
    recompute: plan.recompute,
    bytes: bytes.activation,
  };
  let layerBytes = 0;
  if (stage.dense > 0) layerBytes += stage.dense * layerActivationBytes(plan.model, 'dense', options);
  if (stage.moe > 0) layerBytes += stage.moe * layerActivationBytes(plan.model, 'moe', options);
  let activations = layerBytes * inFlight;
  if (plan.recompute.mode === 'full' && layers > 0) {
    // While a layer is recomputed all of its activations are there.
    const kind = stage.moe > 0 ? 'moe' : 'dense';
    activations += layerActivationBytes(plan.model, kind, { ...options, recompute: { mode: 'none' } });
  }
  let logits = 0;
  if (stage.head) {
    logits = logitsBytes(plan.model, { tokens: degrees.tokens, tp: degrees.tp, bytes: bytes.activation });
    states.buffers += workspaceBytes(plan.model, { tp: degrees.tp, bytes: bytes.weight });
  }
  const parts: MemoryPart[] = [
    { name: 'weights', bytes: states.weights },
    { name: 'gradients', bytes: states.gradients },
    { name: 'optimizer', bytes: states.optimizer },
    { name: 'activations', bytes: activations },
    { name: 'logits', bytes: logits },
    { name: 'buffers', bytes: states.buffers },
  ];
  const total = parts.reduce((sum, part) => sum + part.bytes, 0);
  return { stage: stage.index, layers: stage.kinds.length, inFlight, parts, total };
}
