/** What a declaration is: axes, levels, chips, models, fabrics, meshes, plans, named values. */
import { type AstNode, AstUtils } from 'langium';
import type { ModelSpec } from '../../engine/model/spec.ts';
import { formatCount } from '../../engine/units/index.ts';
import type { PlanReport } from '../../language/analysis/report.ts';
import {
  type Axis,
  type Fabric,
  isAxis,
  isChip,
  isFabric,
  isLet,
  isLevel,
  isMesh,
  isModel,
  isPlan,
  type Level,
  type Mesh,
  type Plan,
  type Property,
} from '../../language/generated/ast.ts';
import { ROLES, roleOf } from '../../language/schema/index.ts';
import { chipsOf } from '../completion/sizes.ts';
import { paceSetter } from '../hints/notes.ts';
import { levelBrief, paceBrief } from '../hints/tooltip.ts';
import { links } from '../links.ts';
import { otherWords } from '../quantity.ts';
import { refusalWords, shortCount, verdictOf } from '../verdict.ts';
import type { View } from '../view.ts';
import { linkRows, placeRows } from './links.ts';
import { trafficOfAxis } from './traffic.ts';
import { keyText } from './words.ts';

/** Markdown about a declared name; undefined for what has none. `plan`: whose numbers to show. */
export function nameWords(node: AstNode, view: View, plan: PlanReport | undefined): string | undefined {
  if (isAxis(node)) return axisWords(node, view, plan);
  if (isLevel(node)) return levelWords(node, view, plan);
  if (isPlan(node)) return planWords(node, view);
  if (isMesh(node)) return meshWords(node, view);
  if (isFabric(node)) return withComment(node, fabricWords(node));
  if (isModel(node)) return withComment(node, modelWords(node.name, node.props, view, node.source));
  if (isChip(node)) return withComment(node, `**chip ${node.name}**\n\n${propertyTable(node.props)}`);
  if (isLet(node)) return `**let ${node.name}** = \`${node.value?.$cstNode?.text ?? ''}\``;
  return undefined;
}

function axisWords(axis: Axis, view: View, plan: PlanReport | undefined): string {
  const role = roleOf(axis.role ?? axis.name);
  const size = axis.size?.$cstNode?.text ?? '';
  const spec = plan?.spec?.mesh.axes.find(a => a.name === axis.name);
  const sized = spec && String(spec.size) !== size ? `${size} = ${formatCount(spec.size)}` : size;
  const rows = [
    `${sized} ranks${axis.parents.length > 0 ? `, taken from ${axis.parents.map(p => `\`${p.$refText}\``).join(' and ')}` : ''}`,
    axis.places.length > 0
      ? `one group lies in one ${axis.places.map(p => `\`${p.$cstNode?.text ?? ''}\``).join(' and ')}`
      : '',
    ...(spec && plan?.spec ? placeRows(plan.spec, axis.name) : []),
  ].filter(Boolean);
  const doc = ROLES.find(r => r.name === role)?.doc ?? 'Carries no traffic of its own.';
  return [
    `**axis ${axis.name}**: ${doc}`,
    rows.map(r => `- ${r}`).join('\n'),
    trafficOfAxis(view, plan, axis.name),
  ]
    .filter(Boolean)
    .join('\n\n');
}

function levelWords(level: Level, view: View, plan: PlanReport | undefined): string {
  const children = level.parts.map(p => `${p.count} ${p.child?.$refText ?? ''}`).join(' + ');
  const estimate = plan?.estimate?.levels.find(l => l.name === level.name);
  const setter = plan && paceSetter(plan, level.name);
  const inFabric = plan?.spec?.fabric.name === level.$container?.name;
  const fabric = [plan, ...view.report.plans].find(p => p?.spec?.fabric.name === level.$container?.name)?.spec
    ?.fabric;
  const links = fabric ? linkRows(fabric, level.name) : [];
  return [
    `**level ${level.name}** of ${children}`,
    propertyTable(level.props),
    links.map(row => `- ${row}`).join('\n'),
    estimate && plan && inFabric ? levelBrief({ level: estimate, plan }) : '',
    setter && inFabric ? paceBrief(level.name, setter) : '',
  ]
    .filter(Boolean)
    .join('\n\n');
}

function planWords(node: Plan, view: View): string {
  const plan = view.report.plans.find(p => p.plan === node.name);
  if (!plan) return `**plan ${node.name}**`;
  const verdict = plan.estimate ? verdictOf(plan.estimate) : refusalWords(plan);
  const open = plan.estimate?.assumptions.map(a => `- \`${a.key}\`: ${a.text}`).slice(0, 6) ?? [];
  return [
    `**plan ${node.name}**`,
    verdict,
    open.length > 0 ? `Not stated, so assumed:\n\n${open.join('\n')}` : '',
    links(view, plan),
  ]
    .filter(Boolean)
    .join('\n\n');
}

