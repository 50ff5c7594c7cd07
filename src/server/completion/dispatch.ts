/** Which proposals a place gets: by the block around it and by the statement so far. */
import { URI } from 'langium';
import type { ShardplanSharedServices } from '../../language/module.ts';
import {
  COLLECTIVE_OPS,
  describe,
  findKey,
  INFERRED,
  type KeySpec,
  keysOf,
  ROLES,
  roleOf,
  SIZES,
  TENSOR_DIMENSIONS,
  type ValueType,
} from '../../language/schema/index.ts';
import type { Surroundings } from '../place/context.ts';
import type { BlockName, Scan } from '../place/scan.ts';
import type { View } from '../view.ts';
import { LEVEL_BLOCK, PLAN_ITEMS, TOP_BLOCKS } from './blocks.ts';
import { axisNames, claimProposals, levelNames } from './claims.ts';
import { Kind, type Proposal } from './item.ts';
import { declarationNames } from './names.ts';
import { pathProposals } from './paths.ts';
import { axisSizes } from './sizes.ts';
import { argumentNames, optionsNamed, typeValues } from './values.ts';

export interface Request {
  view: View;
  at: Scan;
  around: Surroundings;
  /** The word before the cursor. */
  fragment: string;
  shared: ShardplanSharedServices;
}

export async function blockProposals(request: Request): Promise<Proposal[]> {
  const { at, view, shared } = request;
  if (at.inside === 'string') {
    return pathProposals(at.statement, URI.parse(view.uri), shared.workspace.Files);
  }
  switch (at.block) {
    case 'top':
      return top(request);
    case 'fabric':
      return fabric(request);
    case 'mesh':
      return mesh(request);
    case 'plan':
      return plan(request);
    default:
      return keyed(request, at.block);
  }
}

const FIRST_WORD = /^\s*[\w.]*$/;

function top({ at, view, around }: Request): Proposal[] {
  const { statement } = at;
  if (FIRST_WORD.test(statement)) return [...TOP_BLOCKS];
  const names = (type: 'Fabric' | 'Model' | 'Mesh' | 'Plan') =>
    declarationNames(view, type, around.declarations);
  if (/^\s*mesh\b/.test(statement)) {
    return /\bon\s+\w*$/.test(statement) ? names('Fabric') : keywords(statement, ['on']);
  }
  if (/^\s*plan\b/.test(statement)) {
    if (/\bof\s+\w*$/.test(statement)) return names('Model');
    if (/\bon\s+\w*$/.test(statement)) return names('Mesh');
    if (/\blike\s+\w*$/.test(statement)) return names('Plan');
    return keywords(statement, ['like', 'of', 'on']);
  }
  if (/^\s*model\b/.test(statement)) return keywords(statement, ['from']);
  return [];
}

/** The keywords of a header that are not in it yet, once the declaration has its name. */
function keywords(statement: string, words: string[]): Proposal[] {
  if (!/^\s*\w+\s+\w+\s+/.test(statement) || /\b(of|on|like|from)\s+\w*$/.test(statement)) return [];
  return words
    .filter(word => !new RegExp(`\\b${word}\\s`).test(statement))
    .map(label => ({ label, kind: Kind.Keyword, snippet: `${label} $0`, again: true }));
}

function fabric(request: Request): Proposal[] {
  const { at, around, view } = request;
  if (/^\s*level\b/.test(at.statement)) {
    if (!/\b(of|\+)\s+\d+\s+\w*$/.test(at.statement) && !/\+\s*\d+\s+\w*$/.test(at.statement)) return [];
    return [...levelNames(around), ...declarationNames(view, 'Chip', around.declarations)];
  }
  return FIRST_WORD.test(at.statement) ? [LEVEL_BLOCK, ...keys(request, 'fabric')] : keyed(request, 'fabric');
}

