/** A played step for people: every operation by name, for traces and tables. */
import { criticalPath } from './critical.ts';
import { isForward, PAIRED_BACKWARD, PAIRED_FORWARD, WEIGHTS } from './ops.ts';
import { STAYS } from './program.ts';
import { MOST_PLAYED, playStep, type StepWork } from './step.ts';

export type Pass = 'forward' | 'backward' | 'input gradient' | 'weight gradient';

/** One pass of one microbatch through one chunk; seconds from the beginning of the step. */
export interface TimelineOp {
  stage: number;
  chunk: number;
  /** Counted over both directions where microbatches enter at both ends. */
  microbatch: number;
  pass: Pass;
  start: number;
  end: number;
  critical: boolean;
  /** When its result has arrived at the next stage; undefined where nothing is sent. */
  sent?: { from: number; until: number; to: number };
}

/** Data-parallel traffic of a stage: gathers of weights before, reductions of gradients after the passes of a chunk. */
export interface TimelineTransfer {
  stage: number;
  chunk: number;
  kind: 'gather' | 'reduction';
  start: number;
  end: number;
}

export interface Timeline {
  stages: number;
  chunks: number;
  /** That are in it: the first ones where the step has more than are played. */
  microbatches: number;
  ops: TimelineOp[];
  transfers: TimelineTransfer[];
  /** When every stage has computed everything, and when its gradients are reduced, too. */
  computed: number[];
  finished: number[];
  /** Seconds that every stage computes, and in which it does not, until the last one has finished. */
  busy: number[];
  idle: number[];
}

/** @returns undefined where the pipeline has more stages than can be played */
export function timelineOf(work: StepWork, most = MOST_PLAYED): Timeline | undefined {
  const step = playStep(work, most);
  if (!step) return undefined;
  const { program, played } = step;
  const { stages, chunks } = program;
  const critical = new Set(criticalPath(played).map(({ index }) => index));
  const bothEnds = program.paired;
  const ops: TimelineOp[] = [];
  const busy = new Array<number>(stages).fill(0);
  for (let i = 0; i < program.length; i++) {
    const kind = program.kind[i]!;
    const stage = program.stage[i]!;
    const chunk = program.slot[i]! % chunks;
    const [start, end] = [played.start[i]!, played.end[i]!];
    if (kind !== PAIRED_BACKWARD) busy[stage]! += end - start;
    const way = program.sends[i]!;
    ops.push({
      stage,
      chunk,
      microbatch: bothEnds ? 2 * program.microbatch[i]! + chunk : program.microbatch[i]!,
      pass: isForward(kind as 0)
        ? 'forward'
        : kind === WEIGHTS
          ? 'weight gradient'
          : kind === 1
            ? 'input gradient'
            : 'backward',
      start,
      end,
      critical: critical.has(i) || (kind === PAIRED_FORWARD && critical.has(i + 1)),
      ...(way !== STAYS && {
        sent: {
          from: end,
          until: played.arrival[i]!,
          to: (stage + (way === 1 ? 1 : stages - 1)) % stages,
        },
      }),
    });
  }
  const finished = Array.from(played.finished);
  const last = Math.max(...finished);
  return {
    stages,
    chunks,
    microbatches: step.microbatches,
    ops,
    transfers: work.data ? transfersOf(work, step.played, stages, chunks) : [],
    computed: Array.from(played.computed),
    finished,
    busy,
    idle: busy.map(seconds => last - seconds),
  };
}

function transfersOf(
  { data }: StepWork,
  { gathered, reduced }: { gathered?: Float64Array; reduced?: Float64Array },
  stages: number,
  chunks: number,
): TimelineTransfer[] {
  const transfers: TimelineTransfer[] = [];
  const add = (slot: number, kind: TimelineTransfer['kind'], seconds: number, end: number): void => {
    if (seconds > 0)
      transfers.push({
        stage: Math.floor(slot / chunks),
        chunk: slot % chunks,
        kind,
        start: Math.max(0, end - seconds),
        end,
      });
  };
  for (let slot = 0; slot < stages * chunks; slot++) {
    add(slot, 'gather', data!.gather[slot]!, gathered?.[slot] ?? 0);
    add(slot, 'reduction', data!.reduce[slot]!, reduced?.[slot] ?? 0);
  }
  return transfers;
}
