/** `textDocument/hover`: what the word is, what the number means, and how the line's time comes about. */
import { type AstNode, AstUtils, CstUtils, type LeafCstNode } from 'langium';
import type { Hover, Position } from 'vscode-languageserver-protocol';
import type { PlanReport } from '../language/analysis/report.ts';
import {
  isAxis,
  isBool,
  isCollective,
  isImport,
  isKey,
  isPart,
  isPlace,
  isProperty,
  isQuantity,
  isRef,
  isShard,
  type Quantity,
} from '../language/generated/ast.ts';
import { resolveImport } from '../language/imports.ts';
import type { ShardplanSharedServices } from '../language/module.ts';
import { INFERRED } from '../language/schema/index.ts';
import { fitWords } from './hover/calibration.ts';
import { gemmTableWords } from './hover/gemm-table.ts';
import { nameWords } from './hover/names.ts';
import { payBackWords } from './hover/reconfigure.ts';
import { trafficOfLine } from './hover/traffic.ts';
import { keyWords, valueWords } from './hover/words.ts';
import { otherWords } from './quantity.ts';
import { coversLine, type View } from './view.ts';

export function hoverAt(view: View, position: Position, shared: ShardplanSharedServices): Hover | null {
  const root = view.root.$cstNode;
  if (!root) return null;
  const offset = view.text.offsetAt(position);
  const leaf =
    CstUtils.findLeafNodeAtOffset(root, offset) ??
    (offset > 0 ? CstUtils.findLeafNodeAtOffset(root, offset - 1) : undefined);
  if (!leaf || leaf.hidden) return null;
  const plan = view.report.plans.find(p => coversLine(p.range, view.uri, position.line)) ?? view.active;
  const value = contentOf(leaf, view, plan, shared);
  return value ? { contents: { kind: 'markdown', value }, range: leaf.range } : null;
}

function contentOf(
  leaf: LeafCstNode,
  view: View,
  plan: PlanReport | undefined,
  shared: ShardplanSharedServices,
): string | undefined {
  const node = leaf.astNode;
  const line = leaf.range.start.line;
  if (isImport(node)) return importWords(node, shared);
  const target = referenced(node, leaf);
  if (isKey(node) && isProperty(node.$container)) {
    const key = keyWords(node.$container);
    const axis =
      target && leaf.text === node.head?.$refText && node.tail.length > 0
        ? nameWords(target, view, plan)
        : undefined;
    const own =
      fitWords(node.$container, view) ??
      gemmTableWords(node.$container, view) ??
      payBackWords(node.$container, view);
    return join(key, own, axis ?? trafficOfLine(view, line));
  }
  if (target) return nameWords(target, view, plan);
  if (isQuantity(node)) return join(numberWords(node), ownerWords(node), trafficOfLine(view, line));
  if (isRef(node)) {
    const property = node.$container;
    return isProperty(property)
      ? join(valueWords(node, view), gemmTableWords(property, view), trafficOfLine(view, line))
      : valueWords(node, view);
  }
  if (isBool(node)) return join(ownerWords(node), trafficOfLine(view, line));
  if (isCollective(node)) {
    const inferred = INFERRED.find(n => n.name === node.name);
    return join(
      `**collective ${node.name}**${inferred ? `: ${inferred.doc} This line takes its place.` : ''}`,
      trafficOfLine(view, line),
    );
  }
  if (isShard(node)) return trafficOfLine(view, line) || undefined;
  if (isAxis(node) || leaf.text === (node as { name?: string }).name) return nameWords(node, view, plan);
  const container = AstUtils.getContainerOfType(node, isShard);
  return container ? trafficOfLine(view, line) || undefined : undefined;
}

/** What the leaf links to, if it is a reference. */
function referenced(node: AstNode, leaf: LeafCstNode): AstNode | undefined {
  // A quantity inside `level pod of 384 node` is no reference; its neighbour is.
  if ((isPart(node) || isPlace(node)) && /^\d/.test(leaf.text)) return undefined;
  for (const value of Object.values(node)) {
    for (const candidate of Array.isArray(value) ? value : [value]) {
      if (isReference(candidate) && candidate.$refNode?.offset === leaf.offset) return candidate.ref;
    }
  }
  return undefined;
}

interface AnyReference {
  $refText: string;
  $refNode?: { offset: number };
  ref?: AstNode;
}

const isReference = (value: unknown): value is AnyReference =>
  typeof value === 'object' && value !== null && '$refText' in value;

/** `400Gb/s = 50 GB/s`; what it is per, where the key says so. */
function numberWords(node: Quantity): string | undefined {
  const words = otherWords(node.value);
  if (!words) return undefined;
  const property = AstUtils.getContainerOfType(node, isProperty);
  const key = property?.key?.head?.$refText;
  const per = PER[key ?? ''];
  return `\`${node.value}\` = **${words}**${per ? ` ${per}` : ''}`;
}

/** What a rate of a level counts: the direction is never implied. */
const PER: Readonly<Record<string, string>> = {
  bandwidth: 'per chip and direction',
  link: 'per link and direction',
  uplink: 'per child unit and direction',
  bidirectional: 'of one chip, both directions together',
};

/** The key that a value belongs to. */
function ownerWords(node: AstNode): string | undefined {
  const property = AstUtils.getContainerOfType(node, isProperty);
  return property && keyWords(property);
}

function importWords(node: { uri: string } & AstNode, shared: ShardplanSharedServices): string | undefined {
  const uri = resolveImport(AstUtils.getDocument(node).uri, node.uri);
  const root = shared.workspace.LangiumDocuments.getDocument(uri)?.parseResult.value as
    | { decls?: { $type: string; name?: string }[] }
    | undefined;
  if (!root?.decls) return undefined;
  const kinds = byKind(root.decls);
  return [...kinds]
    .map(([kind, list]) => `**${kind}** ${list.map(d => `\`${d.name}\``).join(', ')}`)
    .join('\n\n');
}

/** Node 20 lacks `Map.groupBy`. */
function byKind<T extends { $type: string }>(list: T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of list) {
    const kind = item.$type.toLowerCase();
    groups.set(kind, [...(groups.get(kind) ?? []), item]);
  }
  return groups;
}

const join = (...parts: (string | undefined)[]): string | undefined =>
  parts.filter(Boolean).join('\n\n') || undefined;
