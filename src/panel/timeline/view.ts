/** The timeline: one step with a row per stage. A canvas for blocks; names, legend and table are elements. */
import type { Source } from '../../layout/model/types.ts';
import type { Panel } from '../app.ts';
import { el, fill } from '../dom.ts';
import { Tooltip } from '../placement/tooltip.ts';
import type { Picture } from '../placement/view.ts';
import { Plane } from '../placement/zoom.ts';
import type { PanelTimeline } from '../protocol.ts';
import { lineText } from '../words.ts';
import { legendOf } from './legend.ts';
import { namesOf } from './names.ts';
import { CHIP, HEAD, LANE, laneTop, paintTimeline, placed, type Rows } from './paint.ts';
import { blockAt, endOf, kindName, makeStep, rowsOf, type Step, segments } from './step.ts';
import { blockTable, stageTable } from './table.ts';
import { sentence, sourceOf, type Thing, tipOf } from './words.ts';

/** Blocks are looked for so many pixels around the pointer. */
const NEAR = 2;
/** Nanoseconds that are shown at the least. */
const LEAST = 1e4;
/** Pause before a new step is summed up for screen readers, so that typing does not wait for it. */
const PAUSE = 400;

export function mountTimeline(root: HTMLElement, panel: Panel): Picture {
  const legend = el('div.tl-legend');
  const canvas = el('canvas', { 'aria-hidden': 'true' });
  const area = el(
    'div.tl-area',
    { tabindex: 0, role: 'application', 'aria-label': 'Blocks of one step', 'aria-describedby': 'tl-said' },
    canvas,
  );
  const names = el('div.tl-rows');
  const scroller = el('div.tl-scroll', {}, names);
  const tooltip = new Tooltip();
  const box = el('div.tl-box', {}, scroller, area, tooltip.root);
  const said = el('p.caption', { id: 'tl-said', 'aria-live': 'polite' });
  const table = el('div.table-view', { tabindex: 0, 'aria-label': 'Timeline as a table' });
  const twin = el('div.unseen');
  root.append(legend, box, table, said, twin);

  let step: Step | undefined;
  let made: [PanelTimeline, unknown] | undefined;
  /** Counts steps. */
  let version = 0;
  let twinTimer = 0;
  let rows: Rows | undefined;
  let width = 1;

  const colourOf = (lane: string): string =>
    panel.palette.axis(panel.model?.axes.find(({ name }) => name === lane)?.role);

  const leave = (): boolean => {
    const shown = !tooltip.root.hidden;
    tooltip.show(undefined, 0, 0, '');
    return shown;
  };

  /** Shows a part of the step, 0..1, pushed back into it. */
  const show = (from: number, long: number): void => {
    const part = Math.min(1, long);
    const begin = Math.max(0, Math.min(1 - part, from));
    panel.update({ time: { from: begin, to: Math.min(1, begin + part) } });
  };
  const plane = new Plane(area, ({ x, k }) => {
    leave();
    show(-x / (k * width), 1 / k);
  });

  /** The block that is chosen, found again in the step at hand. */
  const chosenIn = ({ data: { first, op, stages }, start }: Step): Thing | undefined => {
    const { block: ref } = panel.state;
    if (!step || !ref || ref.stage >= stages) return undefined;
    const { stage } = ref;
    const block = op.indexOf(ref.op, first[stage]!);
    if (block < 0 || block >= first[stage + 1]!) return undefined;
    const [from, to] = [start[block]!, endOf(step, block)];
    return { stage, lane: undefined, kind: kindName(step, block), from, to, block, reduces: undefined };
  };
  const choose = (of: Step, block: number, stage: number): void =>
    panel.update({ block: { stage, op: of.data.op[block]! } });

  const words = (
    now: Thing | undefined,
    source: Source | undefined,
  ): (HTMLElement | string | undefined)[] => {
    const { model, timeline } = panel;
    if (!model?.verdict) return ['The timeline is shown once the plan can be priced.'];
    if (timeline === null) return ['This step is not played: its pipeline has too many stages.'];
    if (!step) return [];
    if (!now) return ['Click a block to go to the line that causes it. Arrows move, + and − zoom.'];
    return [
      sentence(tipOf(model, step, now)),
      source && ' · ',
      source &&
        el(
          'button.link',
          { type: 'button', 'data-key': 'line', onclick: () => panel.reveal(source) },
          lineText(source, model.uri),
        ),
    ];
  };

  const paint = (of: Step, chosen: number | undefined): void => {
    const { palette, state } = panel;
    const lanes = of.lanes.length;
    const height = area.clientHeight;
    rows = placed(rowsOf(of, state.allStages, state.block?.stage), lanes, height - 6);
    names.style.height = `${rows.height}px`;
    const key = JSON.stringify([rows, version, palette.ground, palette.axis('tp')]);
    fill(names, key, () => namesOf(of, rows!, panel, colourOf));
    const context = canvas.getContext('2d');
    if (!context || area.clientWidth < 1) return;
    width = area.clientWidth;
    plane.bounds(width, height, width, height, Math.max(1, of.end / LEAST));
    const { from, to } = state.time;
    plane.place({ x: (-from * width) / (to - from), y: 0, k: 1 / (to - from) });
    const ratio = window.devicePixelRatio || 1;
    const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (canvas.width !== wide || canvas.height !== high) {
      canvas.width = wide;
      canvas.height = high;
      canvas.style.width = `${width}px`;
      canvas.style.height = `${height}px`;
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const scale = { from: from * of.end, to: to * of.end, width };
    const { scrollTop: scroll } = scroller;
    const colours = of.lanes.map(colourOf);
    paintTimeline(
      context,
      { step: of, rows, scale, scroll, height, colours, critical: state.critical, chosen },
      palette,
    );
  };

  const draw = (): void => {
    const { model, state, timeline, palette } = panel;
    if (!model || state.view !== 'timeline') return;
    if (!model.verdict || !timeline) step = made = undefined;
    else if (made?.[0] !== timeline || made[1] !== model.collectives) {
      made = [timeline, model.collectives];
      const own = makeStep(timeline, model);
      step = own;
      version++;
      window.clearTimeout(twinTimer);
      twinTimer = window.setTimeout(() => twin.replaceChildren(stageTable(own)), PAUSE);
    }
    legend.hidden = !step;
    box.hidden = !step || state.table;
    table.hidden = !step || !state.table;
    const now = step && chosenIn(step);
    const source = step && now && sourceOf(model, step, now);
    fill(said, JSON.stringify([version, now, timeline === null, !step]), () => words(now, source));
    if (!step) return;
    const of = step;
    const theme = [palette.ground, palette.compute, palette.axis('tp'), palette.error];
    fill(legend, JSON.stringify([version, theme, state.critical]), () => legendOf(of, panel, colourOf));
    const stage = Math.min(state.block?.stage ?? 0, of.data.stages - 1);
    if (state.table)
      fill(table, `${version} ${stage}`, () => [
        stageTable(of, next => choose(of, of.data.first[next]!, next)),
        blockTable(of, stage),
      ]);
    else paint(of, now?.block);
  };

  /** What lies at the pointer: of things that hide one another the exposed one. */
  const at = (event: MouseEvent): Thing | undefined => {
    const edges = area.getBoundingClientRect();
    const y = event.clientY - edges.top;
    const down = y + scroller.scrollTop;
    const hit = rows?.list.find(each => down >= each.y && down < each.y + each.h);
    if (!step || !rows || y < HEAD || !hit || !('stage' in hit.row)) return undefined;
    const { stage } = hit.row;
    const within = (lane: number): boolean =>
      down - hit.y - laneTop(lane, rows!) < rows!.grown * (lane < 0 ? CHIP : LANE) + 1;
    const index = [-1, ...step.lanes.keys()].find(within);
    if (index === undefined) return undefined;
    const lane = step.lanes[index];
    const { from, to } = panel.state.time;
    const perPixel = ((to - from) * step.end) / width;
    const now = from * step.end + (event.clientX - edges.left) * perPixel;
    let best: Thing | undefined;
    let nearest = NEAR * perPixel;
    segments(step, stage, lane, now - nearest, now + nearest, (kind, begin, end, block, reduces) => {
      const away = Math.max(begin - now, now - end, 0);
      if (away > nearest || (away === nearest && best?.kind === 'exposed' && kind === 'hidden')) return;
      nearest = away;
      best = { stage, lane, kind, from: begin, to: end, block, reduces };
    });
    return best;
  };

  /** Moves what is shown as little as possible until the block is in it. */
  const bringIn = (of: Step, block: number, stage: number): void => {
    const { from, to } = panel.state.time;
    const [begin, end] = [of.start[block]! / of.end, endOf(of, block) / of.end];
    const long = to - from;
    if (begin < from || end > to)
      show(begin < from ? begin - long / 10 : Math.min(begin, end - long * 0.9), long);
    const row = rows?.list.find(each => 'stage' in each.row && each.row.stage === stage);
    if (!row) return;
    const { scrollTop, clientHeight } = scroller;
    scroller.scrollTop = Math.min(row.y - HEAD, Math.max(scrollTop, row.y + row.h - clientHeight));
  };

  const key = (event: KeyboardEvent): void => {
    const { model } = panel;
    if (!step || !model || event.ctrlKey || event.metaKey) return;
    const now = chosenIn(step);
    const { first } = step.data;
    const stages = rows?.list.flatMap(({ row }) => ('stage' in row ? [row.stage] : [])) ?? [];
    let stage = now?.stage ?? stages[0] ?? 0;
    let block = now?.block ?? first[stage]!;
    const [ahead, down] = [
      { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }[event.key],
      { ArrowUp: -1, ArrowDown: 1 }[event.key],
    ];
    if (event.key === 'Enter' || event.key === 'F12') panel.reveal(now && sourceOf(model, step, now));
    else if (ahead || down) {
      // Without a block to start from the first one is chosen.
      if (now && ahead) block += ahead;
      if (now && down) {
        stage = stages[stages.indexOf(stage) + down] ?? stage;
        block = blockAt(step, stage, (now.from + now.to) / 2);
      }
      block = Math.max(first[stage]!, Math.min(first[stage + 1]! - 1, block));
      choose(step, block, stage);
      bringIn(step, block, stage);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  new ResizeObserver(() => panel.redraw()).observe(box);
  scroller.addEventListener('scroll', () => panel.redraw());
  area.addEventListener('pointermove', event => {
    const { model } = panel;
    if (!model || event.buttons !== 0) return;
    const thing = at(event);
    const tip = thing && step && tipOf(model, step, thing);
    const edges = box.getBoundingClientRect();
    area.classList.toggle('pointing', tip !== undefined);
    tooltip.show(tip, event.clientX - edges.left, event.clientY - edges.top, model.uri, 'click');
    panel.rest(tip?.source);
  });
  area.addEventListener('pointerleave', () => {
    leave();
    panel.rest(undefined);
  });
  area.addEventListener('click', event => {
    const thing = at(event);
    leave();
    if (!thing || !step || !panel.model) return;
    if (thing.block >= 0) choose(step, thing.block, thing.stage);
    panel.reveal(sourceOf(panel.model, step, thing));
  });
  area.addEventListener('keydown', key);
  document.addEventListener('meshwright-zoom', event => {
    if (panel.state.view !== 'timeline') return;
    const by = (event as CustomEvent<'in' | 'out' | 'fit'>).detail;
    if (by === 'fit') show(0, 1);
    else plane.step(by);
  });
  panel.onDraw(draw);
  return { leave, key };
}
