/** The topology of a level, and the line rate that its children have in it. */
import type { Topology } from '../../engine/fabric/spec.ts';
import type { Read } from '../values/read.ts';
import { isDimsRead } from '../values/read.ts';
import type { Choice } from '../values/read-choice.ts';

const numbers = (value: Read | undefined): number[] | undefined =>
  typeof value === 'number'
    ? [value]
    : Array.isArray(value)
      ? value.filter(v => typeof v === 'number')
      : undefined;

const numberOr = (value: Read | undefined, otherwise: number): number =>
  typeof value === 'number' ? value : otherwise;

export function lowerTopology(choice: Choice | undefined): Topology {
  if (!choice) return { kind: 'switch', reduce: false };
  const { args } = choice;
  const ratios = numbers(args.oversubscription);
  switch (choice.choice) {
    case 'switch':
      return {
        kind: 'switch',
        reduce: args.reduce === true,
        ...(ratios?.[0] && { oversubscription: ratios[0] }),
      };
    case 'fully_connected':
      return { kind: 'fully_connected' };
    case 'fat_tree': {
      const tiers = numberOr(args.tiers, Array.isArray(args.oversubscription) ? ratios!.length : 1);
      return {
        kind: 'fat_tree',
        tiers,
        ...(typeof args.leaf === 'number' && { leaf: args.leaf }),
        planes: numberOr(args.planes, 1),
        oversubscription: perTier(ratios, tiers, Array.isArray(args.oversubscription)),
        reduce: args.reduce === true,
      };
    }
    default:
      return { kind: 'other', name: choice.choice };
  }
}

/** One ratio belongs to the top tier; a list is per tier, innermost first, and what it leaves out is 1. */
function perTier(ratios: readonly number[] | undefined, tiers: number, list: boolean): number[] {
  const result = new Array<number>(tiers).fill(1);
  if (!ratios) return result;
  if (list) return result.map((one, tier) => ratios[tier] ?? one);
  result[tiers - 1] = ratios[0] ?? 1;
  return result;
}

/** Links of one child in a direct topology with these dimensions: two each, one where a dimension has two places. */
export function linksPerChild(choice: Choice | undefined): number {
  const dims = choice && Object.values(choice.args).find(isDimsRead)?.dims;
  if (!dims) return 2;
  return dims.reduce((sum, size) => sum + (size > 2 ? 2 : size > 1 ? 1 : 0), 0) || 1;
}
