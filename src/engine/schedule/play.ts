/**
 * Plays a program: begin and end of every operation of a step, for given durations. Two kinds of resources per stage, the chip
 * and its communication: one operation at a time computes; sends of each direction follow one another beside it; gathers and
 * reductions of data parallelism flow beside it and wait for nothing but their data.
 *
 * The sequence of a stage is fixed, so that the end of a step is a longest path: it grows with every duration and never
 * shrinks when one of them grows.
 */
import { BACKWARD, FORWARD, INPUT_GRADIENT, isForward, type OpKind, PAIRED_FORWARD, WEIGHTS } from './ops.ts';
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
  /** Time lost on every stage per second of gathers, and of reductions, beside computing: of the chip, and of links that others use. */
  gatherTax: ArrayLike<number>;
  reduceTax: ArrayLike<number>;
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
  /** `finished` without what reductions of gradients add; only with data-parallel traffic. */
  beforeReductions?: Float64Array;
  /** When the weights of a slot are complete, and its gradients reduced; only with data-parallel traffic. */
  gathered?: Float64Array;
  reduced?: Float64Array;
}

export function play(program: Program, durations: Durations, sends?: Sends, data?: DataTraffic): Played {
  const times = opTimes(program, durations);
  return run(program, times, sends && sendTimes(program, times, sends), data);
}

/** Seconds of every operation; of a pair the first one has those of both. */
export function opTimes({ length, kind, slot }: Program, durations: Durations): Float64Array {
  const { forward, inputGradient, weights, pairedForward, pairedBackward } = durations;
  const times = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    const at = slot[i]!;
    switch (kind[i]) {
      case FORWARD:
        times[i] = forward[at]!;
        break;
      case INPUT_GRADIENT:
        times[i] = inputGradient[at]!;
        break;
      case WEIGHTS:
        times[i] = weights[at]!;
        break;
      case BACKWARD:
        times[i] = inputGradient[at]! + weights[at]!;
        break;
      case PAIRED_FORWARD:
        times[i] = forward[at]! - (pairedForward?.[at] ?? 0);
        break;
      default:
        times[i - 1]! += inputGradient[at]! + weights[at]! - (pairedBackward?.[at] ?? 0);
    }
  }
  return times;
}

/** Seconds of every send; 0 of what sends nothing. */
export function sendTimes(program: Program, times: Float64Array, sends: Sends): Float64Array {
  const alone = sendsAlone(program, sends);
  const beside = (sends.forwardBeside ?? 0) > sends.forward || (sends.backwardBeside ?? 0) > sends.backward;
  // Which sends meet follows from when they run; they are then as long as a first pass says.
  return beside ? withMeetings(run(program, times, alone), alone, sends) : alone;
}

function sendsAlone({ length, kind, sends }: Program, { forward, backward }: Sends): Float64Array {
  const times = new Float64Array(length);
  for (let i = 0; i < length; i++)
    if (sends[i] !== STAYS) times[i] = isForward(kind[i] as OpKind) ? forward : backward;
  return times;
}

