/** The timeline of an estimate: its step, played, stage by stage. */

import type { SlotWaits } from '../../engine/estimate/chunks.ts';
import { type PlayedStep, playedStep } from '../../engine/estimate/estimate.ts';
import type { Estimate } from '../../engine/estimate/result.ts';
import { criticalPath } from '../../engine/schedule/critical.ts';
import { type OpKind, opOf, PAIRED_BACKWARD, PAIRED_FORWARD } from '../../engine/schedule/ops.ts';
import { opTimes } from '../../engine/schedule/play.ts';
import { STAYS, TO_NEXT } from '../../engine/schedule/program.ts';
import type { PanelTimeline } from './timeline-types.ts';

const nano = (seconds: number): number => Math.round(seconds * 1e9);

/** @returns undefined where the pipeline has more stages than can be played */
export function panelTimeline(estimate: Estimate): PanelTimeline | undefined {
  const played = playedStep(estimate);
  if (!played) return undefined;
  const { stages, chunks } = played.step.program;
  const { computed, finished } = played.step.played;
  return {
    stages,
    chunks,
    microbatches: played.step.microbatches,
    allMicrobatches: estimate.microbatches,
    ...blocksOf(played),
    transfers: transfersOf(played),
    computed: Array.from(computed, nano),
    finished: Array.from(finished, nano),
    optimizer: nano(estimate.step.optimizer),
    overhead: nano(estimate.step.overhead),
    inner: innerOf(played),
  };
}

type Blocks = Pick<
  PanelTimeline,
  'first' | 'gap' | 'length' | 'op' | 'send' | 'pairs' | 'waits' | 'critical'
>;

/** Of a pair the first one stands for both: they begin and end together. */
function blocksOf({ step, work }: PlayedStep): Blocks {
  const { program, played } = step;
  const { stages, chunks, kind, microbatch, slot, needs, before, paired } = program;
  const { start, end, arrival } = played;
  const byStage = Array.from({ length: stages }, (): number[] => []);
  for (let i = 0; i < program.length; i++)
    if (kind[i] !== PAIRED_BACKWARD) byStage[program.stage[i]!]!.push(i);
  /** Block of every operation. */
  const place = new Int32Array(program.length);
  const first: number[] = [];
  let count = 0;
  for (const own of byStage) {
    first.push(count);
    for (const i of own) {
      place[i] = count;
      if (kind[i] === PAIRED_FORWARD) place[i + 1] = count;
      count++;
    }
  }
  first.push(count);

  const times = opTimes(program, work.durations);
  const blocks: Blocks = {
    first,
    gap: [],
    length: [],
    op: [],
    send: [],
    pairs: [],
    waits: [],
    critical: [...new Set(criticalPath(played).map(({ index }) => place[index]!))],
  };
  const codeOf = (i: number): number => {
    const chunk = slot[i]! % chunks;
    // Where microbatches enter at both ends, each end counts its own.
    const number = paired ? 2 * microbatch[i]! + chunk : microbatch[i]!;
    return opOf(kind[i] as OpKind, chunk, number, chunks);
  };
  /** The operation whose result came last: the own one, or that of the partner in a pair. */
  const needOf = (i: number): number => {
    const own = needs[i]!;
    const other = kind[i] === PAIRED_FORWARD ? needs[i + 1]! : -1;
    return other >= 0 && (own < 0 || arrival[other]! > arrival[own]!) ? other : own;
  };
  for (const own of byStage) {
    let at = 0;
    for (const i of own) {
      const [from, until] = [nano(start[i]!), nano(end[i]!)];
      blocks.gap.push(from - at);
      blocks.length.push(until - from);
      blocks.op.push(codeOf(i));
      const way = program.sends[i]!;
      const late = way === STAYS ? 0 : nano(arrival[i]! - end[i]!);
      blocks.send.push(way === TO_NEXT ? late : -late || 0);
      if (kind[i] === PAIRED_FORWARD) blocks.pairs.push(codeOf(i + 1));
      const need = needOf(i);
      const left = before[i]! < 0 ? 0 : end[before[i]!]!;
      const sent = need < 0 ? left : Math.min(start[i]!, Math.max(left, end[need]!));
      const arrived = need < 0 ? left : Math.min(start[i]!, Math.max(left, arrival[need]!));
      const inside = work.data ? nano(end[i]! - start[i]! - times[i]!) : 0;
      if (from > at || inside > 0) {
        const source = need < 0 || program.stage[need] === program.stage[i] ? -1 : place[need]!;
        blocks.waits.push(
          place[i]!,
          nano(arrived - sent),
          work.data ? nano(start[i]! - arrived) : 0,
          Math.max(0, inside),
          source,
        );
      }
      at = until;
    }
  }
  return blocks;
}

function transfersOf({ step, work }: PlayedStep): number[] {
  const { data } = work;
  const { gathered, reduced } = step.played;
  const transfers: number[] = [];
  if (!data) return transfers;
  const { chunks } = step.program;
  const add = (slot: number, reduces: 0 | 1, seconds: number, end: number): void => {
    if (seconds <= 0) return;
    const start = nano(Math.max(0, end - seconds));
    transfers.push(Math.floor(slot / chunks), slot % chunks, reduces, start, nano(end) - start);
  };
  for (let slot = 0; slot < step.program.stages * chunks; slot++) {
    add(slot, 0, data.gather[slot]!, gathered?.[slot] ?? 0);
    add(slot, 1, data.reduce[slot]!, reduced?.[slot] ?? 0);
  }
  return transfers;
}

function innerOf({ waits }: PlayedStep): PanelTimeline['inner'] {
  const axes = [...new Set(waits.flatMap(slot => [slot.forward, slot.backward].flatMap(Object.keys)))];
  const paired = waits.some(slot => Object.keys({ ...slot.forwardAlone, ...slot.backwardAlone }).length > 0);
  return axes.map(axis => {
    const of = (part: keyof SlotWaits): number[] => waits.map(slot => nano(slot[part][axis] ?? 0));
    return {
      axis,
      forward: of('forward'),
      backward: of('backward'),
      ...(paired && { forwardAlone: of('forwardAlone'), backwardAlone: of('backwardAlone') }),
    };
  });
}
