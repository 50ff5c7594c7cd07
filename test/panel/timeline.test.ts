/** The timeline of the panel: what lanes show, what is folded away, and that drawing costs pixels and not operations. */
import { describe, expect, test } from 'vitest';
import { opOf } from '../../src/engine/schedule/ops.ts';
import { panelTimeline } from '../../src/layout/model/timeline.ts';
import type { PanelTimeline } from '../../src/layout/model/timeline-types.ts';
import type { PlanModel } from '../../src/layout/model/types.ts';
import { makePalette } from '../../src/panel/palette.ts';
import { isTimeline } from '../../src/panel/protocol.ts';
import { brush, placed } from '../../src/panel/timeline/paint.ts';
import {
  blockAt,
  endOf,
  makeStep,
  rowsOf,
  type Step,
  segments,
  shortWords,
  waitsOfStage,
} from '../../src/panel/timeline/step.ts';
import { sourceOf, tipOf } from '../../src/panel/timeline/words.ts';
import { STEPS } from '../layout/estimates.ts';
import { llama405b } from './fixture.ts';

const model: PlanModel = llama405b();

describe.each(STEPS)('%s', (_, price) => {
  const data = panelTimeline(price())!;
  const step: Step = makeStep(data, model);

  test('crosses as JSON', () => {
    expect(isTimeline(JSON.parse(JSON.stringify(data)))).toBe(true);
  });

  test('the chip is busy or idle until the step ends, and never both', () => {
    for (let stage = 0; stage < data.stages; stage++) {
      let at = 0;
      segments(step, stage, undefined, 0, step.end, (_kind, from, to) => {
        expect(from).toBe(at);
        at = to;
      });
      expect(at).toBe(step.end);
    }
  });

  test('a lane shows between two times what it shows there of the whole', () => {
    const [from, to] = [step.end * 0.4, step.end * 0.45];
    for (const lane of [undefined, ...step.lanes]) {
      const part: string[] = [];
      const whole: string[] = [];
      segments(step, 3, lane, from, to, (...all) => {
        if (all[2] > from && all[1] < to) part.push(all.join());
      });
      segments(step, 3, lane, 0, step.end, (...all) => {
        if (all[2] > from && all[1] < to) whole.push(all.join());
      });
      expect(part).toEqual(whole);
    }
  });

  test('what a stage waits for, and computes, adds up to the step', () => {
    for (let stage = 0; stage < data.stages; stage++) {
      const { axes, bubble } = waitsOfStage(step, stage);
      // Waits inside a pass are part of it.
      let inPasses = 0;
      for (const [index, lane] of step.lanes.entries())
        if (lane !== step.sends && lane !== step.reduces) inPasses += axes[index]!;
      let inside = 0;
      for (let at = 0; at < data.waits.length; at += 5)
        if (data.waits[at]! >= data.first[stage]! && data.waits[at]! < data.first[stage + 1]!)
          inside += data.waits[at + 3]!;
      const outside = axes.reduce((sum, time) => sum + time, 0) - inPasses - inside;
      expect((step.busy[stage]! + outside + bubble) / step.last).toBeCloseTo(1, 6);
    }
  });

  test('finds the block at a time', () => {
    const block = data.first[5]! + 7;
    expect(blockAt(step, 5, (step.start[block]! + endOf(step, block)) / 2)).toBe(block);
    expect(blockAt(step, 5, step.end)).toBe(data.first[6]);
  });

  test('everything that can be hit has a tip', () => {
    for (const lane of [undefined, ...step.lanes])
      segments(step, 0, lane, 0, step.end, (kind, from, to, block, reduces) => {
        const thing = { stage: 0, lane, kind, from, to, block, reduces };
        expect(tipOf(model, step, thing).rows.length).toBeGreaterThan(0);
        expect(tipOf(model, step, thing).title).not.toContain('undefined');
      });
  });
});

