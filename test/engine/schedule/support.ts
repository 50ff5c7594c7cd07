/** Pipelines of random shape, and a naive player that knows nothing of programs: the oracle of the timeline. */
import fc from 'fast-check';
import type { Schedule } from '../../../src/engine/plan/spec.ts';
import { ordersOf } from '../../../src/engine/schedule/order.ts';
import { sizeOf } from '../../../src/engine/schedule/program.ts';

export const SCHEDULES: readonly Schedule[] = [
  { kind: 'gpipe' },
  { kind: '1f1b' },
  { kind: 'interleaved', chunks: 2 },
  { kind: 'interleaved', chunks: 3 },
  { kind: 'circular', chunks: 2 },
  { kind: 'zero_bubble', variant: 'h1' },
  { kind: 'zero_bubble', variant: 'h2' },
  { kind: 'zero_bubble', variant: 'v' },
  { kind: 'v_half' },
  { kind: 'v_min' },
  { kind: 'dualpipe' },
];

export const titleOf = (schedule: Schedule): string =>
  'chunks' in schedule
    ? `${schedule.kind}(${schedule.chunks})`
    : 'variant' in schedule
      ? `${schedule.kind}(${schedule.variant})`
      : schedule.kind;

/** Stages and microbatches that a schedule can run with. */
export const shapesOf = (schedule: Schedule): fc.Arbitrary<{ p: number; m: number }> =>
  schedule.kind === 'dualpipe'
    ? fc
        .record({ half: fc.integer({ min: 1, max: 4 }), more: fc.integer({ min: 0, max: 6 }) })
        .map(({ half, more }) => ({ p: 2 * half, m: 4 * half + 2 * more }))
    : fc.record({ p: fc.integer({ min: 2, max: 7 }), m: fc.integer({ min: 1, max: 18 }) });

export interface Op {
  stage: number;
  kind: 'F' | 'B' | 'W' | 'BW';
  chunk: number;
  micro: number;
  /** Begins and ends with the one behind it. */
  paired: boolean;
}

/** The sequence of every stage, read from its codes by the definition in `ops.ts`: kind in the last three bits. */
export function listed(schedule: Schedule, p: number, m: number): Op[][] {
  const size = sizeOf(schedule, p, m);
  return ordersOf(schedule, size).map((order, stage) =>
    order.map(code => {
      const rest = Math.floor(code / 8);
      const kind = (['F', 'B', 'W', 'BW', 'F', 'BW'] as const)[code % 8]!;
      return {
        stage,
        kind,
        chunk: rest % size.chunks,
        micro: Math.floor(rest / size.chunks),
        paired: code % 8 === 4,
      };
    }),
  );
}

/** Way of a microbatch of a chain: places as [stage, chunk]. */
export function wayOf(schedule: Schedule, p: number, chain: number): [number, number][] {
  const up = Array.from({ length: p }, (_, stage) => stage);
  const down = [...up].reverse();
  const along = (stages: number[], chunk: number) => stages.map((stage): [number, number] => [stage, chunk]);
  switch (schedule.kind) {
    case 'interleaved':
    case 'circular':
      return Array.from({ length: schedule.chunks }, (_, chunk) => along(up, chunk)).flat();
    case 'v_half':
    case 'v_min':
      return [...along(up, 0), ...along(down, 1)];
    case 'dualpipe':
      return along(chain === 0 ? up : down, chain);
    case 'zero_bubble':
      return schedule.variant === 'v' ? [...along(up, 0), ...along(down, 1)] : along(up, 0);
    default:
      return along(up, 0);
  }
}

export type Times = (kind: 'F' | 'B' | 'W', stage: number, chunk: number) => number;

/** Repeats until nothing changes any more: begin of an operation is the latest end of what it waits for. @returns ends by name */
export function naive(
  schedule: Schedule,
  p: number,
  m: number,
  times: Times,
  send = 0,
): { ends: Map<string, number>; time: number } {
  const orders = listed(schedule, p, m);
  const ways = [wayOf(schedule, p, 0), wayOf(schedule, p, 1)];
  const before = new Map<string, [number, number] | undefined>();
  const after = new Map<string, [number, number] | undefined>();
  ways.forEach(way => {
    way.forEach(([stage, chunk], at) => {
      before.set(`${stage}.${chunk}`, way[at - 1]);
      after.set(`${stage}.${chunk}`, way[at + 1]);
    });
  });
  const name = (kind: string, stage: number, chunk: number, micro: number) =>
    `${kind === 'BW' ? 'B' : kind}${stage}.${chunk}.${micro}`;
  const ends = new Map<string, number>();
  const needs = ({ kind, stage, chunk, micro }: Op): number => {
    if (kind === 'W') return 0;
    const from = (kind === 'F' ? before : after).get(`${stage}.${chunk}`);
    if (from) {
      const hop = from[0] === stage ? 0 : send;
      return (ends.get(name(kind, from[0], from[1], micro)) ?? 0) + hop;
    }
    return kind === 'F' ? 0 : (ends.get(name('F', stage, chunk, micro)) ?? 0);
  };
  const length = ({ kind, stage, chunk }: Op): number =>
    kind === 'BW' ? times('B', stage, chunk) + times('W', stage, chunk) : times(kind, stage, chunk);
  for (let changed = true, round = 0; changed; round++) {
    if (round > 20 * p * m) throw new Error('no end');
    changed = false;
    for (const order of orders) {
      let clock = 0;
      for (let at = 0; at < order.length; at++) {
        const op = order[at]!;
        const partner = op.paired ? order[at + 1]! : undefined;
        const begin = Math.max(clock, needs(op), partner ? needs(partner) : 0);
        clock = begin + length(op) + (partner ? length(partner) : 0);
        for (const each of partner ? [op, partner] : [op]) {
          const key = name(each.kind, each.stage, each.chunk, each.micro);
          if (ends.get(key) !== clock) changed = true;
          ends.set(key, clock);
        }
        if (partner) at++;
      }
    }
  }
  return { ends, time: Math.max(...ends.values()) };
}
