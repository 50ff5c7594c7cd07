/** The metrics that `assert` and `expect` may name, each read off an estimate. */

import { networkOf } from '../fabric/network.ts';
import { normaliseGroup } from '../fabric/pattern.ts';
import { crossedLevels } from '../fabric/price.ts';
import { axisName, placeMesh } from '../plan/placement.ts';
import type { PlanSpec, Role } from '../plan/spec.ts';
import type { Estimate } from './result.ts';

export interface MetricArguments {
  axis?: string;
  level?: string;
  attention?: 'causal' | 'full';
}

/**
 * @returns a number in SI units, a boolean for `crosses` and `network_bound`, undefined where the metric cannot be priced
 * (inference, energy of links without a medium, cost without a price) or an argument names nothing.
 */
export function measure(
  estimate: Estimate,
  plan: PlanSpec,
  metric: string,
  args: MetricArguments = {},
): number | boolean | undefined {
  const { step, throughput, memory } = estimate;
  const level = estimate.levels.find(each => each.name === args.level);
  const axis =
    plan.mesh.axes.find(each => each.name === args.axis)?.name ??
    axisName(plan.mesh, (args.axis ?? '') as Role);
  switch (metric) {
    case 'step_time':
      return step.time;
    case 'mfu':
      return args.attention === 'full' ? throughput.mfuFull : throughput.mfu;
    case 'hfu':
      return throughput.hfu;
    case 'tokens_per_second':
      return throughput.tokensPerSecond;
    case 'peak_memory':
      return memory.peak;
    case 'bubble':
      return estimate.bubbleShare;
    case 'cost': {
      const price = plan.fabric.chip.price;
      return price === undefined ? undefined : (price / 3600) * step.time * estimate.chips;
    }
    case 'energy':
      return estimate.energy;
    case 'network_bound':
      return estimate.networkBound.bound;
    case 'time':
      return estimate.collectives
        .filter(each => each.owner === axis)
        .reduce((sum, each) => sum + each.total, 0);
    case 'exposed':
      return estimate.collectives
        .filter(each => each.owner === axis)
        .reduce((sum, each) => sum + each.exposed, 0);
    case 'bytes':
      return level?.bytes;
    case 'load':
      return level?.load;
    case 'max_load':
      return level?.maxLoad;
    case 'critical':
      return level?.critical;
    case 'inside':
      return level && inside(estimate, estimate.levels.indexOf(level));
    case 'crosses':
      return level && crosses(plan, axis, level.name);
    default:
      return undefined;
  }
}

/** Share of all communicated bytes that never leave a unit of the level. */
function inside(estimate: Estimate, index: number): number {
  const total = estimate.levels.reduce((sum, level) => sum + level.bytes, 0);
  const within = estimate.levels.slice(0, index + 1).reduce((sum, level) => sum + level.bytes, 0);
  return total > 0 ? within / total : 1;
}

/** Whether any group of the axis spans several children of the level. */
function crosses(plan: PlanSpec, axis: string, level: string): boolean {
  const network = networkOf(plan.fabric);
  const { chips, digits } = placeMesh(plan.mesh, plan.fabric).placement;
  const group = normaliseGroup(digits.get(axis) ?? []);
  if (group.length === 0) return false;
  return crossedLevels(network, group, chips).some(index => network.levels[index]?.spec.name === level);
}
