/** The timeline: one step with a row per stage. A canvas for blocks; names, legend and table are elements. */
import type { Panel } from '../app.ts';
import { el, fill, swatch } from '../dom.ts';
import { collectiveKey } from '../look.ts';
import { Tooltip } from '../placement/tooltip.ts';
import type { Picture } from '../placement/view.ts';
import { Plane } from '../placement/zoom.ts';
import type { PanelTimeline } from '../protocol.ts';
import { formatCount, formatShare, formatTime, lineText } from '../words.ts';
import { CHIP, FOLD, HEAD, kindColours, LANE, laneTop, type Placed, paintTimeline, placed } from './paint.ts';
import { blockAt, endOf, kindName, makeStep, rowsOf, type Step, segments } from './step.ts';
import { blockTable, stageTable } from './table.ts';
import { sentence, sourceOf, type Thing, tipOf } from './words.ts';

/** Blocks are looked for so many pixels around the pointer. */
const NEAR = 2;
/** Pause before a new step is summed up for screen readers, so that typing does not wait for it. */
const PAUSE = 400;
/** Nanoseconds that are shown at the least. */
const LEAST = 1e4;

export function mountTimeline(root: HTMLElement, panel: Panel): Picture {
  const view = new TimelineView(root, panel);
  panel.onDraw(() => view.draw());
  return view;
}

class TimelineView implements Picture {
  private readonly panel: Panel;
  private readonly legend = el('div.tl-legend');
  private readonly canvas = el('canvas', { 'aria-hidden': 'true' });
  private readonly area = el(
    'div.tl-area',
    { tabindex: 0, role: 'application', 'aria-label': 'Blocks of one step', 'aria-describedby': 'tl-said' },
    this.canvas,
  );
  private readonly rows = el('div.tl-rows');
  private readonly scroller = el('div.tl-scroll', {}, this.rows);
  private readonly tooltip = new Tooltip();
  private readonly box = el('div.tl-box', {}, this.scroller, this.area, this.tooltip.root);
  private readonly said = el('p.caption', { id: 'tl-said', 'aria-live': 'polite' });
  private readonly table = el('div.table-view', { tabindex: 0, 'aria-label': 'Timeline as a table' });
  private readonly twin = el('div.unseen');
  private readonly plane: Plane;
  private step: Step | undefined;
  private made: [PanelTimeline, unknown] | undefined;
  private placed: Placed[] = [];
  private width = 1;
  /** Of `step`. */
  private version = 0;
  private twinTimer = 0;
  private twinned = 0;

  constructor(root: HTMLElement, panel: Panel) {
    this.panel = panel;
    root.append(this.legend, this.box, this.table, this.said, this.twin);
    this.plane = new Plane(this.area, ({ x, k }) => {
      this.leave();
      const from = Math.max(0, -x / (k * this.width));
      this.show(from, from + 1 / k);
    });
    new ResizeObserver(() => panel.redraw()).observe(this.box);
    this.scroller.addEventListener('scroll', () => panel.redraw());
    this.listen();
  }

  leave(): boolean {
    const shown = !this.tooltip.root.hidden;
    this.tooltip.show(undefined, 0, 0, '');
    return shown;
  }

  draw(): void {
    const { model, state, timeline, palette } = this.panel;
    if (!model || state.view !== 'timeline') return;
    if (timeline && (this.made?.[0] !== timeline || this.made[1] !== model.collectives)) {
      this.step = makeStep(timeline, model);
      this.made = [timeline, model.collectives];
      this.version++;
    }
    const step = model.verdict && timeline ? this.step : undefined;
    const chosen = step && this.chosen(step);
    this.box.hidden = !step || state.table;
    this.table.hidden = !step || !state.table;
    fill(
      this.said,
      JSON.stringify([step && state.block, model.verdict?.time, timeline === null, model.uri]),
      () => this.words(step, chosen),
    );
    this.legend.hidden = !step;
    if (!step) return;
    const theme = [palette.ground, palette.compute, palette.axis('tp'), palette.error];
    fill(this.legend, JSON.stringify([model.verdict, theme, step.data.microbatches, state.critical]), () =>
      this.legends(step),
    );
    this.drawTwin(step);
    if (state.table) {
      const stage = state.block?.stage ?? 0;
      fill(this.table, `${this.version} ${stage}`, () => [
        stageTable(step, next => this.choose(step, step.data.first[next]!, next)),
        blockTable(step, Math.min(stage, step.data.stages - 1)),
      ]);
      return;
    }
    this.paint(step, chosen?.block);
  }

