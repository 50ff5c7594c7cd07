/** The number first: plan, step time, MFU, what binds, memory, claims; below it the step as a bar. */
import type { Panel } from '../app.ts';
import { el, fill, swatch } from '../dom.ts';
import { collectiveKey } from '../look.ts';
import type { PlanModel, StepPart } from '../protocol.ts';
import { formatBytesBinary, formatShare, formatTime, lineText } from '../words.ts';

export function mountVerdict(root: HTMLElement, panel: Panel): void {
  const line = el('div.verdict-line');
  const bar = el('div.step-bar', { role: 'group', 'aria-label': 'Where the step goes' });
  const legend = el('div.step-legend');
  root.append(line, bar, legend);
  panel.onDraw(() => {
    const { model } = panel;
    if (!model) return;
    const theme = [
      panel.palette.ground,
      panel.palette.text,
      panel.palette.compute,
      panel.palette.axis('tp'),
    ].join();
    const key = JSON.stringify([
      model.plan,
      model.plans,
      model.verdict,
      model.claims,
      model.refusals,
      model.uri,
      theme,
    ]);
    bar.hidden = legend.hidden = !model.verdict;
    fill(line, key, () => verdictLine(model, panel));
    fill(bar, key, () => barParts(model, panel));
    fill(legend, key, () => legendParts(model, panel));
  });
}

function verdictLine(model: PlanModel, panel: Panel): (Node | undefined)[] {
  const { verdict } = model;
  const name =
    model.plans.length > 1
      ? planPicker(model, panel)
      : el(
          'button.plan-name',
          { type: 'button', title: 'Go to the plan', onclick: () => panel.reveal(model.source) },
          model.plan,
        );
  if (!verdict) {
    const reasons = model.refusals.map(({ message, source }) =>
      el(
        'p.refusal',
        {},
        message,
        source && ' ',
        source &&
          el(
            'button.link',
            { type: 'button', onclick: () => panel.reveal(source) },
            lineText(source, model.uri),
          ),
      ),
    );
    return [name, el('div.refusals', {}, el('b', {}, 'No numbers yet'), ...reasons)];
  }
  const { peak, capacity } = verdict.memory;
  const [used] = formatBytesBinary(peak).split(' ');
  const gib = peak >= 10 * 2 ** 30 ? String(Math.round(peak / 2 ** 30)) : used!;
  const about = verdict.assumptions.length > 0 ? `Rests on: ${verdict.assumptions.join('; ')}` : undefined;
  return [
    name,
    el('span.time', { title: about }, formatTime(verdict.time), verdict.assumed && el('span.about', {}, '~')),
    el(
      'span',
      { title: `Counting full attention: ${formatShare(verdict.mfuFull, true)}` },
      el('b', {}, formatShare(verdict.mfu, true)),
      ' MFU',
    ),
    el('span.binds', {}, ...bindsWords(verdict.bound)),
    el(
      peak > capacity ? 'span.of-memory.over' : 'span.of-memory',
      {},
      el('b', {}, gib),
      ` of ${formatBytesBinary(capacity)}`,
    ),
    el('span.spring'),
    claims(model, panel),
  ];
}

function bindsWords({ by, axis, level }: NonNullable<PlanModel['verdict']>['bound']): (Node | string)[] {
  if (by === 'network' && axis)
    return [el('b', {}, axis), ' binds', ...(level ? [', on ', el('b', {}, level)] : [])];
  return [el('b', {}, by), ' binds'];
}

function planPicker(model: PlanModel, panel: Panel): HTMLElement {
  const select = el('select.plain', {
    'aria-label': 'Plan',
    onchange: (event: Event) => panel.choosePlan((event.target as HTMLSelectElement).value),
  });
  for (const plan of model.plans)
    select.append(el('option', { value: plan, selected: plan === model.plan }, plan));
  return select;
}

