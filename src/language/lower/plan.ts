/** `plan` to engine input, with everything it takes over from the plans it is like. */
import type { FabricSpec } from '../../engine/fabric/spec.ts';
import type { ModelSpec } from '../../engine/model/spec.ts';
import type { MeshSpec, PlanSpec } from '../../engine/plan/spec.ts';
import { rangeOf, rangeOfProperty } from '../analysis/source.ts';
import { Findings } from '../checks/findings.ts';
import type { Plan } from '../generated/ast.ts';
import { isCollective, isSweep } from '../generated/ast.ts';
import type { Env } from '../values/value.ts';
import { lowerBatch } from './batch.ts';
import { lowerCollective } from './collective.ts';
import { collectivesOf, shardsOf } from './inherit.ts';
import type { PlacedRefusal } from './lowered.ts';
import {
  lowerContext,
  lowerData,
  lowerExperts,
  lowerLoss,
  lowerPrecision,
  lowerRecompute,
  lowerTensor,
} from './options.ts';
import { lowerPipeline } from './pipeline.ts';
import type { Entries } from './properties.ts';
import { numberAt, readProperties, wordAt } from './properties.ts';
import { lowerShard, scattersActivations } from './shard.ts';
import { planNumbers } from './sizes.ts';
import { checkSweep } from './sweep.ts';

export interface PlanInput {
  /** The plan first, then what it is like. */
  line: readonly Plan[];
  fabric: FabricSpec;
  model: ModelSpec;
  longest: number | undefined;
  mesh: MeshSpec;
  env: Env;
  refusals: PlacedRefusal[];
}

export interface LoweredPlan {
  spec: PlanSpec;
  entries: Entries;
  /** For claims: axes and sizes by name. */
  env: Env;
}

export function lowerPlan(input: PlanInput): LoweredPlan {
  const { line, fabric, model, mesh, refusals } = input;
  const plan = line[0]!;
  let batch: PlanSpec['batch'] | undefined;
  const batchOf = () => batch ?? { global: 1, micro: 1, sequence: 4096 };
  const env: Env = { ...input.env, ...planNumbers(mesh, model, batchOf) };
  // What is taken over was judged where it stands; here its findings would stand in the wrong plan.
  const quiet: Env = { ...env, findings: new Findings() };

  const entries: Entries = new Map();
  line.forEach((step, index) => {
    const own = readProperties(step.props, 'plan', index === 0 ? env : quiet, { axes: mesh.axes });
    for (const [key, entry] of own) if (!entries.has(key)) entries.set(key, entry);
  });
  batch = lowerBatch(entries, mesh, input.longest, env);

  const phase = wordAt(entries, 'phase');
  if (phase !== undefined && phase !== 'train') {
    refusals.push({
      code: 'not-priced',
      message: `The phase '${phase}' is not priced yet.`,
      cause: { kind: 'plan', key: 'phase' },
    });
  }
  const precision = lowerPrecision(entries);
  const shards = shardsOf(line);
  const tp = lowerTensor(entries, fabric.chip);
  if (!entries.has('tp.sequence_parallel') && scattersActivations(shards, mesh)) tp.sequenceParallel = true;
  const { dp, fsdp } = lowerData(entries, mesh);
  checkAccumulate(entries, dp.zero, plan, env);
  const collectives = collectivesOf(line).flatMap(
    node => lowerCollective(node, node.$container === plan ? env : quiet) ?? [],
  );
  for (const node of shards) {
    const own = node.$container === plan ? env : quiet;
    collectives.push(...lowerShard(node, { mesh, model, batch, precision, tp, dp, fsdp, env: own }));
  }
  duplicateCollectives(plan, env);
  for (const item of plan.items) if (isSweep(item)) checkSweep(item, mesh, fabric, env);
  const loss = lowerLoss(entries, quiet);
  const noise = numberAt(entries, 'noise');
  const spec: PlanSpec = {
    name: plan.name,
    fabric,
    model,
    mesh,
    batch,
    precision,
    ...(loss && { loss }),
    software: wordAt(entries, 'software'),
    ...(noise !== undefined && { noise }),
    tp,
    dp,
    fsdp,
    cp: lowerContext(entries),
    ep: lowerExperts(entries, precision.activation),
    pp: lowerPipeline(entries, mesh, model, env),
    recompute: lowerRecompute(entries),
    collectives,
  };
  return { spec, entries, env };
}

/** Where gradients are summed can be chosen from ZeRO-2 on; below, they stay whole, and that is said. */
function checkAccumulate(entries: Entries, zero: number, plan: Plan, env: Env): void {
  const stated = entries.get('dp.accumulate');
  if (!stated || zero >= 2 || wordAt(entries, 'dp.accumulate') !== 'sharded') return;
  // Taken over, the option stands in another plan: then the stage of ZeRO that this one states makes it idle.
  const own = [stated, entries.get('dp.zero')].find(entry => entry?.property.$container === plan);
  if (!own) return;
  const message = `'dp.accumulate: sharded' is not priced with ZeRO-${zero}: gradients stay whole until the step ends.`;
  env.findings.add('not-priced', rangeOf(own.property), message);
}

function duplicateCollectives(plan: Plan, env: Env): void {
  const seen = new Map<string, Plan['items'][number]>();
  for (const item of plan.items) {
    if (!isCollective(item) || !item.name) continue;
    const first = seen.get(item.name);
    if (!first) seen.set(item.name, item);
    else {
      env.findings.add(
        'name-duplicate',
        rangeOfProperty(item, 'name'),
        `This plan already states a collective '${item.name}'.`,
        {
          related: [{ message: 'Stated first here.', range: rangeOf(first) }],
        },
      );
    }
  }
}
