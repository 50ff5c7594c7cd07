/** The line that a cause stands on: keys of the plan and of what it is like, axes, stated collectives, levels. */
import type { AstNode } from 'langium';
import type { Cause } from '../../engine/estimate/result.ts';
import type { SourceRange } from '../analysis/report.ts';
import { rangeOf, rangeOfProperty } from '../analysis/source.ts';
import type { Fabric, Mesh, Plan } from '../generated/ast.ts';
import { isAxis, isLevel } from '../generated/ast.ts';
import { roleOf } from '../schema/mesh.ts';
import { keyText } from '../values/names.ts';
import { collectivesOf, shardsOf } from './inherit.ts';

/** Looks nodes up at once and computes ranges only when asked. */
export function originsOf(line: readonly Plan[], mesh: Mesh | undefined, fabric: Fabric | undefined) {
  const nodes = new Map<string, AstNode>();
  const add = (kind: Cause['kind'], key: string, node: AstNode) => {
    const name = `${kind} ${key}`;
    if (key && !nodes.has(name)) nodes.set(name, node);
  };
  const roles = new Map(
    (mesh?.axes ?? []).map(axis => [axis.name as string, axis.role ?? roleOf(axis.name)]),
  );
  for (const plan of line) {
    for (const property of plan.props) {
      if (!property.key) continue;
      const key = keyText(property.key);
      add('plan', key, property);
      // `data.zero` of an axis `data as dp` is also found as `dp.zero`, and the other way round.
      const [head = '', ...rest] = key.split('.');
      if (rest.length === 0) continue;
      const role = roles.get(head);
      if (role) add('plan', [role, ...rest].join('.'), property);
      else for (const [axis, of] of roles) if (of === head) add('plan', [axis, ...rest].join('.'), property);
    }
  }
  for (const node of collectivesOf(line)) add('collective', node.name, node);
  for (const node of shardsOf(line)) {
    if (!node.tensor?.name) continue;
    add('collective', node.tensor.name, node);
    for (const op of ['reduce_scatter', 'all_reduce', 'all_to_all', 'all_gather']) {
      add('collective', `${node.tensor.name}_${op}`, node);
    }
  }
  for (const axis of mesh?.axes ?? []) add('axis', axis.name, axis);
  // A role stands for its first axis, for causes that do not know the name.
  for (const axis of mesh?.axes ?? []) add('axis', axis.role ?? roleOf(axis.name), axis);
  for (const level of fabric?.levels ?? []) add('level', level.name, level);

  return {
    /** The first cause that some line states. */
    locate(causes: readonly Cause[]): SourceRange | undefined {
      for (const { kind, key } of causes) {
        const node = nodes.get(`${kind} ${key}`);
        if (!node) continue;
        // Of a level only its head: its braces may span a page.
        return isLevel(node) ? rangeOfProperty(node, 'name') : rangeOf(node);
      }
      return undefined;
    },
    node: (kind: Cause['kind'], key: string): AstNode | undefined => nodes.get(`${kind} ${key}`),
    axis(name: string) {
      const node = nodes.get(`axis ${name}`);
      return isAxis(node) ? node : undefined;
    },
  };
}

export type Origins = ReturnType<typeof originsOf>;