/** "5 of 5 claims hold", or how many fail; goes to the first that fails. */
function claims(model: PlanModel, panel: Panel): HTMLElement | undefined {
  const judged = model.claims.filter(({ holds }) => holds !== undefined);
  if (model.claims.length === 0) return undefined;
  const failing = judged.filter(({ holds }) => !holds);
  const open = model.claims.length - judged.length;
  const worst = failing.some(({ severity }) => severity === 'assert')
    ? 'fail'
    : failing.length > 0
      ? 'warn'
      : judged.length > 0
        ? 'pass'
        : 'dim';
  const said =
    failing.length > 0
      ? `${failing.length} ${failing.length === 1 ? 'claim fails' : 'claims fail'}`
      : judged.length > 0
        ? `${judged.length} of ${judged.length} ${judged.length === 1 ? 'claim holds' : 'claims hold'}`
        : `${open} ${open === 1 ? 'claim' : 'claims'} not priced`;
  const title = model.claims
    .map(
      ({ severity, text, holds, actual }) =>
        `${holds === undefined ? '?' : holds ? '✓' : '✗'} ${severity} ${text}  (${actual})`,
    )
    .join('\n');
  const target = failing[0] ?? model.claims[0]!;
  return el(
    `button.claims.${worst}`,
    {
      type: 'button',
      title: open > 0 ? `${title}\n${open} cannot be priced` : title,
      onclick: () => panel.reveal(target.source),
    },
    el('span.long', {}, said),
    el(
      'span.short',
      {},
      said
        .replace(/ claims? (hold|not priced)/, (_, does) => (does === 'hold' ? '' : ' not priced'))
        .replace(/ claims? fails?/, ' fail'),
    ),
  );
}

function barParts(model: PlanModel, panel: Panel): HTMLElement[] {
  const { verdict } = model;
  if (!verdict) return [];
  return verdict.parts.map(part => {
    const share = part.seconds / verdict.time;
    const piece = el('button.piece', {
      type: 'button',
      class: `piece ${part.kind}`,
      title: `${partName(part)} ${formatTime(part.seconds)}, ${formatShare(share, true)} of the step`,
      'aria-label': `${partName(part)} ${formatTime(part.seconds)}`,
      onclick: (event: MouseEvent) => choosePart(part, panel, event.altKey),
    });
    piece.style.flexGrow = String(share);
    const colour = partColour(part, panel);
    if (colour) piece.style.backgroundColor = colour;
    return piece;
  });
}

function legendParts(model: PlanModel, panel: Panel): (Node | undefined)[] {
  const { verdict } = model;
  if (!verdict) return [];
  const worth = verdict.parts.filter(
    ({ kind, seconds }) => kind === 'axis' || seconds / verdict.time >= 0.005,
  );
  const keys = worth.map((part, index) => {
    const colour = partColour(part, panel);
    const mark = colour ? swatch(colour) : el('span.swatch.bubble', { 'aria-hidden': 'true' });
    // The unit is said once; what is too short for it keeps its own.
    const short = index === 0 || part.seconds < 0.1;
    const time = short ? formatTime(part.seconds) : formatTime(part.seconds, 's').replace(/ s$/, '');
    return el(
      'button.key',
      {
        type: 'button',
        tabindex: -1,
        onclick: (event: MouseEvent) => choosePart(part, panel, event.altKey),
      },
      mark,
      `${partName(part)} ${time}`,
    );
  });
  return [
    el('div.keys', {}, ...keys),
    el('span.network-share', {}, `network exposed ${formatShare(verdict.exposedShare, true)}`),
  ];
}

const partName = ({ kind, name }: StepPart): string => (kind === 'axis' ? name : kind);

function partColour({ kind, name }: StepPart, panel: Panel): string | undefined {
  const { palette, model } = panel;
  if (kind === 'axis')
    return palette.axis(model?.axes.find(axis => axis.name === name)?.role ?? roleOf(name));
  if (kind === 'bubble') return undefined;
  return kind === 'compute' ? palette.compute : palette.backward;
}

/** Time may be booked on several axes together: the first one colours it. */
const roleOf = (name: string): 'tp' | 'cp' | 'pp' | 'dp' | 'ep' | 'other' =>
  (['tp', 'cp', 'pp', 'dp', 'ep'] as const).find(role => name.startsWith(role)) ?? 'other';

/** An axis's piece selects what of it the step waits for longest; the others, and Alt, go to the line. */
function choosePart(part: StepPart, panel: Panel, toLine: boolean): void {
  const own = panel.model?.collectives.filter(({ owner }) => owner === part.name) ?? [];
  const longest = [...own].sort((a, b) => b.exposed - a.exposed)[0];
  if (part.kind === 'axis' && longest && !toLine) panel.selectCollective(collectiveKey(longest));
  else panel.reveal(part.source);
}
