/**
 * A schedule made ready to be played: every operation of every stage in one sequence in which all that it waits for stands
 * before it. It depends on the schedule and on counts alone, so that one program serves any durations, and is kept.
 */
import type { Schedule } from '../plan/spec.ts';
import { chunksOf, copiesOf, formOf, nextSlot } from './layout.ts';
import {
  chunkOf,
  isForward,
  isRelease,
  kindOf,
  microbatchOf,
  type OpKind,
  type Order,
  PAIRED_BACKWARD,
  PAIRED_FORWARD,
  type Size,
  WEIGHTS,
} from './ops.ts';
import { isMeasured, ordersOf } from './order.ts';
import type { Shares } from './orders/v-shaped.ts';

/** Where the result of an operation goes: nowhere beyond its stage, to the stage after it, to the one before it. */
export const STAYS = 0;
export const TO_NEXT = 1;
export const TO_PREVIOUS = 2;

export interface Program extends Size {
  /** Operations. */
  length: number;
  kind: Uint8Array;
  stage: Int32Array;
  /** stage * chunks + chunk. */
  slot: Int32Array;
  microbatch: Int32Array;
  /** Index of the operation before it on its stage, -1 for the first one. */
  before: Int32Array;
  /** Index of the operation whose result it needs, -1 for none; another stage's result arrives after a send. */
  needs: Int32Array;
  /** One of {@link STAYS}, {@link TO_NEXT}, {@link TO_PREVIOUS}. */
  sends: Uint8Array;
  /** The operation of the stage that sent the same way before it, -1 for none. */
  sentBefore: Int32Array;
  /** 1 for the first forward pass of a chunk, 2 for the operation that completes its gradients. */
  edge: Uint8Array;
  /** First and last operation of every stage. */
  first: Int32Array;
  last: Int32Array;
  /**
   * Operations that send over the boundary behind stage r, in their sequence: at 2r those that send ahead, at 2r + 1 those
   * that send back.
   */
  boundaries: number[][];
  /** Chunks of microbatches whose activations every stage holds at its peak. */
  held: Int32Array;
  /** Whether operations come in pairs that begin and end together. */
  paired: boolean;
}

export const FIRST_FORWARD = 1;
export const LAST_GRADIENT = 2;

const KEPT = 12;
const programs = new Map<string, Program>();

export function sizeOf(schedule: Schedule, stages: number, microbatches: number): Size {
  return {
    stages,
    chunks: chunksOf(schedule, stages),
    microbatches: microbatches / copiesOf(schedule, stages),
  };
}

/**
 * @param shares how long the kinds of operations are against each other, where that decides on their sequence
 * @throws Error where the schedule cannot run with so many stages and microbatches: see `legal.ts`
 */
export function programOf(schedule: Schedule, size: Size, shares?: Shares): Program {
  const variant = schedule.kind === 'zero_bubble' ? schedule.variant : '';
  const own = isMeasured(schedule) && size.stages > 1 ? shares : undefined;
  const measured = own ? `/${own.forward}:${own.inputGradient}:${own.weights}` : '';
  const key = `${schedule.kind}${variant}/${size.stages}/${size.chunks}/${size.microbatches}${measured}`;
  let program = programs.get(key);
  if (program) return program;
  program = compile(schedule, size, ordersOf(schedule, size, own));
  if (programs.size >= KEPT) programs.delete(programs.keys().next().value!);
  programs.set(key, program);
  return program;
}

