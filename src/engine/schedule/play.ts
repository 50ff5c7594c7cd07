/**
 * Plays a program: begin and end of every operation of a step, for given durations. Two kinds of resources per stage, the chip
 * and its communication: one operation at a time computes; sends of each direction follow one another beside it; gathers and
 * reductions of data parallelism flow beside it and wait for nothing but their data.
 *
 * The sequence of a stage is fixed, so that the end of a step is a longest path: it grows with every duration and never
 * shrinks when one of them grows.
 */
import { BACKWARD, INPUT_GRADIENT, isForward, PAIRED_BACKWARD, PAIRED_FORWARD, WEIGHTS } from './ops.ts';
import { FIRST_FORWARD, LAST_GRADIENT, type Program, STAYS } from './program.ts';

/** Seconds of one microbatch on every slot (stage * chunks + chunk). */
export interface Durations {
  forward: ArrayLike<number>;
  inputGradient: ArrayLike<number>;
  weights: ArrayLike<number>;
  /** What a pass takes less as part of a pair (DualPipe): communication of the one hides under the other. */
  pairedForward?: ArrayLike<number>;
  pairedBackward?: ArrayLike<number>;
}

/** Seconds of a send between neighbours, alone and while one of the other direction runs over the same boundary. */
export interface Sends {
  forward: number;
  backward: number;
  forwardBeside?: number;
  backwardBeside?: number;
}

/** Data-parallel traffic of a step, seconds on every slot. */
export interface DataTraffic {
  /** Updated weights before the first forward pass of a chunk, and the piece before which it cannot begin. */
  gather: ArrayLike<number>;
  firstPiece: ArrayLike<number>;
  /** Gradients during and after the last backward pass of a chunk, and the piece that is complete only then. */
  reduce: ArrayLike<number>;
  lastPiece: ArrayLike<number>;
  /** Share of a second of computing in which a second's part of the traffic gets done beside it, 0..1. */
  share: number;
  /** Computing time lost per second of traffic beside it. */
  tax: number;
  /** What every stage has to communicate after its last operation, alone. */
  serial: ArrayLike<number>;
  /** When every stage may begin to gather; 0 for all unless steps follow each other without a common end. */
  from?: ArrayLike<number>;
}

export interface Played {
  program: Program;
  start: Float64Array;
  end: Float64Array;
  /** When the result of an operation that sends has arrived; `end` of all others. */
  arrival: Float64Array;
  /** When every stage has computed everything, and when its gradients are reduced. */
  computed: Float64Array;
  finished: Float64Array;
  /** When the weights of a slot are complete, and its gradients reduced; only with data-parallel traffic. */
  gathered?: Float64Array;
  reduced?: Float64Array;
}

export function play(program: Program, durations: Durations, sends?: Sends, data?: DataTraffic): Played {
  const alone = playWith(program, durations, sends && sendTimes(program, sends), data);
  if (!sends || !beside(sends)) return alone;
  // Which sends meet follows from when they run; a second pass has them as long as the first says.
  return playWith(program, durations, withMeetings(alone, sends), data);
}

const beside = (sends: Sends): boolean =>
  (sends.forwardBeside ?? 0) > sends.forward || (sends.backwardBeside ?? 0) > sends.backward;

function sendTimes({ length, kind, sends }: Program, { forward, backward }: Sends): Float64Array {
  const times = new Float64Array(length);
  for (let i = 0; i < length; i++)
    if (sends[i] !== STAYS) times[i] = isForward(kind[i] as 0) ? forward : backward;
  return times;
}

function withMeetings({ program, end, arrival }: Played, sends: Sends): Float64Array {
  const times = sendTimes(program, sends);
  const lengthened = times.slice();
  const lengthen = (index: number, both: number): void => {
    const forward = isForward(program.kind[index] as 0);
    const alone = times[index]!;
    const most = Math.max(alone, (forward ? sends.forwardBeside : sends.backwardBeside) ?? alone);
    if (alone > 0) lengthened[index] = Math.min(most, lengthened[index]! + both * (most / alone - 1));
  };
  for (let boundary = 0; boundary < program.stages; boundary++) {
    const ahead = program.boundaries[2 * boundary]!;
    const back = program.boundaries[2 * boundary + 1]!;
    let next = 0;
    for (const one of ahead) {
      const from = arrival[one]! - times[one]!;
      while (next < back.length && arrival[back[next]!]! <= from) next++;
      for (let at = next; at < back.length; at++) {
        const other = back[at]!;
        const begin = arrival[other]! - times[other]!;
        if (begin >= arrival[one]!) break;
        const both = Math.min(arrival[one]!, arrival[other]!) - Math.max(from, begin, end[one]!, end[other]!);
        if (both <= 0) continue;
        lengthen(one, both);
        lengthen(other, both);
      }
    }
  }
  return lengthened;
}

