/** What crosses to the panel against the step that the engine has played, block by block. */
import { describe, expect, test } from 'vitest';
import { playedEstimate } from '../../src/engine/estimate/estimate.ts';
import { microbatchOf } from '../../src/engine/schedule/ops.ts';
import { panelTimeline } from '../../src/layout/model/timeline.ts';
import { SIZE } from '../../src/layout/model/timeline-types.ts';
import { STEPS } from './estimates.ts';

describe.each(STEPS)('%s', (_, price) => {
  const estimate = price();
  const timeline = panelTimeline(estimate)!;
  const { timeline: played } = playedEstimate(estimate)!;
  const stages = Array.from({ length: timeline.stages }, (_, stage) => stage);
  /** Blocks of a stage: begin and end in seconds, and the microbatch. */
  const blocksOf = (stage: number) => {
    let at = 0;
    const blocks = [];
    for (let block = timeline.first[stage]!; block < timeline.first[stage + 1]!; block++) {
      at += timeline.gap[block]!;
      const start = at;
      at += timeline.length[block]!;
      blocks.push({
        start: start / 1e9,
        end: at / 1e9,
        microbatch: microbatchOf(timeline.op[block]!, timeline.chunks),
      });
    }
    return blocks;
  };

  test('blocks of a stage do not overlap and take its busy time', () => {
    expect(timeline.gap.every(gap => gap >= 0)).toBe(true);
    for (const stage of stages) {
      const busy = blocksOf(stage).reduce((sum, { start, end }) => sum + end - start, 0);
      expect(busy).toBeCloseTo(played.busy[stage]!, 5);
    }
  });

  test('every block begins and ends when its operation does', () => {
    for (const stage of stages) {
      // Of two that run in one piece the engine has both, the panel one.
      const seen = new Map<number, { start: number; end: number; microbatch: number }>();
      for (const op of played.ops) if (op.stage === stage && !seen.has(op.start)) seen.set(op.start, op);
      const own = [...seen.values()].sort((a, b) => a.start - b.start);
      const blocks = blocksOf(stage).filter(({ start, end }) => end > start);
      const lasting = own.filter(({ start, end }) => Math.round(end * 1e9) > Math.round(start * 1e9));
      expect(blocks.length).toBe(lasting.length);
      blocks.forEach((block, index) => {
        expect(Math.abs(block.start - lasting[index]!.start)).toBeLessThan(2e-9);
        expect(Math.abs(block.end - lasting[index]!.end)).toBeLessThan(2e-9);
        expect(block.microbatch).toBe(lasting[index]!.microbatch);
      });
    }
  });

  test('the step ends when the estimate says', () => {
    if (timeline.microbatches < timeline.allMicrobatches) return;
    const end = Math.max(...timeline.finished) + timeline.optimizer + timeline.overhead;
    expect(end / 1e9).toBeCloseTo(estimate.step.time, 6);
  });

  test('a gap is as long as what it waits for', () => {
    for (let at = 0; at < timeline.waits.length; at += SIZE) {
      const [block = 0, send = 0, gather = 0, inside = 0, source = -1] = timeline.waits.slice(at, at + SIZE);
      expect(Math.min(send, gather, inside)).toBeGreaterThanOrEqual(0);
      expect(send + gather).toBeLessThanOrEqual(timeline.gap[block]! + 2);
      expect(inside).toBeLessThanOrEqual(timeline.length[block]!);
      expect(source).toBeLessThan(timeline.op.length);
    }
  });

  test('waits inside the layers of the busiest stage are those of the estimate', () => {
    const stage = estimate.busiestStage;
    const tp = timeline.inner.find(({ axis }) => axis === 'tp')!;
    let seconds = 0;
    for (const { chunk, pass } of played.ops.filter(op => op.stage === stage)) {
      const slot = stage * timeline.chunks + chunk;
      if (pass === 'weight gradient') continue;
      seconds += (pass === 'forward' ? tp.forward : tp.backward)[slot]! / 1e9;
    }
    expect(seconds / (estimate.step.exposed.tp ?? 0)).toBeCloseTo(1, 2);
  });

  test('the longest path leads through blocks that follow one another', () => {
    const starts = timeline.critical.map(block => {
      const stage = timeline.first.findIndex(first => first > block) - 1;
      return blocksOf(stage)[block - timeline.first[stage]!]!.start;
    });
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
  });
});

test('a copy of an estimate has no step to play', () => {
  expect(panelTimeline({ ...STEPS[0]![1]() })).toBeUndefined();
});