/** @param orders of every stage, which decide */
export function compile(schedule: Schedule, size: Size, orders: Order[]): Program {
  const { stages, microbatches, chunks } = size;
  const form = formOf(schedule);
  const slots = stages * chunks;
  const following = Int32Array.from({ length: slots }, (_, slot) =>
    nextSlot(form, stages, chunks, Math.floor(slot / chunks), slot % chunks),
  );
  const preceding = new Int32Array(slots).fill(-1);
  following.forEach((next, slot) => {
    if (next >= 0) preceding[next] = slot;
  });
  const length = orders.reduce((sum, order) => sum + order.length, 0);
  const program: Program = {
    ...size,
    length,
    kind: new Uint8Array(length),
    stage: new Int32Array(length),
    slot: new Int32Array(length),
    microbatch: new Int32Array(length),
    before: new Int32Array(length),
    needs: new Int32Array(length).fill(-1),
    sends: new Uint8Array(length),
    sentBefore: new Int32Array(length).fill(-1),
    edge: new Uint8Array(length),
    first: new Int32Array(stages).fill(-1),
    last: new Int32Array(stages).fill(-1),
    boundaries: Array.from({ length: 2 * stages }, () => []),
    held: new Int32Array(stages),
    paired: schedule.kind === 'dualpipe' && stages > 1,
  };
  /** Index of the forward pass and of the input gradient of a chunk's microbatch, -1 while it is not done. */
  const forward = new Int32Array(slots * microbatches).fill(-1);
  const backward = new Int32Array(slots * microbatches).fill(-1);
  const left = new Int32Array(slots).fill(microbatches);
  const at = new Int32Array(stages);
  const sent = new Int32Array(3 * stages).fill(-1);
  const held = new Int32Array(stages);
  let index = 0;

  /** @returns index of what the operation waits for; -1 for nothing, -2 while that has not happened */
  const source = (kind: OpKind, slot: number, microbatch: number): number => {
    if (kind === WEIGHTS) return -1;
    if (isForward(kind)) {
      const from = preceding[slot]!;
      return from < 0 ? -1 : done(forward[from * microbatches + microbatch]!);
    }
    const from = following[slot]!;
    return from < 0
      ? done(forward[slot * microbatches + microbatch]!)
      : done(backward[from * microbatches + microbatch]!);
  };
  const done = (from: number): number => (from < 0 ? -2 : from);

  const put = (op: number, stage: number, needs: number): void => {
    const kind = kindOf(op);
    const slot = stage * chunks + chunkOf(op, chunks);
    const microbatch = microbatchOf(op, chunks);
    program.kind[index] = kind;
    program.stage[index] = stage;
    program.slot[index] = slot;
    program.microbatch[index] = microbatch;
    program.before[index] = program.last[stage]!;
    program.needs[index] = needs;
    if (program.first[stage]! < 0) program.first[stage] = index;
    program.last[stage] = index;
    const to = kind === WEIGHTS ? -1 : isForward(kind) ? following[slot]! : preceding[slot]!;
    const receiver = to < 0 ? stage : Math.floor(to / chunks);
    if (receiver !== stage) {
      // Over the seam of a line the last stage sends to the first, which is one step on.
      const ahead =
        receiver === (stage + 1) % stages &&
        (stages > 2 || isForward(kind) === (form === 'line' || slot % chunks === 0));
      const way = ahead ? TO_NEXT : TO_PREVIOUS;
      program.sends[index] = way;
      program.sentBefore[index] = sent[3 * stage + way]!;
      sent[3 * stage + way] = index;
      const boundary = ahead ? stage : (stage + stages - 1) % stages;
      program.boundaries[2 * boundary + (ahead ? 0 : 1)]!.push(index);
    }
    if (isForward(kind)) {
      if (microbatch === 0) program.edge[index] = FIRST_FORWARD;
      forward[slot * microbatches + microbatch] = index;
      held[stage]!++;
      program.held[stage] = Math.max(program.held[stage]!, held[stage]!);
    } else {
      if (kind !== WEIGHTS) backward[slot * microbatches + microbatch] = index;
      if (isRelease(kind)) {
        held[stage]!--;
        left[slot]!--;
        if (left[slot] === 0) program.edge[index] = LAST_GRADIENT;
      }
    }
    index++;
  };

  for (let moved = true; moved; ) {
    moved = false;
    for (let stage = 0; stage < stages; stage++) {
      const order = orders[stage]!;
      while (at[stage]! < order.length) {
        const op = order[at[stage]!]!;
        const kind = kindOf(op);
        const needs = source(kind, stage * chunks + chunkOf(op, chunks), microbatchOf(op, chunks));
        if (needs === -2) break;
        if (kind === PAIRED_FORWARD) {
          const partner = order[at[stage]! + 1]!;
          const slot = stage * chunks + chunkOf(partner, chunks);
          const other = source(PAIRED_BACKWARD, slot, microbatchOf(partner, chunks));
          if (other === -2) break;
          put(op, stage, needs);
          put(partner, stage, other);
          at[stage]! += 2;
        } else {
          put(op, stage, needs);
          at[stage]!++;
        }
        moved = true;
      }
    }
  }
  if (index < length)
    throw new Error(`${schedule.kind} stops on ${stages} stages with ${microbatches} microbatches.`);
  return program;
}

/** Peak of a stage in microbatches of all of its chunks. */
export function heldOf(program: Program, stage: number): number {
  return program.held[stage]! / program.chunks;
}
