/**
 * The pipeline's waiting without playing it: what a search calls many times. Sequences whose published form holds for unlike
 * stages are a formula; the others are played over the few microbatches after which they repeat themselves.
 */
import type { Schedule } from '../plan/spec.ts';
import { copiesOf } from './layout.ts';
import type { Durations } from './play.ts';
import { playStep } from './step.ts';

/** What is played at most where there is no formula: enough for the pipeline to fill and to repeat itself. */
const PLAYED = { usually: 6000, most: 24_000 };

/**
 * Seconds from the first operation to the last one, sends and data-parallel traffic left out. GPipe, 1F1B, interleaved and
 * circular: the slowest stage's work, and of every other stage what the microbatches in front of and behind it pass once;
 * 2104.04473 for even stages. With chunks and fewer microbatches than stages the pipeline also waits for its own end before
 * each further chunk, (v-1)(p-m) slots.
 */
export function pipelineSeconds(
  schedule: Schedule,
  stages: number,
  microbatches: number,
  durations: Durations,
): number {
  switch (stages === 1 ? '1f1b' : schedule.kind) {
    case 'gpipe':
      return (
        passes(stages, microbatches, slot => durations.forward[slot]!) +
        passes(stages, microbatches, slot => durations.inputGradient[slot]! + durations.weights[slot]!)
      );
    case '1f1b':
      return passes(stages, microbatches, slot => both(durations, slot));
    case 'interleaved':
    case 'circular':
      return chunked(stages, microbatches, durations);
    default:
      return played(schedule, stages, microbatches, durations);
  }
}

const both = ({ forward, inputGradient, weights }: Durations, slot: number): number =>
  forward[slot]! + inputGradient[slot]! + weights[slot]!;

function passes(stages: number, microbatches: number, of: (slot: number) => number): number {
  let sum = 0;
  let slowest = 0;
  for (let stage = 0; stage < stages; stage++) {
    const time = of(stage);
    sum += time;
    if (time > slowest) slowest = time;
  }
  return sum + (microbatches - 1) * slowest;
}

function chunked(stages: number, microbatches: number, durations: Durations): number {
  const chunks = durations.forward.length / stages;
  let slowest = 0;
  let at = 0;
  for (let stage = 0; stage < stages; stage++) {
    let time = 0;
    for (let chunk = 0; chunk < chunks; chunk++) time += both(durations, stage * chunks + chunk);
    if (time <= slowest) continue;
    slowest = time;
    at = stage;
  }
  let others = 0;
  // Stages before the slowest one are passed by the first chunk in front of its work, those behind it by the last one.
  for (let stage = 0; stage < stages; stage++)
    if (stage !== at) others += both(durations, stage * chunks + (stage < at ? 0 : chunks - 1));
  const gap = ((chunks - 1) * Math.max(0, stages - microbatches)) / chunks;
  return microbatches * slowest + others + gap * slowest;
}

function played(schedule: Schedule, stages: number, microbatches: number, durations: Durations): number {
  const step = playStep({ schedule, stages, microbatches, durations }, PLAYED);
  if (step) return step.compute;
  // Too many stages to follow: the slowest one's work, and what even stages would wait.
  const chunks = durations.forward.length / stages;
  const copies = copiesOf(schedule, stages);
  const slowest = { forward: 0, inputGradient: 0, weights: 0 };
  for (let stage = 0; stage < stages; stage++) {
    const own = { forward: 0, inputGradient: 0, weights: 0 };
    for (let slot = stage * chunks; slot < (stage + 1) * chunks; slot++)
      for (const kind of ['forward', 'inputGradient', 'weights'] as const)
        own[kind] += durations[kind][slot]! / copies;
    if (sumOf(own) > sumOf(slowest)) Object.assign(slowest, own);
  }
  return microbatches * sumOf(slowest) + Math.max(0, evenWaits(schedule, stages, slowest));
}

interface Passes {
  forward: number;
  inputGradient: number;
  weights: number;
}

const sumOf = ({ forward, inputGradient, weights }: Passes): number => forward + inputGradient + weights;

/** Seconds that even stages wait: 2401.10241 table 1, 2405.15362 section 4.3, the README of deepseek-ai/DualPipe. */
function evenWaits(schedule: Schedule, p: number, passes: Passes): number {
  const { forward: f, inputGradient: b, weights: w } = passes;
  switch (schedule.kind) {
    case 'zero_bubble':
      return (p - 1) * (f + b - (schedule.variant === 'h1' ? 1 : 2) * w);
    case 'v_half':
      return ((p - 1) * sumOf(passes)) / 2;
    case 'v_min':
      return (2 * (p - 1) * sumOf(passes)) / 3;
    case 'dualpipe':
      return (p / 2 - 1) * (f + b + w + (b + w) - 3 * w);
    default:
      return (p - 1) * sumOf(passes);
  }
}
