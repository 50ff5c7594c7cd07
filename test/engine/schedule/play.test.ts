/** The timeline against a naive player, and laws that hold for any durations. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Schedule } from '../../../src/engine/plan/spec.ts';
import { pipelineSeconds } from '../../../src/engine/schedule/closed.ts';
import { criticalPath } from '../../../src/engine/schedule/critical.ts';
import { type DataTraffic, type Durations, type Played, play } from '../../../src/engine/schedule/play.ts';
import { type Program, programOf, sizeOf } from '../../../src/engine/schedule/program.ts';
import { playStep } from '../../../src/engine/schedule/step.ts';
import { naive, SCHEDULES, shapesOf, titleOf } from './support.ts';

interface Case {
  p: number;
  m: number;
  durations: Durations;
  send: number;
}

/** Unlike stages and chunks, some of them empty. */
const casesOf = (schedule: Schedule): fc.Arbitrary<Case> =>
  shapesOf(schedule).chain(({ p, m }) => {
    const slots = p * sizeOf(schedule, p, m).chunks;
    const times = fc.array(fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constant(0)), {
      minLength: slots,
      maxLength: slots,
    });
    return fc.record({
      p: fc.constant(p),
      m: fc.constant(m),
      durations: fc.record({ forward: times, inputGradient: times, weights: times }),
      send: fc.integer({ min: 0, max: 8 }),
    });
  });

const built = (schedule: Schedule, { p, m }: Case): Program => programOf(schedule, sizeOf(schedule, p, m));
const last = (played: Played): number => Math.max(...played.finished);
const sends = (time: number) => ({ forward: time, backward: time });

describe.each(SCHEDULES.map(schedule => [titleOf(schedule), schedule] as const))('%s', (_, schedule) => {
  const check = (law: (each: Case, program: Program) => void, numRuns = 40): void =>
    fc.assert(
      fc.property(casesOf(schedule), each => law(each, built(schedule, each))),
      { numRuns },
    );

  test('ends when a naive player ends', () => {
    check((each, program) => {
      const { durations, p, m } = each;
      const { chunks } = program;
      const times = (kind: 'F' | 'B' | 'W', stage: number, chunk: number): number =>
        ({ F: durations.forward, B: durations.inputGradient, W: durations.weights })[kind][
          stage * chunks + chunk
        ]!;
      const found = naive(schedule, p, m, times);
      const played = play(program, durations);
      expect(last(played)).toBeCloseTo(found.time, 6);
      for (let i = 0; i < program.length; i++) {
        const slot = program.slot[i]!;
        const kind = ['F', 'B', 'W', 'B', 'F', 'B'][program.kind[i]!]!;
        const key = `${kind}${program.stage[i]}.${slot % chunks}.${program.microbatch[i]}`;
        expect(played.end[i]).toBeCloseTo(found.ends.get(key)!, 6);
      }
    }, 20);
  });

  test('one operation at a time on a chip, sends of a direction one after the other, nothing before its data', () => {
    check(({ durations, send }, program) => {
      const { start, end, arrival } = play(program, durations, sends(send));
      for (let i = 0; i < program.length; i++) {
        expect(end[i]).toBeGreaterThanOrEqual(start[i]!);
        const before = program.before[i]!;
        // The two of a pair run together.
        if (before >= 0 && !(program.kind[before] === 4 && program.kind[i] === 5))
          expect(start[i]).toBeGreaterThanOrEqual(end[before]! - 1e-9);
        const needs = program.needs[i]!;
        if (needs >= 0) {
          const there = program.stage[needs] === program.stage[i] ? end[needs]! : arrival[needs]!;
          expect(start[i]).toBeGreaterThanOrEqual(there - 1e-9);
        }
        if (program.sends[i] === 0) continue;
        expect(arrival[i]).toBeGreaterThanOrEqual(end[i]! + send - 1e-9);
        const sent = program.sentBefore[i]!;
        if (sent >= 0) expect(arrival[i]).toBeGreaterThanOrEqual(arrival[sent]! + send - 1e-9);
      }
    });
  });

  test('takes at least as long as its busiest stage, and no longer without sends or traffic', () => {
    check(({ durations, p, m, send }) => {
      const step = playStep({ schedule, stages: p, microbatches: m, durations, sends: sends(send) })!;
      expect(step.compute).toBeGreaterThanOrEqual(Math.max(...step.busy) - 1e-9);
      expect(step.sent).toBeGreaterThanOrEqual(step.compute);
    });
  });

  test('grows with every duration and with the sends', () => {
    fc.assert(
      fc.property(
        casesOf(schedule),
        fc.constantFrom('forward', 'inputGradient', 'weights'),
        fc.nat(),
        fc.integer({ min: 1, max: 20 }),
        (each, kind, at, more) => {
          const program = built(schedule, each);
          const own = Array.from(each.durations[kind] as number[]);
          own[at % own.length]! += more;
          const before = last(play(program, each.durations, sends(each.send)));
          const longer = { ...each.durations, [kind]: own };
          expect(last(play(program, longer, sends(each.send)))).toBeGreaterThanOrEqual(before - 1e-9);
          expect(last(play(program, each.durations, sends(each.send + more)))).toBeGreaterThanOrEqual(
            before - 1e-9,
          );
        },
      ),
      { numRuns: 40 },
    );
  });

  test('its critical path goes without a gap from the first operation to the end', () => {
    check(({ durations, send }, program) => {
      const played = play(program, durations, sends(send));
      const path = criticalPath(played);
      const sum = path.reduce(
        (seconds, { wait, index }) => seconds + wait + played.end[index]! - played.start[index]!,
        0,
      );
      expect(sum).toBeCloseTo(last(played), 6);
    });
  });

  test('the formula of a search says the same, 8 % at most off where stages differ by a third', () => {
    const alike = casesOf(schedule).map(each => {
      // Between 24 and 32 instead of 0 to 40.
      const near = (times: ArrayLike<number>) => Array.from(times, time => 24 + time / 5);
      const { forward, inputGradient, weights } = each.durations;
      return {
        ...each,
        durations: { forward: near(forward), inputGradient: near(inputGradient), weights: near(weights) },
      };
    });
    fc.assert(
      fc.property(alike, ({ durations, p, m }) => {
        const step = playStep({ schedule, stages: p, microbatches: m, durations })!;
        const closed = pipelineSeconds(schedule, p, m, durations);
        expect(Math.abs(closed / step.compute - 1)).toBeLessThanOrEqual(0.08);
      }),
      { numRuns: 60 },
    );
  });
});

