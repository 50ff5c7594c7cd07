/** What a schedule asks of stages and microbatches, and the nearest numbers that give it. */
import type { Schedule } from '../plan/spec.ts';
import { chunksOf, copiesOf } from './layout.ts';

/** As people write it in a plan. */
export function nameOf(schedule: Schedule): string {
  switch (schedule.kind) {
    case 'interleaved':
    case 'circular':
      return `${schedule.kind}(chunks: ${schedule.chunks})`;
    case 'zero_bubble':
      return `zero_bubble(${schedule.variant})`;
    default:
      return schedule.kind;
  }
}

export interface Violation {
  /** What is wrong with which number: of stages, of microbatches, or of layers for so many chunks. */
  of: 'stages' | 'microbatches' | 'chunks';
  /** In words, without an end. */
  message: string;
  /** Nearest legal numbers, best first. */
  nearest: number[];
}

/** @returns the first reason why a schedule cannot run, undefined where it can */
export function violationOf(
  schedule: Schedule,
  stages: number,
  microbatches: number,
  layers: number,
): Violation | undefined {
  const name = nameOf(schedule);
  if (schedule.kind === 'dualpipe') {
    if (stages % 2 !== 0) {
      const nearest = stages === 1 ? [2] : [stages - 1, stages + 1];
      const message = `${name} needs an even number of stages, as microbatches enter at both ends; the mesh has ${stages}`;
      return { of: 'stages', message, nearest };
    }
    if (Number.isInteger(microbatches) && (microbatches < 2 * stages || microbatches % 2 !== 0)) {
      const up = Math.max(2 * stages, microbatches + (microbatches % 2));
      const nearest = microbatches - 1 >= 2 * stages ? [microbatches - 1, up] : [up];
      const message = `${name} needs an even number of microbatches, at least ${2 * stages} on ${stages} stages; there are ${microbatches}`;
      return { of: 'microbatches', message, nearest };
    }
  }
  const chunks = chunksOf(schedule, stages) / copiesOf(schedule, stages);
  // Embedding and head may fill a chunk of their own.
  if (chunks > 1 && stages * chunks > layers + 2) {
    const most = Math.floor((layers + 2) / chunks);
    const fewer = Math.floor((layers + 2) / stages);
    if (schedule.kind === 'interleaved' || schedule.kind === 'circular') {
      const message = `${stages} stages of ${chunks} chunks are ${stages * chunks} pieces, the model has ${layers} layers`;
      return { of: 'chunks', message, nearest: fewer >= 1 ? [fewer] : [] };
    }
    const message = `${name} needs two chunks of layers on each of ${stages} stages, the model has ${layers} layers`;
    return { of: 'stages', message, nearest: most >= 1 ? [most] : [] };
  }
  return undefined;
}