function withMeetings({ program, end, arrival }: Played, times: Float64Array, sends: Sends): Float64Array {
  const lengthened = times.slice();
  const lengthen = (index: number, both: number): void => {
    const forward = isForward(program.kind[index] as OpKind);
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

/** @param times of every operation; @param sendTime of every send, undefined where sends take no time */
export function run(
  program: Program,
  times: Float64Array,
  sendTime?: Float64Array,
  data?: DataTraffic,
): Played {
  const { length, kind, slot, stage, before, needs, sentBefore, sends, paired } = program;
  const start = new Float64Array(length);
  const end = new Float64Array(length);
  // Without sends a result is everywhere when it is there.
  const arrival = sendTime ? new Float64Array(length) : end;
  const flow = data && new DataFlow(program, data);
  for (let i = 0; i < length; i++) {
    let begin = before[i]! < 0 ? 0 : end[before[i]!]!;
    const need = needs[i]!;
    if (need >= 0 && arrival[need]! > begin) begin = arrival[need]!;
    const pair = paired && kind[i] === PAIRED_FORWARD;
    if (pair) {
      // The partner stands behind it; both begin when both can, and end together.
      const other = needs[i + 1]!;
      if (other >= 0 && arrival[other]! > begin) begin = arrival[other]!;
    }
    let time = times[i]!;
    if (flow) {
      const edge = program.edge[i]!;
      begin = flow.begin(stage[i]!, slot[i]!, begin, edge);
      const partner = pair && program.edge[i + 1] === LAST_GRADIENT ? slot[i + 1]! : -1;
      time = flow.run(stage[i]!, slot[i]!, begin, time, edge, edge === LAST_GRADIENT ? slot[i]! : partner);
    }
    const until = begin + time;
    for (const last = pair ? i + 1 : i; ; i++) {
      start[i] = begin;
      end[i] = until;
      if (sendTime) {
        const queued = sends[i] === STAYS ? -1 : sentBefore[i]!;
        arrival[i] = (queued >= 0 && arrival[queued]! > until ? arrival[queued]! : until) + sendTime[i]!;
      }
      if (i === last) break;
    }
  }
  const computed = new Float64Array(program.stages);
  for (let at = 0; at < program.stages; at++) computed[at] = end[program.last[at]!]!;
  if (!flow) return { program, start, end, arrival, computed, finished: computed };
  return { program, start, end, arrival, computed, ...flow.finish(computed) };
}

/**
 * Data-parallel traffic of every stage as a flow: alone it runs at its full rate, beside computing at `share` of it. What is
 * exposed of one chunk and one pass is then max(traffic - share * pass, piece).
 *
 * What the traffic takes from the chip (`gatherTax`, `reduceTax`) delays the stage once, not every microbatch that passes: stages launch the
 * traffic of a chunk together, so that none waits for another's delay on top of its own (Megatron-Core's `align_grad_reduce`,
 * `align_param_gather`, both on by default).
 */
class DataFlow {
  private readonly data: DataTraffic;
  /** Until when a stage has computed, and how long in all. */
  private readonly clock: Float64Array;
  private readonly busy: Float64Array;
  /** Seconds of gathers that must be through before a slot's weights are complete, and that are left on a stage. */
  private readonly gathers: Float64Array;
  private readonly left: Float64Array;
  /** Seconds of reductions that could run and did not yet. */
  private readonly queue: Float64Array;
  /** Seconds of gathers and of reductions that ran beside computing. */
  private readonly fetchedBeside: Float64Array;
  private readonly reducedBeside: Float64Array;
  private readonly gathered: Float64Array;
  private readonly reduced: Float64Array;

  constructor(program: Program, data: DataTraffic) {
    const { stages, chunks } = program;
    this.data = data;
    this.clock = data.from ? Float64Array.from(data.from) : new Float64Array(stages);
    this.busy = new Float64Array(stages);
    this.queue = new Float64Array(stages);
    this.left = new Float64Array(stages);
    this.fetchedBeside = new Float64Array(stages);
    this.reducedBeside = new Float64Array(stages);
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
    this.fetchedBeside[stage]! += fetched;
    this.reducedBeside[stage]! += done;
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

  finish(computed: Float64Array): Pick<Played, 'finished' | 'beforeReductions' | 'gathered' | 'reduced'> {
    const { gatherTax, reduceTax, serial } = this.data;
    const beforeReductions = new Float64Array(computed.length);
    const finished = new Float64Array(computed.length);
    for (let stage = 0; stage < computed.length; stage++) {
      beforeReductions[stage] = computed[stage]! + gatherTax[stage]! * this.fetchedBeside[stage]!;
      finished[stage] =
        beforeReductions[stage]! +
        reduceTax[stage]! * this.reducedBeside[stage]! +
        this.queue[stage]! +
        serial[stage]!;
    }
    return { finished, beforeReductions, gathered: this.gathered, reduced: this.reduced };
  }
}