  private drawTwin(step: Step): void {
    if (this.twinned === this.version) return;
    this.twinned = this.version;
    window.clearTimeout(this.twinTimer);
    this.twinTimer = window.setTimeout(() => this.twin.replaceChildren(stageTable(step)), PAUSE);
  }

  private paint(step: Step, chosen: number | undefined): void {
    const { model, palette, state } = this.panel;
    const rows = rowsOf(step, state.allStages, state.block?.stage);
    this.placed = placed(rows, step.lanes.length);
    this.drawNames(step);
    const width = this.area.clientWidth;
    const height = this.area.clientHeight;
    const context = this.canvas.getContext('2d');
    if (!context || !model || width < 1) return;
    this.width = width;
    const most = Math.max(1, step.end / LEAST);
    this.plane.bounds(width, height, width, height, most);
    const { from, to } = state.time;
    const k = 1 / (to - from);
    this.plane.place({ x: -from * k * width, y: 0, k });
    const ratio = window.devicePixelRatio || 1;
    const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.canvas.width !== wide || this.canvas.height !== high) {
      this.canvas.width = wide;
      this.canvas.height = high;
      this.canvas.style.width = `${width}px`;
      this.canvas.style.height = `${height}px`;
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const scale = { from: from * step.end, to: to * step.end, width };
    paintTimeline(
      context,
      {
        step,
        rows: this.placed,
        scale,
        scroll: this.scroller.scrollTop,
        height,
        colours: step.lanes.map(lane => this.colourOf(lane)),
        critical: state.critical,
        chosen,
      },
      palette,
    );
  }

  /** Names of stages and lanes beside their rows. */
  private drawNames(step: Step): void {
    const last = this.placed.at(-1);
    this.rows.style.height = `${(last ? last.y + last.h : 0) + 4}px`;
    const key = JSON.stringify([this.placed, step.lanes, step.busy, step.end, this.panel.palette.axis('tp')]);
    const { allStages } = this.panel.state;
    fill(this.rows, key, () => [
      ...this.placed.map(({ row, y, h }) => {
        const made =
          'stage' in row
            ? el(
                'div.tl-row',
                {},
                el('b', {}, el('span', {}, 'stage '), String(row.stage)),
                el('span.dim', {}, `${formatShare(step.busy[row.stage]! / step.end)} busy`),
                ...step.lanes.map((lane, index) => {
                  const name = el('span.tl-lane', {}, swatch(this.colourOf(lane)), lane);
                  name.style.top = `${laneTop(index) - 1}px`;
                  return name;
                }),
              )
            : el(
                'button.tl-row.tl-fold',
                {
                  type: 'button',
                  'data-key': `fold ${y}`,
                  title: 'Show all stages',
                  onclick: () => this.panel.update({ allStages: true }),
                },
                `… ${formatCount(row.folded)} more`,
              );
        made.style.top = `${y}px`;
        made.style.height = `${'stage' in row ? h : FOLD}px`;
        return made;
      }),
      allStages && rowsOf(step, false, undefined).length < step.data.stages && this.fewer(),
    ]);
  }

  private fewer(): HTMLElement {
    return el(
      'button.tl-fewer.link',
      { type: 'button', 'data-key': 'fewer', onclick: () => this.panel.update({ allStages: false }) },
      'fewer',
    );
  }

  private colourOf(lane: string): string {
    const { model, palette } = this.panel;
    return palette.axis(model?.axes.find(({ name }) => name === lane)?.role);
  }

