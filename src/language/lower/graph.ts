/** `graph(links: [[0, 1], [0, 2, 50GB/s]])`: the list of links, each with its place in the text. */
import type { GraphLink } from '../../engine/fabric/spec.ts';
import { DIMENSION_OF } from '../../engine/units/dimension.ts';
import type { SourceRange } from '../analysis/report.ts';
import { rangeOf } from '../analysis/source.ts';
import type { Expr } from '../generated/ast.ts';
import { isListLit, isRef } from '../generated/ast.ts';
import { evaluateNumber } from '../values/evaluate.ts';
import { letOf } from '../values/names.ts';
import type { Choice } from '../values/read-choice.ts';
import type { Env } from '../values/value.ts';

export interface PlacedLinks {
  links: GraphLink[];
  /** Where each stands; links of a file stand where the file is named. */
  ranges: SourceRange[];
  /** Whether every entry of the list was understood, or the file could be used. */
  sound: boolean;
  /** The rates are what collectives reach, not line rates. */
  achieved?: true;
}

export const NO_LINKS: PlacedLinks = { links: [], ranges: [], sound: true };

/** The links of a `graph` that states a list; its numbers have been read, here they are told apart. */
export function statedLinks(choice: Choice, env: Env): PlacedLinks {
  const value = argumentOf(choice, 'links');
  const result: PlacedLinks = { links: [], ranges: [], sound: true };
  for (const item of value && isListLit(value) ? value.items : []) {
    const link = linkOf(meant(item), env);
    if (link) {
      result.links.push(link);
      result.ranges.push(rangeOf(item));
    } else {
      result.sound = false;
      env.findings.add(
        'graph-link',
        rangeOf(item),
        'A link is two vertices and, if need be, a rate: `[0, 1]` or `[0, 1, 50GB/s]`.',
      );
    }
  }
  return result;
}

function linkOf(item: Expr | undefined, env: Env): GraphLink | undefined {
  const parts = isListLit(item) ? item.items : [];
  if (parts.length < 2 || parts.length > 3) return undefined;
  const [a, b, rate] = parts.map(part => evaluateNumber(part, env));
  const isRate = (value: typeof a) => value?.dimension === DIMENSION_OF.bandwidth;
  if (!a || !b || isRate(a) || isRate(b) || (parts.length === 3 && !isRate(rate))) return undefined;
  return { a: a.value, b: b.value, ...(rate && { rate: rate.value }) };
}

/** The expression behind an argument, wherever it is written. */
export function argumentOf(choice: Choice, name: string): Expr | undefined {
  const args = isRef(choice.node) ? choice.node.args : [];
  const positional = choice.option.args?.find(arg => arg.positional)?.name === name;
  const arg =
    args.find(each => each.name === name) ?? (positional ? args.find(each => !each.name) : undefined);
  return meant(arg?.value);
}

/** What a name stands for. */
function meant(expr: Expr | undefined): Expr | undefined {
  const seen = new Set<Expr>();
  let target = expr;
  while (target && isRef(target) && !seen.has(target)) {
    seen.add(target);
    const declared = letOf(target);
    if (!declared) break;
    target = declared.value;
  }
  return target;
}
