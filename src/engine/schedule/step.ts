/** One step of a pipeline, played: how long it takes, and how much of that sends and data-parallel traffic add. */
import type { Schedule } from '../plan/spec.ts';
import { copiesOf } from './layout.ts';
import { isMeasured } from './order.ts';
import type { Shares } from './orders/v-shaped.ts';
import {
  type DataTraffic,
  type Durations,
  opTimes,
  type Played,
  run,
  type Sends,
  sendTimes,
} from './play.ts';
import { type Program, programOf, sizeOf } from './program.ts';

/**
 * Operations that are played at most. A pipeline that has filled repeats itself, so that what is beyond is counted at the rate
 * of the last rounds that were played.
 */
export const MOST_PLAYED = 60_000;

export interface StepWork {
  schedule: Schedule;
  stages: number;
  microbatches: number;
  durations: Durations;
  sends?: Sends;
  data?: DataTraffic;
}

/** Seconds until the last stage is done, ever more of what takes time in it. */
export interface StepTimes {
  /** Seconds that every stage computes. */
  busy: Float64Array;
  /** Compute alone; with sends; with gathers of weights; with reductions of gradients, too. */
  compute: number;
  sent: number;
  gathered: number;
  reduced: number;
}

/** A step of which everything was played; `played` has less microbatches where the step has too many. */
export interface Step extends StepTimes {
  program: Program;
  played: Played;
  /** Microbatches in `played`. */
  microbatches: number;
}

/**
 * Whether the next step begins on a stage as soon as this one has ended there. The zero-bubble papers check the gradients'
 * norm afterwards for that (2401.10241, section 4); all other schedules wait for it on all stages.
 */
export const staggered = (schedule: Schedule): boolean =>
  schedule.kind === 'zero_bubble' && schedule.variant !== 'h1';

/** @returns undefined where even the shortest step of the pipeline has too many operations */
export function playStep(work: StepWork, most = MOST_PLAYED): Step | undefined {
  const { schedule, stages, microbatches } = work;
  const { chunks } = sizeOf(schedule, stages, microbatches);
  const round = Math.max(1, stages) * copiesOf(schedule, stages);
  const split = schedule.kind === 'zero_bubble' || isMeasured(schedule) ? 3 : 2;
  const perMicrobatch = (split * stages * chunks) / copiesOf(schedule, stages);
  const fit = Math.floor(most / perMicrobatch);
  if (microbatches <= fit) return { ...timed(work, microbatches), microbatches };
  // Some rounds after the pipeline has filled, and of the same rest as all: a last round may be longer.
  const beyond = Math.ceil((microbatches - fit) / round) * round;
  const long = microbatches - beyond;
  const short = long - round;
  if (short < 3 * stages) return undefined;
  const longer = timed(work, long);
  const shorter = timed(work, short);
  const grown = (to: number, from: number): number => to + ((to - from) * beyond) / round;
  return {
    program: longer.program,
    played: longer.played,
    microbatches: long,
    busy: longer.busy.map((busy, stage) => grown(busy, shorter.busy[stage]!)),
    compute: grown(longer.compute, shorter.compute),
    sent: grown(longer.sent, shorter.sent),
    gathered: grown(longer.gathered, shorter.gathered),
    reduced: grown(longer.reduced, shorter.reduced),
  };
}

function timed(work: StepWork, microbatches: number): Omit<Step, 'microbatches'> {
  const { schedule, stages, durations, sends, data } = work;
  const size = sizeOf(schedule, stages, microbatches);
  const program = programOf(schedule, size, isMeasured(schedule) ? sharesOf(durations) : undefined);
  const apart = staggered(schedule) && stages > 1;
  const times = opTimes(program, durations);
  let played = run(program, times);
  const busy = new Float64Array(stages);
  for (let i = 0; i < program.length; i++) busy[program.stage[i]!]! += times[i]!;
  /** When a stage begins with the step: at once, or where the step before it has left it. */
  const startsOf = (of: Played): Float64Array => {
    const from = new Float64Array(stages);
    if (apart) for (let stage = 0; stage < stages; stage++) from[stage] = of.start[program.first[stage]!]!;
    return from;
  };
  const until = (ends: Float64Array, from: Float64Array): number => {
    let time = 0;
    for (let stage = 0; stage < stages; stage++) time = Math.max(time, ends[stage]! - from[stage]!);
    return time;
  };
  let from = startsOf(played);
  const compute = until(played.finished, from);
  let sent = compute;
  const sendTime = sends && sendTimes(program, times, sends);
  if (sendTime) {
    played = run(program, times, sendTime);
    from = startsOf(played);
    sent = Math.max(compute, until(played.finished, from));
  }
  let gathered = sent;
  let reduced = sent;
  if (data) {
    played = run(program, times, sendTime, apart ? { ...data, from } : data);
    gathered = Math.max(sent, until(played.beforeReductions!, from));
    reduced = Math.max(gathered, until(played.finished, from));
  }
  return { program, played, busy, compute, sent, gathered, reduced };
}

/** Of how many slots the three kinds of operations of a chunk take together. */
const SHARES = 24;

/** On the mean of all stages: one sequence serves them all. */
export function sharesOf({ forward, inputGradient, weights }: Durations): Shares {
  let [first, second, third] = [0, 0, 0];
  for (let slot = 0; slot < forward.length; slot++) {
    first += forward[slot]!;
    second += inputGradient[slot]!;
    third += weights[slot]!;
  }
  const all = first + second + third;
  const share = (part: number): number => Math.max(1, Math.round((SHARES * part) / all));
  return { forward: share(first), inputGradient: share(second), weights: share(third) };
}
