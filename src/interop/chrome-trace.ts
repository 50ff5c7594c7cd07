/**
 * A step as a trace for `chrome://tracing` and Perfetto: the JSON array format of the Trace Event Format, complete events (`X`)
 * in microseconds. A process is a stage of the pipeline (any of its chips); its threads are the chip's kernels and one per
 * axis that communicates.
 */
import type { PlayedEstimate } from '../engine/estimate/estimate.ts';
import type { CollectiveEstimate, Estimate } from '../engine/estimate/result.ts';

interface TraceEvent {
  name: string;
  ph: 'X' | 'M';
  pid: number;
  tid?: number;
  ts?: number;
  dur?: number;
  cat?: string;
  args: Record<string, unknown>;
}

const MICRO = 1e6;
const COMPUTE = 0;

/** One event a line: readable, and a third of the size of indented JSON. */
export function chromeTrace(estimate: Estimate, played: PlayedEstimate): string {
  const { timeline } = played;
  const events = [...traceEvents(estimate, played)];
  const head = {
    plan: estimate.plan,
    model: estimate.model,
    fabric: estimate.fabric,
    chips: estimate.chips,
    step_time_s: estimate.step.time,
    microbatches: estimate.microbatches,
    microbatches_shown: timeline.microbatches,
  };
  const lines = events.map(event => JSON.stringify(event)).join(',\n');
  return `{"displayTimeUnit": "ms", "otherData": ${JSON.stringify(head)}, "traceEvents": [\n${lines}\n]}\n`;
}

export function* traceEvents(estimate: Estimate, { timeline, waits }: PlayedEstimate): Generator<TraceEvent> {
  const axes = [...new Set(estimate.collectives.map(({ owner }) => owner))];
  const thread = (axis: string): number => 1 + axes.indexOf(axis);
  for (let stage = 0; stage < timeline.stages; stage++) {
    const { layers } = estimate.stages[stage] ?? { layers: 0 };
    const name = `stage ${stage} (${layers} layer${layers === 1 ? '' : 's'})`;
    yield { name: 'process_name', ph: 'M', pid: stage, args: { name } };
    yield { name: 'process_sort_index', ph: 'M', pid: stage, args: { sort_index: stage } };
    for (const [tid, title] of ['compute', ...axes].entries()) {
      yield { name: 'thread_name', ph: 'M', pid: stage, tid, args: { name: title } };
      yield { name: 'thread_sort_index', ph: 'M', pid: stage, tid, args: { sort_index: tid } };
    }
  }
  const named = (test: (each: CollectiveEstimate) => boolean): CollectiveEstimate | undefined =>
    estimate.collectives.find(test);
  const cause = (axis: string): string => {
    const collective = named(({ owner, phase }) => owner === axis && phase !== 'step');
    return collective ? causeOf(collective) : axis;
  };
  for (const op of timeline.ops) {
    const { stage, chunk, microbatch, pass, start, end, critical, sent } = op;
    yield {
      name: `${pass} ${microbatch}`,
      cat: 'compute',
      ph: 'X',
      pid: stage,
      tid: COMPUTE,
      ts: start * MICRO,
      dur: (end - start) * MICRO,
      args: { microbatch, chunk, phase: pass, cause: 'model', critical },
    };
    // Of the collectives inside the layers the step sees their waits; they stand at the end of the pass in whose course they are.
    let until = end;
    const slot = waits[stage * timeline.chunks + chunk];
    const own = pass === 'weight gradient' ? {} : pass === 'forward' ? slot?.forward : slot?.backward;
    for (const [axis, seconds] of Object.entries(own ?? {})) {
      const dur = Math.min(seconds, until - start);
      if (dur <= 0) continue;
      until -= dur;
      yield {
        name: `${axis} waits`,
        cat: axis,
        ph: 'X',
        pid: stage,
        tid: thread(axis),
        ts: until * MICRO,
        dur: dur * MICRO,
        args: { microbatch, chunk, phase: pass, cause: cause(axis) },
      };
    }
    const ahead = pass === 'forward' ? 'forward' : 'backward';
    const send = sent && named(({ name, phase }) => name === 'stage_send' && phase === ahead);
    if (sent && send)
      yield {
        name: `send to stage ${sent.to}`,
        cat: send.owner,
        ph: 'X',
        pid: stage,
        tid: thread(send.owner),
        ts: sent.from * MICRO,
        dur: (sent.until - sent.from) * MICRO,
        args: { microbatch, chunk, phase: pass, cause: causeOf(send) },
      };
  }
  for (const { stage, chunk, kind, start, end } of timeline.transfers) {
    const collective = estimate.collectives.find(
      each => each.name === (kind === 'gather' ? 'param_gather' : 'grad_reduce'),
    );
    const owner = collective?.owner ?? axes[0] ?? 'dp';
    yield {
      name: kind === 'gather' ? 'gather of weights' : 'reduction of gradients',
      cat: owner,
      ph: 'X',
      pid: stage,
      tid: thread(owner),
      ts: start * MICRO,
      dur: (end - start) * MICRO,
      args: { chunk, phase: 'step', cause: collective ? causeOf(collective) : owner },
    };
  }
  if (estimate.step.optimizer <= 0) return;
  const last = Math.max(...timeline.finished);
  for (let stage = 0; stage < timeline.stages; stage++)
    yield {
      name: 'optimizer',
      cat: 'compute',
      ph: 'X',
      pid: stage,
      tid: COMPUTE,
      ts: last * MICRO,
      dur: estimate.step.optimizer * MICRO,
      args: { phase: 'optimizer', cause: 'model' },
    };
}

/** Key of the line that causes a collective, as `estimate` tells it. */
const causeOf = ({ name, causes }: CollectiveEstimate): string => causes[0]?.key ?? name;
