/** A played step made ready for drawing: where every block begins, what a lane shows between two times. Nanoseconds. */
import {
  BACKWARD,
  chunkOf,
  FORWARD,
  kindOf,
  microbatchOf,
  PAIRED_FORWARD,
  WEIGHTS,
} from '../../engine/schedule/ops.ts';
import { type PanelTimeline, SIZE } from '../../layout/model/timeline-types.ts';
import type { PlanModel } from '../../layout/model/types.ts';

export type SegmentKind =
  | 'forward'
  | 'backward'
  | 'weights'
  | 'pair'
  | 'idle'
  | 'hidden'
  | 'exposed'
  | 'optimizer'
  | 'overhead';

/** `block`: the one it belongs to, -1 for none; `reduces`: of data-parallel traffic, gradients and not weights. */
export type Visit = (kind: SegmentKind, from: number, to: number, block: number, reduces?: boolean) => void;

export interface Step {
  data: PanelTimeline;
  start: Float64Array;
  critical: Uint8Array;
  /** Where a waiting block stands in `data.waits`, and the second op of a pair. */
  waits: Map<number, number>;
  pairs: Map<number, number>;
  /** Of every stage, in its blocks. */
  busy: number[];
  /** When the last stage has finished, and when the step is over. */
  last: number;
  end: number;
  /** Axes that communicate in it, in the sequence of the mesh; which of them send between stages and reduce gradients. */
  lanes: string[];
  sends: string | undefined;
  reduces: string | undefined;
}

export function makeStep(data: PanelTimeline, { axes, collectives }: PlanModel): Step {
  const { first, gap, length, op, stages } = data;
  const start = new Float64Array(op.length);
  const critical = new Uint8Array(op.length);
  const pairs = new Map<number, number>();
  const waits = new Map<number, number>();
  const busy: number[] = [];
  for (let stage = 0; stage < stages; stage++) {
    let at = 0;
    let sum = 0;
    for (let block = first[stage]!; block < first[stage + 1]!; block++) {
      at += gap[block]!;
      start[block] = at;
      at += length[block]!;
      sum += length[block]!;
      if (kindOf(op[block]!) === PAIRED_FORWARD) pairs.set(block, data.pairs[pairs.size]!);
    }
    busy.push(sum);
  }
  for (const block of data.critical) critical[block] = 1;
  for (let at = 0; at < data.waits.length; at += SIZE) waits.set(data.waits[at]!, at);
  const owner = (...names: string[]): string | undefined =>
    collectives.find(({ name }) => names.includes(name))?.owner;
  const sends = data.send.some(late => late !== 0) ? (owner('stage_send') ?? 'pp') : undefined;
  const reduces = data.transfers.length > 0 ? (owner('grad_reduce', 'param_gather') ?? 'dp') : undefined;
  const used = new Set([...data.inner.map(({ axis }) => axis), sends, reduces]);
  const known = axes.map(({ name }) => name).filter(name => used.has(name));
  const last = Math.max(...data.finished);
  return {
    data,
    start,
    critical,
    waits,
    pairs,
    busy,
    last,
    end: last + data.optimizer + data.overhead,
    lanes: [...known, ...[...used].filter((name): name is string => !!name && !known.includes(name))],
    sends,
    reduces,
  };
}

export const endOf = ({ start, data }: Step, block: number): number => start[block]! + data.length[block]!;

/** First block of the stage that ends after a time. */
export function blockAt(step: Step, stage: number, time: number): number {
  const { first } = step.data;
  let [low, high] = [first[stage]!, first[stage + 1]!];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (endOf(step, middle) > time) high = middle;
    else low = middle + 1;
  }
  return low;
}

export const stageOf = ({ data: { first } }: Step, block: number): number => {
  let stage = 0;
  while (first[stage + 1]! <= block) stage++;
  return stage;
};

export function kindName(step: Step, block: number): SegmentKind {
  const kind = kindOf(step.data.op[block]!);
  if (kind === FORWARD) return 'forward';
  if (kind === PAIRED_FORWARD) return 'pair';
  return kind === WEIGHTS ? 'weights' : 'backward';
}

/** "backward of microbatch 15, chunk 0". */
export function opWords(step: Step, op: number): string {
  const { chunks } = step.data;
  const kind = kindOf(op);
  const pass =
    kind === WEIGHTS
      ? 'weight gradient'
      : kind === FORWARD || kind === PAIRED_FORWARD
        ? 'forward'
        : kind === BACKWARD || kind === 5
          ? 'backward'
          : 'input gradient';
  return `${pass} of microbatch ${microbatchOf(op, chunks)}${chunks > 1 ? `, chunk ${chunkOf(op, chunks)}` : ''}`;
}

/** "B15·0", "F3 B1". */
export function shortWords({ data: { op, chunks }, pairs }: Step, block: number): string {
  const code = (of: number): string =>
    `${['F', 'B', 'W', 'B', 'F', 'B'][kindOf(of)]}${microbatchOf(of, chunks)}${chunks > 1 ? `·${chunkOf(of, chunks)}` : ''}`;
  const other = pairs.get(block);
  return code(op[block]!) + (other === undefined ? '' : ` ${code(other)}`);
}

export interface Wait {
  /** Before the block: for the pipeline, for a send under way, for gathered weights; in its course for those. */
  bubble: number;
  send: number;
  gather: number;
  inside: number;
  /** Block whose result it needs; -1: none of another stage. */
  source: number;
}