describe('a stage that is slowed by a tenth', () => {
  test('lengthens the step where the critical path goes through it, and changes nothing where there is room', () => {
    // The second of four stages is slow enough that all others wait for it.
    const stage = (time: number) => [0.5 * time, time, 0.5 * time, 0.5 * time];
    const time = (factors: number[]) => {
      const scaled = (times: number[]) => times.map((each, at) => each * factors[at]!);
      const durations = {
        forward: scaled(stage(1)),
        inputGradient: scaled(stage(1)),
        weights: scaled(stage(1)),
      };
      return playStep({
        schedule: { kind: 'interleaved', chunks: 1 },
        stages: 4,
        microbatches: 12,
        durations,
      })!.compute;
    };
    expect(time([1, 1.1, 1, 1])).toBeGreaterThan(time([1, 1, 1, 1]));
  });

  test('holds for single operations of any pipeline', () => {
    for (const schedule of SCHEDULES)
      fc.assert(
        fc.property(casesOf(schedule), fc.nat(), (each, pick) => {
          const program = built(schedule, each);
          const played = play(program, each.durations, sends(each.send));
          const on = new Set(criticalPath(played).map(({ index }) => index));
          const end = last(played);
          // Slack: how much later an operation could end without anything after it ending later than the step does.
          const late = latest(played, each.send, end);
          const i = pick % program.length;
          const slack = late[i]! - played.end[i]!;
          if (on.has(i)) expect(slack).toBeCloseTo(0, 6);
          else expect(slack).toBeGreaterThanOrEqual(-1e-9);
        }),
        { numRuns: 15 },
      );
  });
});

/** Latest end of every operation that leaves the end of the step where it is: backwards through all that waits for it. */
function latest({ program, start, end }: Played, send: number, last: number): Float64Array {
  const late = new Float64Array(program.length).fill(last);
  const lateArrival = new Float64Array(program.length).fill(Number.POSITIVE_INFINITY);
  for (let i = program.length - 1; i >= 0; i--) {
    // What it sends must be there for whoever needs it, and for the next send of its direction.
    const sent = program.sentBefore[i]!;
    if (sent >= 0) lateArrival[sent] = Math.min(lateArrival[sent]!, lateArrival[i]! - send);
    if (program.sends[i] !== 0) late[i] = Math.min(late[i]!, lateArrival[i]! - send);
    if (program.kind[i] === 5) {
      // Both of a pair begin and end together.
      const both = Math.min(
        late[i]!,
        late[i - 1]!,
        program.sends[i - 1] !== 0 ? lateArrival[i - 1]! - send : last,
      );
      late[i] = both;
      late[i - 1] = both;
    }
    const begin = late[i]! - (end[i]! - start[i]!);
    const before = program.before[i]!;
    if (before >= 0 && !(program.kind[before] === 4 && program.kind[i] === 5))
      late[before] = Math.min(late[before]!, begin);
    const needs = program.needs[i]!;
    if (needs >= 0) {
      if (program.stage[needs] === program.stage[i]) late[needs] = Math.min(late[needs]!, begin);
      else lateArrival[needs] = Math.min(lateArrival[needs]!, begin);
    }
  }
  return late;
}