function mesh(request: Request): Proposal[] {
  const { at, around, view } = request;
  const { statement } = at;
  if (/^\s*order\s*:/.test(statement)) {
    const placed = statement.slice(statement.indexOf(':')).match(/[A-Za-z_]\w*/g) ?? [];
    const left = request.fragment === '' ? placed : placed.slice(0, -1);
    return axisNames(around, left);
  }
  if (FIRST_WORD.test(statement)) return newAxes(around);
  if (/\bfrom\s+(\w+\s*\*\s*)*\w*$/.test(statement))
    return axisNames(around, [/^\s*(\w+)/.exec(statement)?.[1] ?? '']);
  if (/\bas\s+\w*$/.test(statement)) return roles();
  if (/\bon\s+([\w.]+\s*\*\s*)*[\w.]*$/.test(statement)) return levelNames(around);
  const axis = /^\s*(\w+)\s*:\s*(\d*)$/.exec(statement);
  if (axis) {
    const stated = around.keys.axes?.find(a => a.name === axis[1]);
    const role = stated?.role ?? roleOf(axis[1]!);
    return axisSizes(view, { name: axis[1]!, role, mesh: around.mesh, fabric: around.fabric });
  }
  if (/^\s*\w+\s*:\s*[^:]*\S\s+\w*$/.test(statement)) {
    return ['on', 'from', 'as'].map(label => ({
      label,
      kind: Kind.Keyword,
      snippet: `${label} $0`,
      again: true,
    }));
  }
  return [];
}

function newAxes(around: Surroundings): Proposal[] {
  const taken = (around.keys.axes ?? []).map(a => a.name);
  const axes = ROLES.filter(role => !taken.includes(role.name)).map(
    (role): Proposal => ({
      label: role.name,
      kind: Kind.Variable,
      detail: role.doc,
      snippet: `${role.name}: $0`,
      again: true,
      rank: 10,
    }),
  );
  const order: Proposal = {
    label: 'order',
    kind: Kind.Keyword,
    detail: 'innermost first',
    snippet: `order: ${taken.join(' < ')}$0`,
    rank: 20,
  };
  return around.mesh && around.mesh.order.length > 0 ? axes : [...axes, order];
}

const roles = (): Proposal[] => ROLES.map(r => ({ label: r.name, kind: Kind.EnumMember, detail: r.doc }));

function plan(request: Request): Proposal[] {
  const { at, around, fragment } = request;
  const { statement } = at;
  if (FIRST_WORD.test(statement)) {
    return [...keys(request, 'plan'), ...(fragment.includes('.') ? [] : PLAN_ITEMS)];
  }
  if (/^\s*(assert|expect)\b/.test(statement)) return claimProposals(at, around, fragment);
  if (/^\s*collective\b/.test(statement)) return collective(request);
  if (/^\s*sweep\s+[\w.]*$/.test(statement))
    return keys(request, 'plan').map(p => ({ ...p, snippet: `${p.label} in [$0]` }));
  if (/^\s*shard\b/.test(statement)) return tensor(request);
  return keyed(request, 'plan');
}

function collective({ at, around, fragment }: Request): Proposal[] {
  if (!at.statement.includes(':')) {
    return INFERRED.map(n => ({
      label: n.name,
      kind: Kind.Event,
      detail: n.doc,
      snippet: `${n.name}: $0`,
      again: true,
    }));
  }
  if (!at.call) {
    return COLLECTIVE_OPS.map(o => ({
      label: o.name,
      kind: Kind.Function,
      detail: o.doc,
      snippet: `${o.name}(over: $1, size: $0)`,
    }));
  }
  const args = COLLECTIVE_OPS.find(o => o.name === at.call!.name)?.args ?? [];
  const arg = args.find(a => a.name === at.call!.argumentName);
  if (!arg) return argumentNames(args, at.call.given);
  return argumentValues(arg.type, around, fragment);
}

function argumentValues(type: ValueType, around: Surroundings, fragment: string): Proposal[] {
  if (type.kind === 'axes') return axisNames(around);
  if (type.kind === 'size' && !/^\d/.test(fragment)) {
    return [
      ...SIZES.map((s): Proposal => ({ label: s.name, kind: Kind.Constant, detail: s.doc })),
      ...axisNames(around),
      ...lets(around),
    ];
  }
  return type.kind === 'size'
    ? ['B', 'KiB', 'MiB', 'GiB'].map(u => ({
        label: `${/^\d+/.exec(fragment)?.[0] ?? ''}${u}`,
        kind: Kind.Unit,
      }))
    : typeValues(type, fragment);
}