  /** What is waiting, with seconds and share; what the greys mean. */
  private legends(step: Step): (HTMLElement | false)[] {
    const { model, palette, state } = this.panel;
    const { parts, time } = model!.verdict!;
    const key = (mark: HTMLElement, text: string, ...more: (HTMLElement | false)[]): HTMLElement =>
      el('span.tl-key', {}, mark, text, ...more);
    const kinds = kindColours(palette);
    const kindsOf = new Set<string>();
    for (let block = 0; block < step.data.first[1]!; block++) kindsOf.add(kindName(step, block));
    const names = {
      forward: 'forward',
      backward: 'backward',
      weights: 'weight gradient',
      pair: 'both in one',
    };
    const { microbatches, allMicrobatches } = step.data;
    return [
      ...Object.entries(names).flatMap(([kind, name]) =>
        kindsOf.has(kind) ? [key(swatch(kinds[kind as 'forward']!), name)] : [],
      ),
      ...parts.flatMap(part => {
        if (part.kind !== 'axis' && part.kind !== 'bubble') return [];
        const mark =
          part.kind === 'axis'
            ? swatch(this.colourOf(part.name))
            : el('span.swatch.bubble', { 'aria-hidden': 'true' });
        const share = el('span.dim', {}, formatShare(part.seconds / time, true));
        const name = part.kind === 'axis' ? `${part.name} exposed` : 'bubble';
        return [key(mark, `${name} ${formatTime(part.seconds)} `, share)];
      }),
      state.critical && key(swatch(palette.error, 'tl-path'), 'critical path'),
      microbatches < allMicrobatches &&
        el(
          'span.dim',
          {},
          `first ${formatCount(microbatches)} of ${formatCount(allMicrobatches)} microbatches`,
        ),
    ];
  }

  private words(
    step: Step | undefined,
    chosen: Thing | undefined,
  ): (HTMLElement | string | false | undefined)[] {
    const { model, timeline } = this.panel;
    if (!model?.verdict) return ['The timeline is shown once the plan can be priced.'];
    if (timeline === null) return ['This step is not played: its pipeline has more stages than are played.'];
    if (!step) return [''];
    if (!chosen) return ['Click a block to go to the line that causes it. Arrows move, + and − zoom.'];
    const source = sourceOf(model, step, chosen);
    return [
      `${sentence(step, chosen.stage, chosen.block)}${source ? ' · ' : ''}`,
      source &&
        el(
          'button.link',
          { type: 'button', 'data-key': 'line', onclick: () => this.panel.reveal(source) },
          lineText(source, model.uri),
        ),
    ];
  }

  /** The block that is chosen, found again in the step at hand. */
  private chosen(step: Step): Thing | undefined {
    const { block: ref } = this.panel.state;
    if (!ref || ref.stage >= step.data.stages) return undefined;
    const { first, op } = step.data;
    const block = op.indexOf(ref.op, first[ref.stage]!);
    return block >= 0 && block < first[ref.stage + 1]! ? this.thing(step, block, ref.stage) : undefined;
  }

  private thing(step: Step, block: number, stage: number): Thing {
    const [from, to] = [step.start[block]!, endOf(step, block)];
    return { stage, lane: undefined, kind: kindName(step, block), from, to, block, reduces: undefined };
  }

  private choose(step: Step, block: number, stage: number): void {
    this.panel.update({ block: { stage, op: step.data.op[block]! } });
  }

  private show(from: number, to: number): void {
    const width = Math.min(1, to - from);
    const begin = Math.max(0, Math.min(1 - width, from));
    this.panel.update({ time: { from: begin, to: Math.min(1, begin + width) } });
  }

  private listen(): void {
    const { area, panel } = this;
    area.addEventListener('pointermove', event => {
      const { model } = panel;
      if (!model || event.buttons !== 0) return;
      const thing = this.at(event);
      const tip = thing && this.step && tipOf(model, this.step, thing);
      const box = this.box.getBoundingClientRect();
      area.classList.toggle('pointing', tip !== undefined);
      this.tooltip.show(tip, event.clientX - box.left, event.clientY - box.top, model.uri, 'click');
      panel.rest(tip?.source);
    });
    area.addEventListener('pointerleave', () => {
      this.leave();
      panel.rest(undefined);
    });
    area.addEventListener('click', event => this.click(event));
    area.addEventListener('keydown', event => this.key(event));
    document.addEventListener('meshwright-zoom', event => {
      if (panel.state.view !== 'timeline') return;
      const by = (event as CustomEvent<'in' | 'out' | 'fit'>).detail;
      if (by === 'fit') this.show(0, 1);
      else this.plane.step(by);
    });
  }

