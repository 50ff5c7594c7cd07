/** The names that sizes of stated collectives may use. */
import { countParameters } from '../../engine/model/parameters.ts';
import type { ModelSpec } from '../../engine/model/spec.ts';
import { degree } from '../../engine/plan/placement.ts';
import type { MeshSpec, PlanSpec } from '../../engine/plan/spec.ts';
import { SIZES } from '../schema/collective.ts';
import type { Env, NumberValue } from '../values/value.ts';
import { count } from '../values/value.ts';

export const ranksOf = (mesh: MeshSpec): number =>
  mesh.axes.filter(a => a.from.length === 0).reduce((product, a) => product * a.size, 1);

/** Values of axes, `chips` and sizes inside a plan. Axes come first: a mesh may call one `layers`. */
export function planNumbers(
  mesh: MeshSpec,
  model: ModelSpec,
  batch: () => PlanSpec['batch'],
): Pick<Env, 'number' | 'known' | 'axes'> {
  const size = (name: string): number | undefined => {
    switch (name) {
      case 'chips':
        return ranksOf(mesh);
      case 'tokens': {
        const { micro, sequence } = batch();
        return (micro * sequence) / degree(mesh, 'cp', 'sp');
      }
      case 'kv_heads':
        return model.kvHeads;
      case 'head_dim':
        return model.headDim;
      case 'topk':
        return model.moe?.topk;
      case 'experts':
        return model.moe?.experts;
      case 'expert_ffn':
        return model.moe?.expertFfn;
      case 'params':
        return countParameters(model).total;
      case 'hidden':
      case 'ffn':
      case 'heads':
      case 'vocab':
      case 'layers':
        return model[name];
      default:
        return undefined;
    }
  };
  const number = (name: string): NumberValue | string | undefined => {
    const value = mesh.axes.find(axis => axis.name === name)?.size ?? size(name);
    if (value !== undefined) return count(value);
    return SIZES.some(s => s.name === name)
      ? `${model.name} has no experts, so it has no '${name}'.`
      : undefined;
  };
  return {
    number,
    known: () => [...mesh.axes.map(a => a.name), ...SIZES.map(s => s.name)],
    axes: mesh.axes,
  };
}
