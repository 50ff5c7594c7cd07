/** `sweep KEY in [ … ]`: what may vary, and whether its values fit. */
import type { FabricSpec } from '../../engine/fabric/spec.ts';
import type { MeshSpec } from '../../engine/plan/spec.ts';
import { nearest } from '../../engine/units/suggest.ts';
import { rangeOf, textOf } from '../analysis/source.ts';
import { didYouMean, replaceFix } from '../checks/findings.ts';
import type { Sweep } from '../generated/ast.ts';
import { findKey, keysOf } from '../schema/query.ts';
import type { ValueType } from '../schema/types.ts';
import { keyText } from '../values/names.ts';
import { readEach } from '../values/read.ts';
import type { Env } from '../values/value.ts';

const COUNT: ValueType = { kind: 'integer', min: 1, max: 1e9 };

/** What a swept key takes: a key of the plan, an axis (its degree), a level's count or one of its keys. */
export function sweptType(key: string, mesh: MeshSpec, fabric: FabricSpec): ValueType | undefined {
  if (mesh.axes.some(axis => axis.name === key)) return COUNT;
  const dot = key.indexOf('.');
  if (dot > 0 && fabric.levels.some(level => level.name === key.slice(0, dot))) {
    const rest = key.slice(dot + 1);
    return rest === 'count' ? COUNT : findKey('level', rest)?.spec.type;
  }
  return findKey('plan', key, { axes: mesh.axes })?.spec.type;
}

export function checkSweep(sweep: Sweep, mesh: MeshSpec, fabric: FabricSpec, env: Env): void {
  if (!sweep.key || !sweep.values) return;
  const key = keyText(sweep.key);
  if (key === '' || key.endsWith('.')) return;
  const type = sweptType(key, mesh, fabric);
  if (type) {
    readEach(sweep.values.items, type, env);
    if (sweep.values.items.length === 0) {
      env.findings.add('value-type', rangeOf(sweep.values), 'A sweep needs at least one value.');
    }
    env.findings.add(
      'not-priced',
      rangeOf(sweep.key),
      'Sweeps are not run yet: the estimate takes the value that the plan states.',
    );
    return;
  }
  const known = [
    ...keysOf('plan', { axes: mesh.axes }).map(k => k.key),
    ...mesh.axes.map(a => a.name),
    ...fabric.levels.map(l => `${l.name}.count`),
  ];
  const suggestion = nearest(key, known);
  env.findings.add(
    'key-unknown',
    rangeOf(sweep.key),
    `'${key}' cannot be swept: it is no key of a plan, no axis and no level.${didYouMean(suggestion)}`,
    {
      fixes: [replaceFix(rangeOf(sweep.key), textOf(sweep.key), suggestion)],
    },
  );
}