function tensor({ at, around }: Request): Proposal[] {
  if (/\/\s*\w*$/.test(at.statement) || /\bsum\s+\w*$/.test(at.statement)) return axisNames(around);
  if (/[[,]\s*\w*$/.test(at.statement)) {
    return TENSOR_DIMENSIONS.map(d => ({ label: d.name, kind: Kind.TypeParameter, detail: d.doc }));
  }
  return [];
}

/** Keys of a block, or the value of the key that the statement begins with. */
function keyed(request: Request, block: Exclude<BlockName, 'top' | 'mesh'>): Proposal[] {
  const { at, around, fragment } = request;
  if (FIRST_WORD.test(at.statement)) return keys(request, block);
  const key = /^\s*([\w.]+)\s*:/.exec(at.statement)?.[1];
  const spec = key === undefined ? undefined : findKey(block, key, around.keys)?.spec;
  if (!spec) return [];
  return valueProposals(spec, request, fragment);
}

function valueProposals(spec: KeySpec, { at, around, view }: Request, fragment: string): Proposal[] {
  const option = at.call && optionsNamed(spec.type, at.call.name)[0];
  if (at.call && option?.args) {
    const arg = option.args.find(a => a.name === at.call!.argumentName) ?? positional(option.args, at);
    const names = at.call.argumentName || at.inList ? [] : argumentNames(option.args, at.call.given);
    return [...(arg ? inList(typeValues(arg.type, fragment), at, arg.type) : []), ...names];
  }
  const chips = spec.type.kind === 'string' ? [] : lets(around);
  return [...inList(typeValues(spec.type, fragment), at, spec.type), ...(view.report ? chips : [])];
}

const positional = (args: readonly { name: string; positional?: boolean; type: ValueType }[], at: Scan) =>
  args.find(a => a.positional && a.type.kind === 'list') ?? args.filter(a => a.positional)[at.call!.argument];

/** Inside an open bracket, or among the plain arguments of a call, the items of a list stand alone. */
function inList(values: Proposal[], at: Scan, type: ValueType): Proposal[] {
  const bare = at.inList || (at.call !== undefined && type.kind === 'list');
  if (!bare) return values;
  return values
    .filter(v => !v.label.startsWith('[') || type.kind === 'list')
    .map(v => ({
      ...v,
      label: v.label.replace(/^\[(.*)\]$/, '$1'),
      ...(v.snippet ? { snippet: v.snippet.replace(/^\[(.*)\]$/, '$1') } : {}),
    }));
}

const lets = (around: Surroundings): Proposal[] =>
  around.declarations
    .filter(d => d.$type === 'Let')
    .map(d => ({ label: d.name, kind: Kind.Constant, detail: 'let', rank: 55 }));

/** Keys that the block does not state yet. */
function keys({ at, around, view }: Request, block: Exclude<BlockName, 'top' | 'mesh'>): Proposal[] {
  const stated = statedKeys(view, at);
  return keysOf(block, around.keys)
    .filter(({ key, spec }) => !stated.has(key) && !spec.aliases?.some(alias => stated.has(alias)))
    .map(({ key, spec }, index) => ({
      label: key,
      kind: Kind.Property,
      detail: spec.priced ? `default: ${spec.default}` : 'not priced yet',
      doc: describe(spec),
      snippet: `${key}: $0`,
      again: true,
      rank: (spec.required ? 5 : spec.priced ? 20 : 40) + (index > 500 ? 1 : 0),
    }));
}

/** Keys in the lines of the block around the cursor, read from the text: the block may not parse. */
function statedKeys(view: View, at: Scan): Set<string> {
  const text = view.text.getText();
  const from = at.header === '' ? -1 : text.indexOf(at.header);
  if (from < 0) return new Set();
  const brace = text.indexOf('{', from);
  const end = /^\}|^\s{0,3}\}/m.exec(text.slice(brace));
  const body = text.slice(brace, end ? brace + end.index : undefined);
  return new Set([...body.matchAll(/^\s*([\w.]+)\s*:/gm)].map(m => m[1]!));
}