describe('a click', () => {
  const step = makeStep(panelTimeline(STEPS[0]![1]())!, model);
  const thing = { stage: 1, from: 0, to: 1, block: step.data.first[1]!, reduces: undefined };
  const named = (name: string) => model.collectives.find(each => each.name === name)!;

  test('leads from a reduction of gradients to what says how they are reduced', () => {
    const source = sourceOf(model, step, { ...thing, lane: 'dp', kind: 'exposed', reduces: true });
    expect(source).toEqual(named('grad_reduce').source);
  });

  test('leads from a send to the line of the pipeline', () => {
    const source = sourceOf(model, step, { ...thing, lane: 'pp', kind: 'hidden' });
    expect(source).toEqual(named('stage_send').source);
  });

  test('leads from computing to the plan', () => {
    expect(sourceOf(model, step, { ...thing, lane: undefined, kind: 'forward' })).toEqual(model.source);
  });
});

test('long pipelines are folded, and every stage is in a row or a fold', () => {
  const step = makeStep(panelTimeline(STEPS[0]![1]())!, model);
  for (const all of [false, true]) {
    const rows = rowsOf(step, all, undefined);
    const count = rows.reduce((sum, row) => sum + ('folded' in row ? row.folded : 1), 0);
    expect(count).toBe(16);
    expect(rows.some(row => 'folded' in row && row.folded < 2)).toBe(false);
  }
  expect(rowsOf(step, false, undefined).length).toBeLessThan(10);
  expect(rowsOf(step, true, undefined).length).toBe(16);
  expect(rowsOf(step, false, 9)).toContainEqual({ stage: 9 });
  const { list } = placed(rowsOf(step, false, undefined), 3, 500);
  list.slice(1).forEach((row, index) => {
    expect(row.y).toBeCloseTo(list[index]!.y + list[index]!.h);
  });
});

/** A step of one stage with so many equal blocks. */
function long(blocks: number): PanelTimeline {
  const column = (value: number) => new Array<number>(blocks).fill(value);
  return {
    stages: 1,
    chunks: 1,
    microbatches: blocks,
    allMicrobatches: blocks,
    first: [0, blocks],
    gap: column(0),
    length: column(100),
    op: Array.from({ length: blocks }, (_, block) => opOf(block % 2 === 0 ? 0 : 3, 0, block, 1)),
    send: column(0),
    pairs: [],
    waits: [],
    transfers: [],
    computed: [blocks * 100],
    finished: [blocks * 100],
    optimizer: 0,
    overhead: 0,
    inner: [],
    critical: [],
  };
}

describe('painting', () => {
  const palette = makePalette('dark', () => undefined);
  const rectangles = (blocks: number, width: number) => {
    const step = makeStep(long(blocks), model);
    const drawn: [number, number][] = [];
    const context = {
      fillStyle: '',
      globalAlpha: 1,
      fillRect: (x: number, _y: number, w: number) => drawn.push([x, w]),
    } as unknown as CanvasRenderingContext2D;
    const place = { top: 0, height: 18, colour: '#888888', kinds: {}, hatch: '#000000', width };
    const pen = brush(context, palette, place);
    segments(step, 0, undefined, 0, step.end, (kind, from, to) => {
      pen.add(kind, (from / step.end) * width, (to / step.end) * width);
    });
    pen.end();
    return drawn;
  };

  test('draws blocks one by one where there is room', () => {
    expect(rectangles(50, 500).length).toBe(50);
  });

  test('draws no more than a rectangle per pixel of a hundred thousand operations', () => {
    const drawn = rectangles(100_000, 500);
    expect(drawn.length).toBe(500);
    expect(drawn.map(([x]) => x)).toEqual(Array.from({ length: 500 }, (_, x) => x));
  });

  test('a label says pass, microbatch and chunk', () => {
    const step = makeStep(panelTimeline(STEPS[0]![1]())!, model);
    expect(shortWords(step, 0)).toBe('F0·0');
  });
});