function meshWords(mesh: Mesh, view: View): string {
  const spec = view.report.plans.find(p => p.spec?.mesh.name === mesh.name)?.spec?.mesh;
  const axes = spec
    ? spec.axes.map(a => `${a.name} ${formatCount(a.size)}`).join(' × ')
    : mesh.axes.map(a => `${a.name} ${a.size?.$cstNode?.text ?? ''}`).join(' × ');
  const ranks = spec?.axes.filter(a => a.from.length === 0).reduce((n, a) => n * a.size, 1);
  return [
    `**mesh ${mesh.name}** on \`${mesh.fabric?.$refText ?? ''}\``,
    `${axes}${ranks ? `: ${formatCount(ranks)} ranks` : ''}`,
  ].join('\n\n');
}

function fabricWords(fabric: Fabric): string {
  const rows = fabric.levels.map(level => {
    const stated = (key: string) => {
      const text = level.props.find(p => keyText(p.key) === key)?.value?.$cstNode?.text ?? '';
      return otherWords(text) ?? text;
    };
    const children = level.parts.map(p => `${p.count} ${p.child?.$refText ?? ''}`).join(' + ');
    return `| ${level.name} | ${children} | ${stated('topology')} | ${stated('bandwidth') || stated('link') || stated('bidirectional')} | ${stated('latency')} |`;
  });
  const chips = chipsOf(fabric);
  const chip = fabric.levels[0]?.parts[0]?.child?.$refText;
  return [
    `**fabric ${fabric.name}**${chips === undefined ? '' : `: ${formatCount(chips)} ${chip ?? 'chips'}`}`,
    ['| level | of | topology | bandwidth | latency |', '|---|---|---|---|---|', ...rows].join('\n'),
  ].join('\n\n');
}

function modelWords(name: string, props: Property[], view: View, source: string | undefined): string {
  const plan = view.report.plans.find(p => p.spec?.model.name === name);
  const spec = plan?.spec?.model;
  const parameters = plan?.estimate?.parameters;
  return [
    `**model ${name}**${source ? ` from \`${source}\`` : ''}`,
    parameters
      ? `${shortCount(parameters.total)} parameters${parameters.active === parameters.total ? '' : `, ${shortCount(parameters.active)} active`}`
      : '',
    spec ? modelShape(spec) : propertyTable(props),
  ]
    .filter(Boolean)
    .join('\n\n');
}

function modelShape(m: ModelSpec): string {
  const rows = [
    `${formatCount(m.layers)} layers, ${formatCount(m.hidden)} hidden, ${formatCount(m.ffn)} ffn${m.gated ? ', gated' : ''}`,
    `${formatCount(m.heads)} heads, ${m.mla ? 'latent attention' : `${formatCount(m.kvHeads)} KV heads`}, ${formatCount(m.headDim)} wide`,
    m.moe
      ? `${formatCount(m.moe.experts)} experts, ${m.moe.topk} a token, ${formatCount(m.moe.expertFfn)} wide`
      : '',
    `${formatCount(m.vocab)} words in the vocabulary`,
  ];
  return rows
    .filter(Boolean)
    .map(r => `- ${r}`)
    .join('\n');
}

/** Keys with their values, in other words where that helps. */
function propertyTable(props: readonly Property[]): string {
  const rows = props.map(p => {
    const text = (p.value?.$cstNode?.text ?? '').replace(/\s+/g, ' ');
    const words = otherWords(text);
    return `| ${keyText(p.key)} | \`${text}\` | ${words ? `= ${words}` : ''} |`;
  });
  return rows.length > 0 ? ['| | | |', '|---|---|---|', ...rows].join('\n') : '';
}

/** The comment above a declaration says where its numbers come from. */
function withComment(node: AstNode, words: string): string {
  const comment = commentAbove(node);
  return comment ? `${words}\n\n${comment}` : words;
}

function commentAbove(node: AstNode): string {
  const cst = node.$cstNode;
  if (!cst) return '';
  const lines = AstUtils.getDocument(node)
    .textDocument.getText()
    .slice(0, cst.offset)
    .split('\n')
    .slice(0, -1);
  const found: string[] = [];
  while (lines.at(-1)?.trimStart().startsWith('//'))
    found.unshift(
      lines
        .pop()!
        .trim()
        .replace(/^\/\/\s?/, ''),
    );
  return found.join('  \n');
}