describe('the formula of a search', () => {
  test('is the timeline to the last digit on even stages', () => {
    for (const schedule of SCHEDULES.filter(({ kind }) =>
      ['gpipe', '1f1b', 'interleaved', 'circular'].includes(kind),
    ))
      fc.assert(
        fc.property(shapesOf(schedule), fc.double({ min: 0.1, max: 3, noNaN: true }), ({ p, m }, back) => {
          const slots = p * sizeOf(schedule, p, m).chunks;
          const all = (time: number) => new Array<number>(slots).fill(time);
          const durations = { forward: all(1), inputGradient: all(back), weights: all(0.7) };
          const { compute } = playStep({ schedule, stages: p, microbatches: m, durations })!;
          expect(pipelineSeconds(schedule, p, m, durations) / compute).toBeCloseTo(1, 9);
        }),
        { numRuns: 60 },
      );
  });

  test('and of GPipe and 1F1B also with a slow last stage, which has the head', () => {
    for (const kind of ['gpipe', '1f1b'] as const)
      for (const [p, m] of [
        [4, 4],
        [4, 16],
        [8, 64],
      ] as const) {
        const stage = (time: number, head: number) => [...new Array<number>(p - 1).fill(time), time + head];
        const durations = { forward: stage(1, 0.2), inputGradient: stage(1, 0.2), weights: stage(1, 0.2) };
        const { compute } = playStep({ schedule: { kind }, stages: p, microbatches: m, durations })!;
        expect(pipelineSeconds({ kind }, p, m, durations)).toBeCloseTo(compute, 9);
      }
  });
});

describe('sends', () => {
  const hops = (schedule: Schedule, p: number, m: number): number => {
    const { chunks } = sizeOf(schedule, p, m);
    const all = (time: number) => new Array<number>(p * chunks).fill(time / chunks);
    const durations = { forward: all(1), inputGradient: all(1), weights: all(1) };
    const step = playStep({ schedule, stages: p, microbatches: m, durations, sends: sends(1e-4) })!;
    return (step.sent - step.compute) / 1e-4;
  };

  test('show 2(p-1) times with GPipe, 2(pv-1) times interleaved, on every round trip with 1F1B', () => {
    for (const [p, m] of [
      [4, 8],
      [4, 16],
      [8, 32],
    ] as const) {
      expect(hops({ kind: 'gpipe' }, p, m)).toBeCloseTo(2 * (p - 1), 3);
      for (const v of [2, 3])
        expect(hops({ kind: 'interleaved', chunks: v }, p, m)).toBeCloseTo(2 * (p * v - 1), 3);
      expect(hops({ kind: '1f1b' }, p, m)).toBeCloseTo(2 * (p - 1) - 2 + (2 * (p - 1) * m) / p, 3);
    }
  });

  test('that meet others take longer, up to what both directions take', () => {
    const time = (schedule: Schedule, work: object) => {
      const all = new Array<number>(4 * sizeOf(schedule, 4, 12).chunks).fill(1);
      const durations = { forward: all.map(each => 2 * each), inputGradient: all, weights: all };
      return playStep({ schedule, stages: 4, microbatches: 12, durations, ...work })!.sent;
    };
    const meeting = { sends: { ...sends(0.6), forwardBeside: 1.2, backwardBeside: 1.2 } };
    const both: Schedule = { kind: 'dualpipe' };
    expect(time(both, meeting)).toBeGreaterThan(time(both, { sends: sends(0.6) }));
    expect(time(both, meeting)).toBeLessThanOrEqual(time(both, { sends: sends(1.2) }) + 1e-9);
    // With 1F1B a stage waits for the answer to what it sent: nothing meets.
    const plain: Schedule = { kind: '1f1b' };
    expect(time(plain, meeting)).toBeCloseTo(time(plain, { sends: sends(0.6) }), 9);
  });
});