function playWith(
  program: Program,
  durations: Durations,
  sendTime: Float64Array | undefined,
  data: DataTraffic | undefined,
): Played {
  const { length, kind, slot, stage, before, needs, sentBefore, sends, paired } = program;
  const start = new Float64Array(length);
  const end = new Float64Array(length);
  const arrival = sendTime ? new Float64Array(length) : end;
  const flow = data && new DataFlow(program, data);
  for (let i = 0; i < length; i++) {
    const need = needs[i]!;
    let begin = before[i]! < 0 ? 0 : end[before[i]!]!;
    // A send goes to another stage; what a stage needs of its own is there at once.
    if (need >= 0) begin = Math.max(begin, stage[need] === stage[i] ? end[need]! : arrival[need]!);
    let time = durationOf(kind[i]!, slot[i]!, durations);
    const pair = paired && kind[i] === PAIRED_FORWARD;
    if (pair) {
      // The partner stands behind it; both begin when both can, and end together.
      const other = needs[i + 1]!;
      if (other >= 0) begin = Math.max(begin, stage[other] === stage[i] ? end[other]! : arrival[other]!);
      time += durationOf(kind[i + 1]!, slot[i + 1]!, durations);
    }
    const edge = program.edge[i]!;
    if (flow) {
      begin = Math.max(begin, flow.begin(stage[i]!, slot[i]!, begin, edge));
      const partner = pair && program.edge[i + 1] === LAST_GRADIENT ? slot[i + 1]! : -1;
      const completes = edge === LAST_GRADIENT ? slot[i]! : partner;
      time = flow.run(stage[i]!, slot[i]!, begin, time, edge, completes);
    }
    start[i] = begin;
    end[i] = begin + time;
    if (pair) {
      start[i + 1] = begin;
      end[i + 1] = begin + time;
    }
    for (let at = i; at <= (pair ? i + 1 : i); at++) {
      if (!sendTime) continue;
      const last = sends[at] === STAYS ? -1 : sentBefore[at]!;
      arrival[at] = Math.max(end[at]!, last < 0 ? 0 : arrival[last]!) + sendTime[at]!;
    }
    if (pair) i++;
  }
  const computed = new Float64Array(program.stages);
  for (let at = 0; at < program.stages; at++) {
    const last = program.last[at]!;
    computed[at] = last < 0 ? 0 : end[last]!;
  }
  if (!flow) return { program, start, end, arrival, computed, finished: computed };
  return { program, start, end, arrival, computed, ...flow.finish(computed) };
}

function durationOf(kind: number, slot: number, durations: Durations): number {
  switch (kind) {
    case INPUT_GRADIENT:
      return durations.inputGradient[slot]!;
    case WEIGHTS:
      return durations.weights[slot]!;
    case BACKWARD:
      return durations.inputGradient[slot]! + durations.weights[slot]!;
    case PAIRED_FORWARD:
      return durations.forward[slot]! - (durations.pairedForward?.[slot] ?? 0);
    case PAIRED_BACKWARD:
      return (
        durations.inputGradient[slot]! + durations.weights[slot]! - (durations.pairedBackward?.[slot] ?? 0)
      );
    default:
      return durations.forward[slot]!;
  }
}

/**
 * Data-parallel traffic of every stage as a flow: alone it runs at its full rate, beside computing at `share` of it. What is
 * exposed of one chunk and one pass is then max(traffic - share * pass, piece).
 *
 * What the traffic takes from the chip (`tax`) delays the stage once, not every microbatch that passes: stages launch the
 * traffic of a chunk together, so that none waits for another's delay on top of its own (Megatron-Core's `align_grad_reduce`,
 * `align_param_gather`, both on by default).
 */
