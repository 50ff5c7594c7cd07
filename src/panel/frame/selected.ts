/** Three lines about what is selected: a chip, a unit, or else the collective. */
import type { PanelCollective, PlanModel } from '../../layout/model/types.ts';
import { chipOf, coordinate, groupOf } from '../../layout/ranks.ts';
import { ranksOfRef, rankTotal } from '../../layout/slot.ts';
import { sectionsOf } from '../../layout/structure.ts';
import type { Panel } from '../app.ts';
import { el } from '../dom.ts';
import type { Look, UnitRef } from '../look.ts';
import {
  byName,
  coordinates,
  formatBytesBinary,
  formatBytesDecimal,
  formatCount,
  formatShare,
  formatTime,
  limitKind,
  lineText,
  opName,
  plural,
  rankText,
} from '../words.ts';

export function selectedFacts(model: PlanModel, look: Look, panel: Panel): HTMLElement[] {
  const lines = look.selected ? unitLines(model, look.selected) : [];
  if (lines.length > 0 && look.selected) {
    return [...lines, ...(look.collective ? [summary(model, look.collective, panel)] : [])];
  }
  return look.collective
    ? collectiveLines(model, look.collective, panel)
    : [el('p.dim', {}, model.verdict ? 'This plan sends nothing.' : 'Not priced yet: no loads to show.')];
}

function collectiveLines(model: PlanModel, collective: PanelCollective, panel: Panel): HTMLElement[] {
  const { axes, ranks, op, bytes, count, time, total, exposed, limit, algorithm, hiddenUnder } = collective;
  const groups = ranks > 0 ? Math.round(model.ranks / ranks) : 0;
  const alike =
    groups > 1 ? ` · ${formatCount(groups)} ${algorithm === 'ring' ? 'rings' : 'groups'} alike` : '';
  const share = time > 0 && limit > 0 ? ` · ${formatShare(limit / time)} of the fabric's limit` : '';
  const step = model.verdict?.time ?? 0;
  const ofStep = step > 0 ? `, ${formatShare(exposed / step, true)} of the step` : '';
  const waits = exposed > 0 ? `exposed ${formatTime(exposed)}${ofStep}` : hiddenWords(hiddenUnder);
  const per = count > 1 ? ` × ${formatCount(count)}` : '';
  return [
    line(
      el('b', {}, opName(op)),
      ` over ${axes.join('·')} ${formatCount(ranks)}`,
      source(collective, model, panel),
    ),
    line(
      el('b', {}, formatBytesDecimal(bytes)),
      el('span.dim', {}, per, count > 1 ? ' per step' : ' per chip', '  '),
      el('b', {}, formatTime(total)),
    ),
    line(waits),
    line(
      el(
        'span.dim',
        { title: `Limit set by ${limitKind(collective)}` },
        `${byName(collective)}${share}${alike}`,
      ),
    ),
  ];
}

const hiddenWords = (under: string | undefined): string => (under ? `hidden under ${under}` : 'hidden');

/** One fact; the frame keeps room for one that wraps. */
const line = (...parts: (Node | string | undefined | false)[]): HTMLElement => el('p', {}, ...parts);

function source({ source: at }: PanelCollective, model: PlanModel, panel: Panel): HTMLElement | undefined {
  if (!at) return undefined;
  return el(
    'span.dim',
    {},
    ' · ',
    el(
      'button.link',
      { type: 'button', 'data-key': 'line', onclick: () => panel.reveal(at) },
      lineText(at, model.uri),
    ),
  );
}

/** One line of the collective below a selected unit. */
const summary = (model: PlanModel, collective: PanelCollective, panel: Panel): HTMLElement =>
  el(
    'p.dim',
    {},
    `${collective.axes.join('·')} ${opName(collective.op)} ${formatTime(collective.total)}`,
    source(collective, model, panel),
  );

function unitLines(model: PlanModel, ref: UnitRef): HTMLElement[] {
  const ranks = ranksOfRef(model.levels, ref, model.ranks);
  const [first] = ranks;
  const level = model.levels[ref.level];
  const sections = level && ref.section !== undefined ? sectionsOf(model.levels, ref.level) : undefined;
  const name = sections
    ? `${sections.word} ${sections.title(ref.section!)}`
    : level
      ? `${level.name} ${ref.unit % (model.levels[ref.level + 1]?.count ?? Number.POSITIVE_INFINITY)}`
      : `chip ${ref.unit}`;
  if (!first)
    return [el('p', {}, el('b', {}, name), ' · idle'), el('p.dim', {}, 'No rank of the mesh runs here.')];
  if (!level) return chipLines(model, name, first.from);
  const held = coordinates(model.axes, ranks);
  return [
    line(el('b', {}, name), held && ` · ${held}`),
    el(
      'p.dim',
      {},
      sections
        ? `${formatCount(rankTotal(ranks))} chips in use`
        : `${formatCount(rankTotal(ranks))} of ${formatCount(level.span)} chips in use${level.childSpan > 1 ? `, ${formatCount(level.count)} ${plural(level.child, level.count)}` : ''}`,
    ),
  ];
}

function chipLines(model: PlanModel, name: string, rank: number): HTMLElement[] {
  const groups = model.axes
    .filter(({ size, digits }) => size > 1 && digits.length > 0)
    .map(axis => {
      const members = groupOf([axis], rank, 2);
      const stride =
        members.length > 1 ? chipOf(model.levels, members[1]!) - chipOf(model.levels, members[0]!) : 0;
      return `${axis.name} ${axis.size}${stride > 1 ? ` (every ${formatCount(stride)})` : ''}`;
    });
  const pipeline = model.axes.find(({ role }) => role === 'pp');
  const stage = pipeline ? coordinate(pipeline, rank) : 0;
  const memory = model.memory?.stages.find(entry => entry.stage === stage) ?? model.memory?.stages[0];
  return [
    line(el('b', {}, name), ` · ${rankText(model.axes, rank)}`),
    line(el('span.dim', {}, `groups: ${groups.join(' · ')}`)),
    ...(memory && model.memory
      ? [
          el(
            'p.dim',
            {},
            `memory ${formatBytesBinary(memory.total)} of ${formatBytesBinary(model.memory.capacity)}`,
            pipeline ? ` · stage ${stage}` : '',
          ),
        ]
      : []),
  ];
}
