/**
 * V-half and V-min (2405.15362): a building block of two chunks that run through the stages and back, repeated every six slots,
 * holds half or a third of 1F1B's activations. The repeated block says which operation comes before which and how much may be
 * held; what can start earlier than the block has it, does.
 */
import { FORWARD, INPUT_GRADIENT, type Order, opOf, type Size, WEIGHTS } from '../ops.ts';

/** Slots of one microbatch on one stage: two forward passes, two input gradients, two weight gradients. */
const PERIOD = 6;

/** How long the three kinds of operations are against each other, in whole slots. */
export interface Shares {
  forward: number;
  inputGradient: number;
  weights: number;
}

const EVEN: Shares = { forward: 1, inputGradient: 1, weights: 1 };

/** Slots of a block on a stage: forward of chunks 0 and 1, input gradient of chunks 1 and 0. */
type Block = (stage: number) => readonly [number, number, number, number];

/** The paper's offsets; the further slots keep two operations of different microbatches from meeting in one. */
const BLOCKS = {
  v_min: (p: number): Block => {
    const apart = p % 3 === 0 ? 2 : 0;
    return r => [r, 2 * p - 1 - r, 2 * p + apart + r, 4 * p + apart - 1 - r];
  },
  v_half: (p: number): Block => {
    const apart = p % 2 === 0 ? 3 : 0;
    return r => [2 * r, 3 * p - 2 - r, 3 * p + apart + 2 * r - 1, 6 * p + apart - 2 - r];
  },
};

/** Of the four operations of a block: kind and chunk, and the one on the same stage that comes before it. */
const PARTS = [
  { kind: FORWARD, chunk: 0 },
  { kind: FORWARD, chunk: 1 },
  { kind: INPUT_GRADIENT, chunk: 1 },
  { kind: INPUT_GRADIENT, chunk: 0 },
] as const;

/**
 * @param shares for which the sequence is made, as an implementation does from a profile: made for equal ones it leaves gaps
 * in every block. With V-min some of them stay, as its chunks wait for each other.
 */
export function vShaped(kind: 'v_min' | 'v_half', size: Size, shares: Shares = EVEN): Order[] {
  const { stages: p, microbatches: m } = size;
  const block = BLOCKS[kind](p);
  const slots = Array.from({ length: p }, (_, stage) => block(stage));
  const most = chunksHeld(kind, p);
  const orders = slots.map((): Order => []);
  /** Microbatches of each part that a stage has done, and weight gradients that wait. */
  const done = slots.map(() => [0, 0, 0, 0]);
  const waiting: number[][] = slots.map(() => []);
  const held = slots.map(() => 0);
  /** Slot after which the result of a part is there, by part, stage and microbatch. */
  const ready = PARTS.map(() => slots.map(() => new Int32Array(m)));

  /** Whether the input of a stage's next microbatch of a part is there at the beginning of the slot. */
  const arrived = (part: number, stage: number, slot: number): boolean => {
    const micro = done[stage]![part]!;
    const from = part % 2 === 0 ? stage - 1 : stage + 1;
    const outside = from < 0 || from >= p;
    if (outside && part === 0) return true;
    const by = outside ? ready[part - 1]![stage]! : ready[part]![from]!;
    if (by[micro] === 0 || by[micro]! > slot) return false;
    return part === 0 || ready[part - 1]![stage]![micro] !== 0;
  };
  /** A forward pass goes ahead of others only if these still find room: else nothing could move any more. */
  const fits = (part: number, stage: number): boolean => {
    const own = slots[stage]![part]! + PERIOD * done[stage]![part]!;
    const other = 1 - part;
    const first = slots[stage]![other]! + PERIOD * done[stage]![other]!;
    const earlier = Math.min(m - done[stage]![other]!, Math.max(0, Math.ceil((own - first) / PERIOD)));
    return held[stage]! + earlier + 1 <= most;
  };
  const free = new Int32Array(p);
  let left = p * m * PERIOD;
  for (let slot = 0; left > 0; slot++) {
    for (let stage = 0; stage < p; stage++) {
      if (free[stage]! > slot) continue;
      let chosen = -1;
      let soonest = Number.POSITIVE_INFINITY;
      for (let part = 0; part < 4; part++) {
        const micro = done[stage]![part]!;
        if (micro === m || !arrived(part, stage, slot)) continue;
        const planned = slots[stage]![part]! + PERIOD * micro;
        if (planned >= soonest || (part < 2 && !fits(part, stage))) continue;
        chosen = part;
        soonest = planned;
      }
      if (chosen >= 0) {
        const { kind: does, chunk } = PARTS[chosen]!;
        const micro = done[stage]![chosen]!++;
        free[stage] = slot + (does === FORWARD ? shares.forward : shares.inputGradient);
        ready[chosen]![stage]![micro] = free[stage]!;
        orders[stage]!.push(opOf(does, chunk, micro, 2));
        if (does === FORWARD) held[stage]!++;
        else waiting[stage]!.push(opOf(WEIGHTS, chunk, micro, 2));
        left--;
      } else if (waiting[stage]!.length > 0) {
        free[stage] = slot + shares.weights;
        orders[stage]!.push(waiting[stage]!.shift()!);
        held[stage]!--;
        left--;
      }
    }
  }
  return orders;
}

/** Stages up to which a block is counted slot by slot; six stages more hold six or four chunks more. */
const COUNTED = 48;
const PER_SIX = { v_half: 6, v_min: 4 };

/** Chunks whose activations a stage holds at most: the block's, repeated for ever, on its worst stage. */
export function chunksHeld(kind: 'v_min' | 'v_half', stages: number): number {
  const sixes = Math.max(0, Math.ceil((stages - COUNTED) / 6));
  const key = `${kind}/${stages - 6 * sixes}`;
  let most = counted.get(key);
  if (most === undefined) {
    most = count(kind, stages - 6 * sixes);
    counted.set(key, most);
  }
  return most + sixes * PER_SIX[kind];
}

const counted = new Map<string, number>();

function count(kind: 'v_min' | 'v_half', stages: number): number {
  const block = BLOCKS[kind](stages);
  let most = 0;
  for (let stage = 0; stage < stages; stage++) most = Math.max(most, peak(block(stage)));
  return most;
}

/** Chunks held at most when blocks follow each other for ever and weight gradients take the first free slot. */
function peak(block: readonly [number, number, number, number]): number {
  const end = block[3] + PERIOD;
  const repeats = Math.ceil(end / PERIOD) + 2;
  const events = new Map<number, number>();
  for (let micro = 0; micro < repeats; micro++)
    for (const [part, slot] of block.entries()) events.set(slot + PERIOD * micro, part);
  let held = 0;
  let waiting = 0;
  let most = 0;
  for (let slot = 0; slot < PERIOD * repeats; slot++) {
    const part = events.get(slot);
    if (part === undefined) {
      if (waiting > 0) {
        waiting--;
        held--;
      }
    } else if (part < 2) held++;
    else waiting++;
    most = Math.max(most, held);
  }
  return most;
}