export function waitOf({ data, waits }: Step, block: number): Wait {
  const at = waits.get(block) ?? data.waits.length;
  const [, send = 0, gather = 0, inside = 0, source = -1] = data.waits.slice(at, at + SIZE);
  return { bubble: Math.max(0, data.gap[block]! - send - gather), send, gather, inside, source };
}

/** What a block waits for inside its layers, by axis: at most as long as it is. */
export function innerOf(step: Step, stage: number, block: number): [axis: string, time: number][] {
  const { op, chunks, inner } = step.data;
  const base = stage * chunks;
  const kind = kindOf(op[block]!);
  const other = step.pairs.get(block);
  if (kind === WEIGHTS) return [];
  return inner.map(waits => {
    const of = (column: number[] | undefined, code: number): number =>
      column?.[base + chunkOf(code, chunks)] ?? 0;
    const own = op[block]!;
    if (other !== undefined) return [waits.axis, of(waits.forward, own) + of(waits.backward, other)];
    return kind === FORWARD
      ? [waits.axis, of(waits.forward, own) + of(waits.forwardAlone, own)]
      : [waits.axis, of(waits.backward, own) + of(waits.backwardAlone, own)];
  });
}

/** All that a lane shows between two times: of the chip where `lane` is undefined, else of an axis. Hidden before exposed. */
export function segments(
  step: Step,
  stage: number,
  lane: string | undefined,
  from: number,
  to: number,
  visit: Visit,
): void {
  const { data, start, last } = step;
  const stop = data.first[stage + 1]!;
  const [computed, finished] = [data.computed[stage]!, data.finished[stage]!];
  if (lane === step.reduces && lane) {
    const { transfers } = data;
    for (let at = 0; at < transfers.length; at += SIZE) {
      const [own, , reduces, begin = 0, length = 0] = transfers.slice(at, at + SIZE);
      if (own === stage && begin + length > from && begin < to)
        visit('hidden', begin, begin + length, -1, reduces === 1);
    }
  }
  // A send of the block before may still be under way.
  const begin = blockAt(step, stage, from);
  for (let block = Math.max(data.first[stage]!, begin - 1); block < stop; block++) {
    const [at, gap, end] = [start[block]!, data.gap[block]!, endOf(step, block)];
    if (at - gap >= to) return;
    if (!lane) {
      if (gap > 0) visit('idle', at - gap, at, block);
      visit(kindName(step, block), at, end, block);
      continue;
    }
    const { send, gather, inside } = waitOf(step, block);
    let until = end;
    if (lane === step.sends) {
      if (send > 0) visit('exposed', at - gather - send, at - gather, block);
      const late = Math.abs(data.send[block]!);
      if (late > 0) visit('hidden', end, end + late, block);
    }
    if (lane === step.reduces) {
      if (gather > 0) visit('exposed', at - gather, at, block, false);
      if (inside > 0) visit('exposed', end - inside, end, block, false);
    }
    until -= inside;
    for (const [axis, time] of innerOf(step, stage, block)) {
      const begins = Math.max(at, until - time);
      if (axis === lane && until > begins) visit('exposed', begins, until, block);
      until = begins;
    }
  }
  if (lane) {
    if (lane === step.reduces && finished > computed) visit('exposed', computed, finished, -1, true);
    return;
  }
  if (last > computed) visit('idle', computed, last, -1);
  if (data.optimizer > 0) visit('optimizer', last, last + data.optimizer, -1);
  if (data.overhead > 0) visit('overhead', last + data.optimizer, step.end, -1);
}

/** What a stage waits for until the last one has finished: by axis, and for the pipeline. */
export function waitsOfStage(step: Step, stage: number): { axes: number[]; bubble: number } {
  const axes = step.lanes.map(lane => {
    let sum = 0;
    segments(step, stage, lane, 0, step.end, (kind, from, to) => {
      if (kind === 'exposed') sum += to - from;
    });
    return sum;
  });
  const { first, finished } = step.data;
  let bubble = step.last - finished[stage]!;
  for (let block = first[stage]!; block < first[stage + 1]!; block++) bubble += waitOf(step, block).bubble;
  return { axes, bubble };
}

/** A row of the view: a stage, or so many that are folded away. */
export type Row = { stage: number } | { folded: number };

/** Up to this many stages all are shown. */
const FEW = 6;

/** First two, last two, the busiest of the others, and the one that is chosen. */
export function rowsOf({ busy, data: { stages } }: Step, all: boolean, chosen: number | undefined): Row[] {
  const shown = new Set<number>();
  for (let stage = 0; stage < stages; stage++)
    if (all || stages <= FEW || stage < 2 || stage >= stages - 2 || stage === chosen) shown.add(stage);
  let busiest = -1;
  // Of stages that are alike the middle one stands for all.
  busy.forEach((time, stage) => {
    const most = busiest < 0 ? -1 : busy[busiest]! * (1 + 1e-6);
    if (stage > 1 && stage < stages - 2 && time > most) busiest = stage;
  });
  if (busiest >= 0) shown.add(busiest);
  const rows: Row[] = [];
  let folded = 0;
  for (let stage = 0; stage <= stages; stage++) {
    if (stage < stages && !shown.has(stage)) folded++;
    else {
      // A fold takes as much attention as a single row.
      if (folded === 1) rows.push({ stage: stage - 1 });
      else if (folded > 0) rows.push({ folded });
      folded = 0;
      if (stage < stages) rows.push({ stage });
    }
  }
  return rows;
}
