/** What a plan takes over from the plan it is `like`. */

import type { Reference } from 'langium';
import { rangeOfProperty, textOf } from '../analysis/source.ts';
import type { Findings } from '../checks/findings.ts';
import type { Assertion, Collective, Mesh, Model, Plan, PlanItem, Shard } from '../generated/ast.ts';
import { isAssertion, isBinary, isCollective, isShard } from '../generated/ast.ts';

/** The plan itself first, then what it is like, what that is like, … A circle ends where it closes. */
export function lineage(plan: Plan, findings?: Findings): Plan[] {
  const line: Plan[] = [];
  for (let step: Plan | undefined = plan; step; step = step.base?.ref) {
    if (line.includes(step)) {
      const names = line.map(p => `'${p.name}'`).join(' is like ');
      findings?.add(
        'plan-cycle',
        rangeOfProperty(plan, 'base'),
        `${names} is like '${step.name}': nothing to start from.`,
      );
      break;
    }
    line.push(step);
  }
  return line;
}

export const meshReference = (line: readonly Plan[]): Reference<Mesh> | undefined =>
  line.find(p => p.mesh)?.mesh;
export const modelReference = (line: readonly Plan[]): Reference<Model> | undefined =>
  line.find(p => p.model)?.model;

/** Items of all plans of the line, nearest first, those of the same name once. */
function items<T extends PlanItem>(
  line: readonly Plan[],
  is: (item: PlanItem) => item is T,
  name: (item: T) => string,
): T[] {
  const seen = new Set<string>();
  return line.flatMap(plan => {
    const own = plan.items.filter(is);
    const kept = own.filter(item => !seen.has(name(item)));
    for (const item of own) seen.add(name(item));
    return kept;
  });
}

export const collectivesOf = (line: readonly Plan[]): Collective[] => items(line, isCollective, c => c.name);

export const shardsOf = (line: readonly Plan[]): Shard[] => items(line, isShard, s => s.tensor?.name ?? '');

/** Claims; one about the same value (`step_time < …`) replaces the inherited one. */
export const claimsOf = (line: readonly Plan[]): Assertion[] => items(line, isAssertion, claimSubject);

function claimSubject(claim: Assertion): string {
  const { condition } = claim;
  if (!condition) return '';
  return textOf(isBinary(condition) ? condition.left : condition).replace(/\s+/g, '');
}
