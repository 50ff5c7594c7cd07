/** What `assert` and `expect` can speak about. */
import { FUNCTIONS, findMetric, METRICS } from '../../language/schema/index.ts';
import type { Surroundings } from '../place/context.ts';
import type { Scan } from '../place/scan.ts';
import { Kind, type Proposal } from './item.ts';
import { unitsOfKind } from './values.ts';

/** Behind `assert `: metrics, arguments inside their parentheses, units behind a number. */
export function claimProposals(at: Scan, around: Surroundings, fragment: string): Proposal[] {
  const metric = at.call && findMetric(at.call.name);
  if (at.call && metric) return metricArguments(at.call.argument, metric.args, around, at.call.argumentName);
  if (/^\d/.test(fragment)) {
    const names = [...at.statement.matchAll(/[A-Za-z_]\w*/g)].flatMap(m => findMetric(m[0]) ?? []);
    const kind = names.at(-1)?.of;
    const number = /^\d[\d_.]*/.exec(fragment)![0];
    return kind
      ? unitsOfKind(kind).map((unit, rank) => ({ label: `${number}${unit}`, kind: Kind.Unit, rank }))
      : [];
  }
  const metrics = METRICS.map((m): Proposal => {
    const needed = m.args.filter(arg => !m.optional?.includes(arg));
    const call = needed.map((arg, i) => `\${${i + 1}:${arg}}`).join(', ');
    return {
      label: needed.length > 0 ? `${m.name}(${needed.join(', ')})` : m.name,
      filter: m.name,
      kind: Kind.Function,
      detail: m.priced ? (m.of === 'bool' ? 'true or false' : m.of) : 'not priced yet',
      doc: m.doc,
      ...(needed.length > 0 ? { snippet: `${m.name}(${call})`, again: true } : {}),
      rank: m.priced ? 10 : 40,
    };
  });
  const functions = FUNCTIONS.map(
    (f): Proposal => ({ label: f.name, kind: Kind.Function, doc: f.doc, snippet: `${f.name}($1)`, rank: 45 }),
  );
  const words = ['not', 'and', 'or'].map((label): Proposal => ({ label, kind: Kind.Keyword, rank: 48 }));
  return [...metrics, ...functions, ...words];
}

function metricArguments(
  index: number,
  args: readonly ('axis' | 'level' | 'attention')[],
  around: Surroundings,
  named: string | undefined,
): Proposal[] {
  if (named === 'attention') {
    return [
      { label: 'causal', kind: Kind.EnumMember, doc: 'Only what the mask lets through counts.' },
      { label: 'full', kind: Kind.EnumMember, doc: 'The whole square counts, as many papers do.' },
    ];
  }
  switch (args[index]) {
    case 'axis':
      return axisNames(around);
    case 'level':
      return levelNames(around);
    case 'attention':
      return [{ label: 'attention:', kind: Kind.Property, snippet: 'attention: $0', again: true }];
    default:
      return [];
  }
}

export const axisNames = (around: Surroundings, except: readonly string[] = []): Proposal[] =>
  (around.keys.axes ?? [])
    .filter(axis => !except.includes(axis.name))
    .map(axis => ({ label: axis.name, kind: Kind.Variable, detail: `axis, ${axis.role}`, rank: 5 }));

export const levelNames = (around: Surroundings): Proposal[] =>
  (around.fabric?.levels ?? [])
    .filter(level => level.name)
    .map(level => ({
      label: level.name,
      kind: Kind.Folder,
      detail: `level of ${around.fabric!.name}`,
      rank: 5,
    }));
