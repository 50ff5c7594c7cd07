/** `shard W[D/fsdp, F] -> W[D, F]` to engine input. */

import type { Precision } from '../../engine/fabric/spec.ts';
import { PRECISION_BYTES } from '../../engine/fabric/spec.ts';
import type { ModelSpec } from '../../engine/model/spec.ts';
import type { Algorithm, MeshSpec, PlanSpec, Role, StatedCollective } from '../../engine/plan/spec.ts';
import { nearest } from '../../engine/units/suggest.ts';
import { rangeOf, rangeOfProperty } from '../analysis/source.ts';
import { didYouMean } from '../checks/findings.ts';
import type { Shard, Tensor } from '../generated/ast.ts';
import { TENSOR_DIMENSIONS } from '../schema/collective.ts';
import type { Env } from '../values/value.ts';
import type { Layout, Step } from './arrow.ts';
import { arrowSteps } from './arrow.ts';
import { overlapOf } from './collective.ts';
import { readProperties, wordAt } from './properties.ts';

export interface ShardContext {
  mesh: MeshSpec;
  model: ModelSpec;
  batch: PlanSpec['batch'];
  precision: PlanSpec['precision'];
  tp: PlanSpec['tp'];
  dp: PlanSpec['dp'];
  fsdp: PlanSpec['fsdp'];
  env: Env;
}

const KNOWN = new Set(TENSOR_DIMENSIONS.map(d => d.name));

/** The collectives of one line; none for a layout without an arrow and after a finding. */
export function lowerShard(node: Shard, context: ShardContext): StatedCollective[] {
  const { env } = context;
  const props = readProperties(node.props, 'shard', env);
  const from = layoutOf(node.tensor, context);
  const to = node.target && layoutOf(node.target, context);
  if (node.target && node.tensor?.name && node.target.name !== node.tensor.name) {
    const message = `An arrow changes the layout of one tensor: '${node.tensor.name}' on both sides.`;
    env.findings.add('shard-arrow', rangeOfProperty(node.target, 'name'), message);
    return [];
  }
  if (!from || !to) return [];
  const arrow = arrowSteps(from, to);
  if (!arrow.ok) {
    env.findings.add('shard-arrow', rangeOf(node), arrow.message);
    return [];
  }
  const activation = from.dims.some(d => d.name === 'B' || d.name === 'S');
  const stated = wordAt(props, 'precision') as Precision | undefined;
  const phase = (wordAt(props, 'phase') ?? 'forward') as StatedCollective['phase'];
  const algorithm = wordAt(props, 'algorithm') as Algorithm | undefined;
  return arrow.steps.map((step, index) => {
    const inferred = inferredName(step, activation, context);
    const { activation: kept, weights, gradient } = context.precision;
    const precision = stated ?? (activation ? kept : from.partial.length > 0 ? gradient : weights);
    const layout = step.sized === 'result' ? to : from;
    return {
      name: index === 0 ? node.tensor.name : `${node.tensor.name}_${step.op}`,
      op: step.op,
      // What the plan causes anyway keeps its own group and size: the line takes it over, it is counted once.
      over: inferred ? [] : step.over,
      size: inferred ? 0 : elements(layout, context) * PRECISION_BYTES[precision],
      per: (wordAt(props, 'per') ?? 'layer') as StatedCollective['per'],
      phase,
      overlap: overlapOf(props.get('overlap')?.value, phase),
      ...(algorithm && { algorithm }),
      ...(inferred && { replaces: inferred }),
    };
  });
}

/** Whether any line says that activations leave a block scattered over tp: then the plan is sequence parallel. */
export function scattersActivations(shards: readonly Shard[], mesh: MeshSpec): boolean {
  const tensor = new Set(mesh.axes.filter(a => a.role === 'tp').map(a => a.name));
  return shards.some(({ tensor: from, target: to }) => {
    if (!from?.dims.some(d => d.name === 'B' || d.name === 'S') || !to) return false;
    return to.dims.some(dim =>
      dim.axes.some(a => tensor.has(a.$refText) && from.partial.some(p => p.$refText === a.$refText)),
    );
  });
}

