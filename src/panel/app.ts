/** The panel's heart: what it knows, what is chosen, and one redraw per frame when either changes. */
import type { PlanModel, Source } from '../layout/model/types.ts';
import { chipOf } from '../layout/ranks.ts';
import { ranksOfRef } from '../layout/slot.ts';
import { laneSteps, openAt, pathTo } from '../layout/structure.ts';
import { collectiveKey, defaultAxis, defaultCollective, type Look, type UnitRef } from './look.ts';
import { type Palette, pagePalette } from './palette.ts';
import {
  type EmptyModel,
  type HostMessage,
  type PanelMessage,
  type PanelTimeline,
  PROTOCOL_VERSION,
} from './protocol.ts';
import { applySelect, levelOf } from './select.ts';
import { fitState, initialState, type PanelState, refitColumns, restore, type Stored } from './state.ts';

export interface Host {
  post(message: PanelMessage): void;
  getState(): unknown;
  setState(state: Stored): void;
}

/** Why the picture is older than the text. */
export interface Trouble {
  message: string;
  source?: Source;
  /** Milliseconds of the page's clock when it began. */
  since: number;
}

/** Pause before the cursor's line takes effect, so that walking through the text does not flicker. */
const CURSOR_DELAY = 150;
const SAVE_DELAY = 200;
/** Milliseconds before half-typed text is pointed out: people are in the middle of a word. */
export const PATIENCE = 600;

export class Panel {
  state: PanelState = initialState();
  /** The last model with numbers (or, before there was one, the last model). */
  model: PlanModel | undefined;
  empty: EmptyModel | undefined;
  /** The last step that was played; null: there is none to play. */
  timeline: PanelTimeline | null | undefined;
  trouble: Trouble | undefined;
  palette: Palette;
  /** Class of links to ring for a moment. */
  ringed: number | undefined;
  private readonly host: Host;
  private readonly listeners = new Set<() => void>();
  private hash = '';
  /** Of the model whose step has been asked for. */
  private playing: string | undefined;
  private rested: string | undefined;
  private frame = 0;
  private cursorTimer = 0;
  private saveTimer = 0;
  private ringTimer = 0;

  constructor(host: Host) {
    this.host = host;
    this.palette = pagePalette();
    const stored = restore(host.getState());
    if (!stored) return;
    this.state = stored.state;
    this.hash = stored.hash;
    this.model = stored.model;
  }

  /** Whether the picture is older than the text for long enough to say so. */
  troubled(): boolean {
    return this.trouble !== undefined && performance.now() - this.trouble.since >= PATIENCE - 1;
  }

  /** Says that the panel can listen; the host answers with `changed`. */
  ready(): void {
    this.host.post({ type: 'ready', version: PROTOCOL_VERSION });
    this.redraw();
  }

  onDraw(listener: () => void): void {
    this.listeners.add(listener);
  }

  receive(message: HostMessage): void {
    switch (message.type) {
      case 'changed':
        if (message.hash !== this.hash || (!this.model && !this.empty)) this.pull(message.hash);
        return;
      case 'model':
        this.hash = message.hash;
        this.playing = undefined;
        if (message.model.kind === 'empty') this.showEmpty(message.model);
        else this.show(message.model);
        return;
      case 'timeline':
        if (message.hash !== this.hash) return;
        this.timeline = message.timeline;
        this.redraw();
        return;
      case 'select':
        window.clearTimeout(this.cursorTimer);
        this.cursorTimer = window.setTimeout(() => this.follow(message.target), CURSOR_DELAY);
    }
  }

  /** Shows another plan of the document. */
  choosePlan(plan: string): void {
    this.host.post({ type: 'pull', view: this.state.view, hash: '', plan });
  }

  private pull(hash: string): void {
    this.host.post({ type: 'pull', view: this.state.view, hash });
  }

  /** A plan that syntax errors have swallowed is still the one that people see: its picture stays, marked as old. */
  private showEmpty(model: EmptyModel): void {
    if (model.stale && this.model?.uri === model.uri) {
      const since = this.trouble?.since ?? performance.now();
      this.trouble = { message: model.stale.reason, source: model.stale.source, since };
      this.redraw();
      return;
    }
    this.empty = model;
    this.model = undefined;
    this.trouble = undefined;
    this.redraw();
  }

  /** A plan without numbers does not replace the last good picture of the same plan: that one stays, marked as old. */
  private show(model: PlanModel): void {
    this.empty = undefined;
    const since = this.trouble?.since ?? performance.now();
    const keeps =
      !model.verdict && this.model?.verdict && this.model.plan === model.plan && this.model.uri === model.uri;
    if (keeps) {
      const reason = model.refusals[0] ?? { message: 'The plan cannot be priced as it stands.' };
      this.trouble = { ...reason, since };
    } else {
      this.model = model;
      this.state = fitState(this.state, model);
      this.trouble = model.stale
        ? { message: model.stale.reason, source: model.stale.source, since }
        : undefined;
    }
    this.save();
    this.redraw();
  }

