/** `meshwright export trace`: one step as a trace that Perfetto opens. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { EXAMPLES, expectCalm, folder, meshwright } from './support.ts';

interface Event {
  name: string;
  ph: string;
  pid: number;
  tid?: number;
  ts: number;
  dur: number;
  args: Record<string, unknown>;
}

async function trace(path: string): Promise<{ events: Event[]; about: Record<string, number> }> {
  const { stdout, status } = await meshwright(['export', 'trace', path]);
  expect(status).toBe(0);
  const { traceEvents, otherData } = JSON.parse(stdout);
  return { events: traceEvents, about: otherData };
}

const complete = (events: readonly Event[]): Event[] => events.filter(({ ph }) => ph === 'X');

describe('the trace of the first example', () => {
  test('has a process per stage with a thread for kernels and one per axis that communicates', async () => {
    const { events } = await trace(EXAMPLES.llama);
    const names = (kind: string) => events.filter(({ name }) => name === kind);
    expect(names('process_name')).toHaveLength(16);
    const threads = names('thread_name').filter(({ pid }) => pid === 3);
    expect(threads.map(({ args }) => args.name).sort()).toEqual(['compute', 'dp', 'pp', 'tp']);
  });

  test('has every pass of every microbatch and chunk, one at a time on a stage', async () => {
    const { events } = await trace(EXAMPLES.llama);
    const compute = complete(events).filter(({ tid, name }) => tid === 0 && name !== 'optimizer');
    // 16 stages, 8 chunks, 16 microbatches, forward and backward.
    expect(compute).toHaveLength(16 * 8 * 16 * 2);
    for (let stage = 0; stage < 16; stage++) {
      const own = compute.filter(({ pid }) => pid === stage).sort((a, b) => a.ts - b.ts);
      own.slice(1).forEach((event, index) => {
        const before = own[index]!;
        expect(event.ts).toBeGreaterThanOrEqual(before.ts + before.dur - 1e-3);
      });
    }
    for (const { args } of compute) {
      expect(args.microbatch).toBeLessThan(16);
      expect(args.chunk).toBeLessThan(8);
      expect(['forward', 'backward']).toContain(args.phase);
    }
  });

  test('says in microseconds what the estimate says in seconds, and names causes', async () => {
    const { events, about } = await trace(EXAMPLES.llama);
    const all = complete(events);
    const end = Math.max(...all.map(({ ts, dur }) => ts + dur));
    // All but the software's overheads, which are nowhere in particular.
    expect(end / 1e6).toBeLessThan(about.step_time_s!);
    expect(end / 1e6).toBeGreaterThan(0.9 * about.step_time_s!);
    for (const { ts, dur } of all) {
      expect(ts).toBeGreaterThanOrEqual(0);
      expect(dur).toBeGreaterThanOrEqual(0);
    }
    const causes = new Set(all.map(({ args }) => args.cause));
    for (const cause of ['model', 'tp', 'pp', 'dp.zero']) expect(causes).toContain(cause);
  });

  test('goes into a file where one is named', async () => {
    const cwd = folder();
    const { status, stdout } = await meshwright(['export', 'trace', 'quickstart.shard', '-o', 'step.json'], {
      cwd,
    });
    expect([status, stdout]).toEqual([0, '']);
    expect(JSON.parse(readFileSync(join(cwd, 'step.json'), 'utf8')).traceEvents.length).toBeGreaterThan(4);
    const nowhere = await meshwright(['export', 'trace', 'quickstart.shard', '--output', 'no/where.json'], {
      cwd,
    });
    expect(nowhere.status).toBe(1);
    expect(nowhere.stderr).toContain('no/where.json cannot be written');
    expectCalm(nowhere);
  });
});

test('DualPipe: microbatches of both directions in the same pieces', async () => {
  const { events } = await trace(EXAMPLES.deepseek);
  const passes = complete(events).filter(
    ({ tid, pid, name }) => tid === 0 && pid === 0 && name !== 'optimizer',
  );
  const forward = passes.filter(({ args }) => args.phase === 'forward');
  expect(new Set(forward.map(({ args }) => args.microbatch)).size).toBe(120);
  const pieces = forward.filter(one =>
    passes.some(other => other.args.phase === 'backward' && other.ts === one.ts && other.dur === one.dur),
  );
  expect(pieces.length).toBeGreaterThan(60);
});

test('a plan without an estimate has no trace, and says why', async () => {
  const outcome = await meshwright(['export', 'trace', EXAMPLES.decode]);
  expect(outcome.status).toBe(1);
  expect(outcome.stdout).toBe('');
  expect(outcome.stderr).toContain('no estimate, so there is no step to trace');
  expectCalm(outcome);
});