function layoutOf(tensor: Tensor | undefined, { mesh, model, env }: ShardContext): Layout | undefined {
  if (!tensor) return undefined;
  let sound = true;
  const known = (axis: string) => mesh.axes.some(a => a.name === axis);
  for (const dim of tensor.dims) {
    if (!dim.name) return undefined; // half typed
    if (!KNOWN.has(dim.name)) {
      const suggestion = nearest(dim.name, KNOWN);
      const all = suggestion ? didYouMean(suggestion) : ` Known: ${[...KNOWN].join(', ')}.`;
      env.findings.add(
        'value-unknown',
        rangeOfProperty(dim, 'name'),
        `There is no dimension '${dim.name}'.${all}`,
      );
      sound = false;
    }
    const size = sizeOf(dim.name, model);
    const split = dim.axes.reduce((n, a) => n * (mesh.axes.find(x => x.name === a.$refText)?.size ?? 1), 1);
    if (size !== undefined && size % split !== 0) {
      env.findings.add(
        'degree-divides',
        rangeOf(dim),
        `${dim.name} is ${size} and cannot be split into ${split} equal parts.`,
      );
      sound = false;
    }
    if (dim.axes.some(a => !known(a.$refText))) sound = false; // the linker reports the name
  }
  const partial = tensor.partial.map(a => a.$refText);
  if (!sound || partial.some(a => !known(a))) return undefined;
  return { dims: tensor.dims.map(d => ({ name: d.name, axes: d.axes.map(a => a.$refText) })), partial };
}

/** Global size of a dimension; B and S depend on the batch. */
function sizeOf(name: string, model: ModelSpec): number | undefined {
  switch (name) {
    case 'D':
      return model.hidden;
    case 'F':
      return model.ffn;
    case 'N':
      return model.heads;
    case 'K':
      return model.kvHeads;
    case 'H':
      return model.headDim;
    case 'E':
      return model.moe?.experts;
    case 'V':
      return model.vocab;
    default:
      return undefined;
  }
}

/**
 * Elements that one rank holds. B is the microbatch of one data-parallel rank, whichever of the data axes the text names;
 * without S it counts tokens.
 */
function elements(layout: Layout, { mesh, model, batch }: ShardContext): number {
  const axisSize = (name: string) => mesh.axes.find(a => a.name === name)?.size ?? 1;
  const role = (name: string): Role | undefined => mesh.axes.find(a => a.name === name)?.role;
  const context = mesh.axes.filter(a => a.role === 'cp' || a.role === 'sp').reduce((n, a) => n * a.size, 1);
  const hasSequence = layout.dims.some(d => d.name === 'S');
  return layout.dims.reduce((product, { name, axes }) => {
    if (name === 'B') {
      const others = axes
        .filter(a => role(a) !== 'dp' && role(a) !== 'fsdp')
        .reduce((n, a) => n * axisSize(a), 1);
      const implied = !axes.some(a => role(a) === 'cp' || role(a) === 'sp') ? context : 1;
      return (product * batch.micro * (hasSequence ? 1 : batch.sequence / implied)) / others;
    }
    const split = axes.reduce((n, a) => n * axisSize(a), 1);
    return (product * (name === 'S' ? batch.sequence : (sizeOf(name, model) ?? 1))) / split;
  }, 1);
}

/** The collective that the plan causes anyway and that this step is; undefined where it is one of its own. */
function inferredName(
  step: Step,
  activation: boolean,
  { mesh, tp, dp, fsdp, model }: ShardContext,
): string | undefined {
  const roles = step.over.map(name => mesh.axes.find(a => a.name === name)?.role);
  const all = (...wanted: Role[]) => roles.every(r => r !== undefined && wanted.includes(r));
  if (activation) {
    if (all('tp')) {
      if (step.op === 'all_gather') return tp.sequenceParallel ? 'tp_gather' : undefined;
      if (step.op === 'reduce_scatter') return tp.sequenceParallel ? 'tp_scatter' : undefined;
      if (step.op === 'all_reduce') return tp.sequenceParallel ? undefined : 'tp_reduce';
    }
    if (all('cp', 'sp')) return 'cp_exchange';
    if (all('ep') && step.op === 'all_to_all' && model.moe)
      return step.gains.includes('E') ? 'dispatch' : 'combine';
    return undefined;
  }
  if (!all('dp', 'fsdp')) return undefined;
  const zero = roles.includes('fsdp') ? fsdp.zero : dp.zero;
  if (step.op === 'all_gather') return zero >= 1 ? 'param_gather' : undefined;
  if (step.op === 'reduce_scatter') return zero >= 1 ? 'grad_reduce' : undefined;
  return step.op === 'all_reduce' && zero === 0 ? 'grad_reduce' : undefined;
}