  /** Chooses a block and goes to the line that causes what was hit. */
  private click(event: MouseEvent): void {
    const { panel, step } = this;
    const thing = this.at(event);
    this.leave();
    if (!thing || !step || !panel.model) return;
    if (thing.block >= 0) this.choose(step, thing.block, thing.stage);
    const source = sourceOf(panel.model, step, thing);
    const own = panel.model.collectives.find(each => each.owner === thing.lane && each.source === source);
    if (own) panel.update({ collective: collectiveKey(own) });
    panel.reveal(source);
  }

  /** What lies at the pointer: of things that hide one another, what is exposed and what is shorter. */
  private at(event: MouseEvent): Thing | undefined {
    const { step, placed: rows, width } = this;
    if (!step) return undefined;
    const box = this.area.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    const down = y + this.scroller.scrollTop;
    const hit = rows.find(each => down >= each.y && down < each.y + each.h);
    if (y < HEAD || !hit || !('stage' in hit.row)) return undefined;
    const { stage } = hit.row;
    const index = [-1, ...step.lanes.keys()].findIndex(
      lane => down - hit.y - laneTop(lane) < (lane < 0 ? CHIP : LANE) + 1,
    );
    if (index < 0) return undefined;
    const lane = step.lanes[index - 1];
    const { from, to } = this.panel.state.time;
    const perPixel = ((to - from) * step.end) / width;
    const now = from * step.end + x * perPixel;
    let best: Thing | undefined;
    let nearest = NEAR * perPixel;
    segments(step, stage, lane, now - nearest, now + nearest, (kind, begin, end, block, reduces) => {
      const away = Math.max(begin - now, now - end, 0);
      if (away > nearest || (away === nearest && best?.kind === 'exposed' && kind === 'hidden')) return;
      nearest = away;
      best = { stage, lane, kind, from: begin, to: end, block, reduces };
    });
    return best;
  }

  key(event: KeyboardEvent): void {
    const { step, panel } = this;
    if (!step || !panel.model || event.ctrlKey || event.metaKey) return;
    const { first } = step.data;
    const now = this.chosen(step);
    if (event.key === 'Enter' || event.key === 'F12') {
      if (now) panel.reveal(sourceOf(panel.model, step, now));
    } else {
      const stages = this.placed.flatMap(({ row }) => ('stage' in row ? [row.stage] : []));
      const stage = now?.stage ?? stages[0] ?? 0;
      const most = first[stage + 1]! - 1;
      const keys: Record<string, () => [block: number, stage: number]> = {
        ArrowLeft: () => [Math.max(first[stage]!, (now?.block ?? first[stage]!) - 1), stage],
        ArrowRight: () => [Math.min(most, now ? now.block + 1 : first[stage]!), stage],
        Home: () => [first[stage]!, stage],
        End: () => [most, stage],
        ArrowUp: () => this.beside(step, now, stages, -1),
        ArrowDown: () => this.beside(step, now, stages, 1),
      };
      const to = keys[event.key]?.();
      if (!to) return;
      this.choose(step, ...to);
      this.bringIn(step, ...to);
    }
    event.preventDefault();
    event.stopPropagation();
  }

  /** The block at the same time on the row above or below. */
  private beside(step: Step, now: Thing | undefined, stages: number[], by: number): [number, number] {
    const index = now ? stages.indexOf(now.stage) + by : 0;
    const stage = stages[Math.max(0, Math.min(stages.length - 1, index))] ?? 0;
    const block = now ? blockAt(step, stage, (now.from + now.to) / 2) : step.data.first[stage]!;
    return [Math.min(block, step.data.first[stage + 1]! - 1), stage];
  }

  /** Moves what is shown as little as possible until the block is in it. */
  private bringIn(step: Step, block: number, stage: number): void {
    const { from, to } = this.panel.state.time;
    const [begin, end] = [step.start[block]! / step.end, endOf(step, block) / step.end];
    const width = to - from;
    if (begin < from) this.show(begin - width / 10, begin + width * 0.9);
    else if (end > to)
      this.show(Math.min(begin, end - width * 0.9), Math.min(begin, end - width * 0.9) + width);
    const row = this.placed.find(each => 'stage' in each.row && each.row.stage === stage);
    if (!row) return;
    const { scrollTop, clientHeight } = this.scroller;
    if (row.y - HEAD < scrollTop) this.scroller.scrollTop = row.y - HEAD;
    else if (row.y + row.h > scrollTop + clientHeight) this.scroller.scrollTop = row.y + row.h - clientHeight;
  }
}
