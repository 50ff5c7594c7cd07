/** Levels of unlike parts, `level wan of 1 site_a + 1 site_b`: one variant of the fabric for each kind of part. */
import type { FabricSpec } from '../../engine/fabric/spec.ts';
import { formatCount } from '../../engine/units/format.ts';
import { rangeOfProperty } from '../analysis/source.ts';
import type { Level, Part } from '../generated/ast.ts';
import type { FabricInput } from './fabric.ts';

/** A level of a chain from chips to the top, and the part of it that the chain goes down. */
export interface Step {
  level: Level;
  part: Part;
  /** Of how many kinds its parts are. */
  kinds: number;
}

/** Such a fabric is legal, but has no estimate. */
export function refuseMixed(level: Level, message: string, { env, refusals }: FabricInput): void {
  env.findings.add('level-mixed', rangeOfProperty(level, 'parts', 1), message);
  refusals.push({ code: 'not-priced', message, cause: { kind: 'level', key: level.name } });
}

/**
 * Ranks are spread evenly over the parts: each carries as many as the smallest can, and the rest of the larger ones stays
 * idle. Every variant has its surplus children as spares, so that a rank has the same number in all of them.
 */
export function mixed(
  chains: readonly (readonly Step[])[],
  variants: readonly FabricSpec[],
  input: FabricInput,
): FabricSpec {
  const { level } = chains[0]!.find(step => step.kinds > 1)!;
  const parts = chains.map((chain, i) => partOf(chain, variants[i]!));
  const least = Math.min(...parts.map(part => part.chips));
  const step = parts.reduce((multiple, part) => leastCommonMultiple(multiple, part.grain), 1);
  const used = Math.floor(least / step) * step;
  const trimmed = variants.map((variant, i) => trim(variant, parts[i]!, used));
  const grid = parts.find((part, i) => part.chips > used && !divisible(variants[i]!, part.at));
  if (used === 0 || grid) {
    const sizes = parts.map(part => `${part.name} ${formatCount(part.chips)}`).join(', ');
    const why =
      grid === undefined
        ? 'no number of chips comes out even in all of them'
        : `the children of ${grid.name} are linked to each other, so it cannot be used in part`;
    refuseMixed(
      level,
      `The parts of '${level.name}' have unlike numbers of chips (${sizes}), and ${why}.`,
      input,
    );
    return variants[0]!;
  }
  parts.forEach((part, i) => {
    if (part.chips === used) return;
    const { level: node, part: written } = chains[i]!.find(each => each.kinds > 1)!;
    input.env.findings.add(
      'level-mixed',
      rangeOfProperty(node, 'parts', node.parts.indexOf(written)),
      `Ranks are spread evenly over the parts: of the ${formatCount(part.chips)} chips of a ${part.name} ${formatCount(used)} are used.`,
    );
  });
  return { ...trimmed[0]!, variants: trimmed };
}

interface PartSize {
  name: string;
  /** Chips in use of one part. */
  chips: number;
  /** Chips in use of one child of the part: what is used is a multiple of it. */
  grain: number;
  /** Index of the part's own level; -1 where the part is a chip. */
  at: number;
}

function partOf(chain: readonly Step[], variant: FabricSpec): PartSize {
  const at = chain.findIndex(step => step.kinds > 1) - 1;
  const chips = (levels: number) =>
    variant.levels.slice(0, levels).reduce((n, each) => n * (each.count - each.spare), 1);
  const name = variant.levels[at]?.name ?? variant.chip.name;
  return { name, chips: chips(at + 1), grain: at < 0 ? 1 : chips(at), at };
}

/** Whether some children of a level may stay idle: what hangs on switches does not forward for others. */
const divisible = (variant: FabricSpec, at: number): boolean =>
  ['switch', 'fat_tree', 'rail', 'dragonfly', 'hyperx', 'fully_connected'].includes(
    variant.levels[at]!.topology.kind,
  );

function trim(variant: FabricSpec, { chips, grain, at }: PartSize, used: number): FabricSpec {
  if (chips === used || at < 0) return variant;
  const levels = variant.levels.map((level, i) =>
    i === at ? { ...level, spare: level.count - used / grain } : level,
  );
  return { ...variant, levels };
}

function leastCommonMultiple(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y > 0) [x, y] = [y, x % y];
  return (a / x) * b;
}