describe('data-parallel traffic', () => {
  const traffic = (
    p: number,
    fields: Partial<Record<keyof DataTraffic | 'tax', number>> = {},
  ): DataTraffic => {
    const all = (time = 0) => new Array<number>(p).fill(time);
    return {
      gather: all(fields.gather),
      firstPiece: all(fields.firstPiece),
      reduce: all(fields.reduce),
      lastPiece: all(fields.lastPiece),
      serial: all(fields.serial),
      share: fields.share ?? 1,
      gatherTax: all(fields.tax),
      reduceTax: all(fields.tax),
    };
  };
  const single = (data: DataTraffic): number =>
    playStep({
      schedule: { kind: '1f1b' },
      stages: 1,
      microbatches: 3,
      durations: { forward: [10], inputGradient: [10], weights: [10] },
      data,
    })!.reduced - 90;

  test('hides under the first and the last pass of a single stage, but for its pieces', () => {
    expect(single(traffic(1, { gather: 8, firstPiece: 2 }))).toBeCloseTo(2, 9);
    expect(single(traffic(1, { gather: 25, firstPiece: 2 }))).toBeCloseTo(15, 9);
    expect(single(traffic(1, { reduce: 12, lastPiece: 1 }))).toBeCloseTo(1, 9);
    expect(single(traffic(1, { reduce: 50, lastPiece: 1 }))).toBeCloseTo(30, 9);
    expect(single(traffic(1, { reduce: 50, lastPiece: 1, share: 0.5 }))).toBeCloseTo(40, 9);
    // The hidden part is taxed.
    expect(single(traffic(1, { reduce: 12, lastPiece: 2, tax: 0.1 }))).toBeCloseTo(2 + 1, 9);
    expect(single(traffic(1, { serial: 7 }))).toBeCloseTo(7, 9);
  });

  test('of stages that begin late is gathered until then, and of those that end early reduced meanwhile', () => {
    const all = new Array<number>(4).fill(10);
    const step = playStep({
      schedule: { kind: '1f1b' },
      stages: 4,
      microbatches: 8,
      durations: { forward: all, inputGradient: all, weights: all },
      data: traffic(4, { gather: 10, firstPiece: 1, reduce: 15, lastPiece: 1 }),
    })!;
    // The first stage waits for its first piece at both ends; its neighbours have the time it takes.
    expect(step.gathered - step.sent).toBeCloseTo(1, 9);
    expect(step.reduced - step.gathered).toBeCloseTo(1, 9);
  });

  test('never shortens a step, and never takes more than all of it', () => {
    const times = fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(times, times, fc.double({ min: 0, max: 1, noNaN: true }), (gather, reduce, share) => {
        const all = new Array<number>(4).fill(10);
        const step = playStep({
          schedule: { kind: '1f1b' },
          stages: 4,
          microbatches: 6,
          durations: { forward: all, inputGradient: all, weights: all },
          data: {
            ...traffic(4, { tax: 0.05 }),
            gather,
            reduce,
            firstPiece: gather.map(time => time / 4),
            lastPiece: reduce.map(time => time / 4),
            share,
          },
        })!;
        expect(step.gathered).toBeGreaterThanOrEqual(step.sent);
        expect(step.reduced).toBeGreaterThanOrEqual(step.gathered);
        const most = gather.reduce((a, b) => a + b, 0) + reduce.reduce((a, b) => a + b, 0);
        expect(step.reduced - step.sent).toBeLessThanOrEqual(1.05 * most + 1e-9);
      }),
    );
  });
});

describe('steps of more microbatches than are played', () => {
  test.each(SCHEDULES.filter(({ kind }) => kind !== 'v_min').map(each => [titleOf(each), each] as const))(
    '%s: go on at the rate of the last rounds',
    (_, schedule) => {
      const slots = 4 * sizeOf(schedule, 4, 8).chunks;
      const all = (time: number) => new Array<number>(slots).fill(time);
      const work = {
        schedule,
        stages: 4,
        durations: { forward: all(1), inputGradient: all(1), weights: all(1) },
        sends: sends(0.1),
      };
      for (const m of [400, 402]) {
        const whole = playStep({ ...work, microbatches: m }, 1e6)!;
        const part = playStep({ ...work, microbatches: m }, 1500)!;
        expect(part.microbatches).toBeLessThan(m);
        expect(part.compute / whole.compute).toBeCloseTo(1, 6);
        expect(part.sent / whole.sent).toBeCloseTo(1, 4);
      }
    },
  );
});