class DataFlow {
  private readonly program: Program;
  private readonly data: DataTraffic;
  /** Until when a stage has computed, and how long in all. */
  private readonly clock: Float64Array;
  private readonly busy: Float64Array;
  /** Seconds of gathers that must be through before a slot's weights are complete, and that are left on a stage. */
  private readonly gathers: Float64Array;
  private readonly left: Float64Array;
  /** Seconds of reductions that could run and did not yet. */
  private readonly queue: Float64Array;
  /** Seconds of traffic that ran beside computing. */
  private readonly beside: Float64Array;
  private readonly gathered: Float64Array;
  private readonly reduced: Float64Array;

  constructor(program: Program, data: DataTraffic) {
    const { stages, chunks } = program;
    this.program = program;
    this.data = data;
    this.clock = data.from ? Float64Array.from(data.from) : new Float64Array(stages);
    this.busy = new Float64Array(stages);
    this.queue = new Float64Array(stages);
    this.left = new Float64Array(stages);
    this.beside = new Float64Array(stages);
    this.gathers = new Float64Array(stages * chunks);
    this.gathered = new Float64Array(stages * chunks);
    this.reduced = new Float64Array(stages * chunks);
    for (let slot = 0; slot < stages * chunks; slot++) {
      this.gathers[slot] = (slot % chunks === 0 ? 0 : this.gathers[slot - 1]!) + data.gather[slot]!;
      this.left[Math.floor(slot / chunks)]! += data.gather[slot]!;
    }
  }

  /** When so many seconds of a stage's gathers are through, if it computes nothing more until then. */
  private through(stage: number, seconds: number): number {
    return (this.data.from?.[stage] ?? 0) + seconds + (1 - this.data.share) * this.busy[stage]!;
  }

  /** @returns when the operation can begin; `ready` when all else that it waits for is there */
  begin(stage: number, slot: number, ready: number, edge: number): number {
    if (edge !== FIRST_FORWARD || this.data.gather[slot] === 0) return ready;
    const first = this.gathers[slot]! - this.data.gather[slot]! + this.data.firstPiece[slot]!;
    return Math.max(ready, this.through(stage, first));
  }

  /** @returns seconds of the operation with what it waits for in its course */
  run(stage: number, slot: number, begin: number, time: number, edge: number, completes: number): number {
    const { share, gather, reduce, lastPiece } = this.data;
    // Idle until it begins: traffic runs alone.
    const idle = begin - this.clock[stage]!;
    this.queue[stage] = Math.max(0, this.queue[stage]! - idle);
    this.left[stage] = Math.max(0, this.left[stage]! - idle);
    this.busy[stage]! += time;
    if (completes >= 0) this.queue[stage]! += reduce[completes]! - lastPiece[completes]!;
    const fetched = Math.min(this.left[stage]!, share * time);
    const done = Math.min(this.queue[stage]!, share * time);
    this.left[stage]! -= fetched;
    this.queue[stage]! -= done;
    this.beside[stage]! += fetched + done;
    let length = time;
    if (edge === FIRST_FORWARD && gather[slot]! > 0) {
      const arrived = this.through(stage, this.gathers[slot]!) - begin;
      const wait = Math.max(0, arrived - time);
      length += wait;
      this.left[stage] = Math.max(0, this.left[stage]! - wait);
      this.gathered[slot] = begin + arrived;
    }
    this.clock[stage] = begin + length;
    if (completes >= 0) {
      this.queue[stage]! += lastPiece[completes]!;
      this.reduced[completes] = this.clock[stage]! + this.queue[stage]!;
    }
    return length;
  }

  finish(computed: Float64Array): Pick<Played, 'finished' | 'gathered' | 'reduced'> {
    const { tax, serial } = this.data;
    const finished = new Float64Array(this.program.stages);
    for (let stage = 0; stage < this.program.stages; stage++)
      finished[stage] = computed[stage]! + tax * this.beside[stage]! + this.queue[stage]! + serial[stage]!;
    return { finished, gathered: this.gathered, reduced: this.reduced };
  }
}
