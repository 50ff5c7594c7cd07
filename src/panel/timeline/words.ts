/** What the timeline says of a thing: for the tooltip, the line below the picture, and the line of the text that causes it. */
import { kindOf, PAIRED_FORWARD } from '../../engine/schedule/ops.ts';
import type { PlanModel, Source } from '../../layout/model/types.ts';
import type { Tip } from '../placement/tooltip.ts';
import { formatShare, formatTime, opName } from '../words.ts';
import { innerOf, opWords, type SegmentKind, type Step, stageOf, waitOf } from './step.ts';

/** Something in a lane of a stage; without `lane` on the chip. */
export interface Thing {
  stage: number;
  lane: string | undefined;
  kind: SegmentKind;
  from: number;
  to: number;
  /** -1: none. */
  block: number;
  reduces: boolean | undefined;
}

export const time = (nanoseconds: number): string => formatTime(nanoseconds / 1e9);

type Rows = Tip['rows'];

export function tipOf(model: PlanModel, step: Step, thing: Thing): Tip {
  const { stage, lane, kind, from, to, block } = thing;
  const source = sourceOf(model, step, thing);
  const takes: Rows[number] = [
    lane || kind === 'idle' ? (kind === 'hidden' ? 'under way' : 'waits') : 'takes',
    time(to - from),
    `${formatShare((to - from) / step.end, true)} of the step`,
  ];
  const rows: Rows = [takes];
  const own = block >= 0 ? opWords(step, step.data.op[block]!) : '';
  let title = `stage ${stage} · `;
  if (lane) {
    title += `${lane} · ${transferOf(model, step, thing)}`;
    if (own) rows.push(['', own, '']);
    rows.push(['', kind, kind === 'hidden' ? 'runs beside computing' : 'the chip waits for it']);
  } else if (kind === 'idle') {
    title += 'idle';
    rows.push(...idleRows(step, block));
  } else if (block < 0) title += kind;
  else {
    title += own;
    const pair = step.pairs.get(block);
    if (pair !== undefined) rows.push(['with', opWords(step, pair), '']);
    rows.push(...waitRows(step, stage, block));
    if (step.critical[block]) rows.push(['', 'on the critical path', '']);
  }
  return { title, rows, ...(source ? { source } : {}) };
}

/** For whom a stage waits before a block; after its last one, for the others to finish. */
function idleRows(step: Step, block: number): Rows {
  if (block < 0) return [['for', 'the slowest stage', 'all steps end together']];
  const { bubble, send, gather, source } = waitOf(step, block);
  const rows: Rows = [];
  if (source >= 0)
    rows.push(['for', opWords(step, step.data.op[source]!), `on stage ${stageOf(step, source)}`]);
  if (bubble > 0) rows.push(['bubble', time(bubble), '']);
  if (send > 0) rows.push([step.sends ?? '', time(send), 'exposed, its send']);
  if (gather > 0) rows.push([step.reduces ?? '', time(gather), 'exposed, its weights']);
  return rows;
}

function waitRows(step: Step, stage: number, block: number): Rows {
  const { inside } = waitOf(step, block);
  const inner = innerOf(step, stage, block).filter(([, waits]) => waits > 0);
  if (inside > 0) inner.push([step.reduces ?? '', inside]);
  const rows: Rows = inner.map(([axis, waits]) => ['of it', time(waits), `exposed ${axis}`]);
  const gap = step.data.gap[block]!;
  if (gap > 0) {
    const { source } = waitOf(step, block);
    rows.push(['after', time(gap), source < 0 ? 'idle' : `idle, for stage ${stageOf(step, source)}`]);
  }
  return rows;
}

function transferOf(model: PlanModel, step: Step, thing: Thing): string {
  const found = collectiveOf(model, step, thing);
  return found ? `${opName(found.op)}, ${found.what}` : 'communication';
}

/** Of several of an axis in the same pass the one that is waited for longest. */
function collectiveOf({ collectives }: PlanModel, step: Step, { lane, kind, block, reduces }: Thing) {
  const code = step.data.op[block] ?? 0;
  const ahead = kindOf(code) === 0 || kindOf(code) === PAIRED_FORWARD;
  const fits = collectives.filter(({ name, owner, phase }) => {
    if (owner !== lane) return false;
    if (reduces !== undefined) return name === (reduces ? 'grad_reduce' : 'param_gather');
    if (name === 'stage_send') {
      // What a block waits for was sent in its own direction.
      return lane === step.sends && phase === (ahead ? 'forward' : 'backward');
    }
    return phase !== 'step' && (kind === 'hidden' || (phase === 'forward') === ahead);
  });
  return fits.sort((a, b) => b.exposed - a.exposed)[0] ?? collectives.find(({ owner }) => owner === lane);
}

/** The line that causes a thing: of the collective, of the schedule, or of the plan that says which model runs. */
export function sourceOf(model: PlanModel, step: Step, thing: Thing): Source | undefined {
  const part = (kind: string): Source | undefined =>
    model.verdict?.parts.find(entry => entry.kind === kind)?.source;
  const { lane, kind, block } = thing;
  if (lane)
    return collectiveOf(model, step, thing)?.source ?? model.axes.find(({ name }) => name === lane)?.source;
  if (kind === 'optimizer' || kind === 'overhead') return part(kind) ?? model.source;
  if (kind !== 'idle') return model.source;
  const { send, gather, bubble } = block < 0 ? { send: 0, gather: 0, bubble: 1 } : waitOf(step, block);
  const late = send > bubble ? step.sends : gather > bubble ? step.reduces : undefined;
  if (late)
    return sourceOf(model, step, {
      ...thing,
      lane: late,
      kind: 'exposed',
      reduces: gather > send ? false : undefined,
    });
  return part('bubble') ?? model.axes.find(({ role }) => role === 'pp')?.source ?? model.source;
}

/** The same as one sentence, for the line below the picture and for screen readers. */
export const sentence = ({ title, rows }: Tip): string =>
  [title, ...rows.map(parts => parts.filter(Boolean).join(' '))].join(' · ');