  /** Only who looks at a step has it played. */
  private play(): void {
    if (this.state.view !== 'timeline' || !this.model?.verdict || this.playing === this.hash) return;
    this.playing = this.hash;
    this.host.post({ type: 'play', hash: this.hash });
  }

  private follow(target: Parameters<typeof applySelect>[1]): void {
    if (!this.model) return;
    const change = applySelect(this.model, target);
    if (change) this.update(change);
    const level = levelOf(this.model, target);
    if (level && target.kind === 'level')
      this.ring(this.model.links.findIndex(link => this.model?.levels[link.level] === level));
  }

  update(change: Partial<PanelState>): void {
    this.state = { ...this.state, ...change };
    this.save();
    this.redraw();
  }

  /** Everything that is chosen, found in the model at hand. */
  look(): Look {
    const { model, state } = this;
    const collectives = model?.collectives ?? [];
    const collective =
      collectives.find(candidate => collectiveKey(candidate) === state.collective) ??
      (model ? defaultCollective(model) : undefined);
    return {
      axis:
        model?.axes.find(({ name, size }) => name === state.axis && size > 1) ??
        (model ? defaultAxis(model) : undefined),
      collective,
      load: state.load,
      selected: state.selected,
      rank: this.followedRank(),
      allGroups: state.allGroups,
      columns: state.columns,
    };
  }

  /** A member of the group that is drawn: of what is selected, else of the deepest open unit. */
  private followedRank(): number {
    const { model, state } = this;
    if (!model || model.levels.length === 0) return 0;
    const ref = state.selected ?? this.deepest();
    return ranksOfRef(model.levels, ref, model.ranks)[0]?.from ?? 0;
  }

  /** The deepest open unit. */
  deepest(): UnitRef {
    return openAt(this.model?.levels ?? [], this.state.path);
  }

  /** Opens child `child` of the lane at `depth`, in place of what was open there. */
  open(depth: number, child: number): void {
    const levels = this.model?.levels ?? [];
    if (depth >= laneSteps(levels).length - 1) return;
    this.update({ path: [...this.state.path.slice(0, depth), child] });
  }

  /** Closes the deepest drawer; with none open, clears the selection. @returns whether anything changed. */
  back(): boolean {
    if (this.state.selected) this.update({ selected: undefined });
    else if (this.state.path.length > 0) this.update({ path: this.state.path.slice(0, -1) });
    else return false;
    return true;
  }

  select(ref: UnitRef | undefined): void {
    this.update({ selected: ref });
  }

  selectCollective(key: string): void {
    this.update({ collective: key });
    this.ring(this.look().collective?.bottleneck ?? -1);
  }

  /** To the bottleneck: the units around its busiest link come into view, ringed for a moment. */
  toBottleneck(): void {
    const { model } = this;
    const link = model?.links[this.look().collective?.bottleneck ?? -1];
    if (!model || !link) return;
    const chip = chipOf(model.levels, this.followedRank());
    const path = pathTo(model.levels, chip, Math.max(0, link.span === 1 ? 0 : link.level));
    this.update({ path: path.length > this.state.path.length ? path : this.state.path, view: 'placement' });
    this.ring(model.links.indexOf(link));
  }

  private ring(link: number): void {
    if (link < 0) return;
    this.ringed = link;
    window.clearTimeout(this.ringTimer);
    this.ringTimer = window.setTimeout(() => {
      this.ringed = undefined;
      this.redraw();
    }, 600);
    this.redraw();
  }

  refit(): void {
    if (this.model)
      this.update({ columns: refitColumns(this.state, this.model), zoom: { x: 0, y: 0, k: 1 } });
  }

  reveal(source: Source | undefined): void {
    if (source)
      this.host.post({ type: 'reveal', uri: source.uri, range: { start: source.start, end: source.end } });
  }

  post(message: PanelMessage): void {
    this.host.post(message);
  }

  /** Tells the host what the pointer rests on, once per thing. */
  rest(source: Source | undefined): void {
    const key = JSON.stringify(source);
    if (key === this.rested) return;
    this.rested = key;
    this.post(source ? { type: 'hover', source } : { type: 'hover' });
  }

  rethemed(): void {
    this.palette = pagePalette();
    this.redraw();
  }

  /** One redraw per frame, however much changes. */
  redraw(): void {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.play();
      for (const listener of this.listeners) listener();
    });
  }

  /** Stored soon after the last change, so that zooming does not write at every frame. */
  private save(): void {
    window.clearTimeout(this.saveTimer);
    this.saveTimer = window.setTimeout(() => {
      this.host.setState({
        version: 1,
        state: this.state,
        hash: this.hash,
        ...(this.model ? { model: this.model } : {}),
      });
    }, SAVE_DELAY);
  }
}
