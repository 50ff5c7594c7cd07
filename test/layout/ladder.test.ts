import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { preferredColumns } from '../../src/layout/columns.ts';
import { buildLadder, type LadderInput } from '../../src/layout/ladder.ts';
import type { PlanModel } from '../../src/layout/model/types.ts';
import type { Lane, Rect, Scene } from '../../src/layout/scene.ts';
import { fitState, initialState } from '../../src/panel/state.ts';
import { clos24k, fabric, fatTree, level, MESH_405B, mesh, node, placement } from '../panel/fixture.ts';

const scene = (model: PlanModel, rest: Partial<LadderInput> = {}): Scene =>
  buildLadder({
    levels: model.levels,
    links: model.links,
    path: [],
    columns: fitState(initialState(), model).columns,
    width: 668,
    height: 620,
    ...rest,
  });

const places = (lane: Lane): Rect[] =>
  Array.from({ length: lane.slots.count }, (_, index) => lane.slots.rect(index));

const inside = (outer: Rect, inner: Rect): boolean =>
  inner.x >= outer.x - 0.01 &&
  inner.y >= outer.y - 0.01 &&
  inner.x + inner.w <= outer.x + outer.w + 0.01 &&
  inner.y + inner.h <= outer.y + outer.h + 0.01;

describe('nothing moves', () => {
  const before = placement(clos24k(), mesh(MESH_405B));
  const state = fitState(initialState(), before);

  test('when an axis or the whole mesh changes', () => {
    const path = [2, 341];
    const old = scene(before, { path, columns: state.columns });
    const edits: Record<string, number>[] = [
      { tp: 8, pp: 8, dp: 256 },
      { tp: 4, cp: 2, pp: 12, dp: 100 },
      { dp: 3 },
    ];
    for (const axes of edits) {
      const model = placement(clos24k(), mesh(axes));
      const next = scene(model, { path, columns: fitState(state, model).columns });
      expect(next.lanes.map(places)).toEqual(old.lanes.map(places));
      expect(next.lanes.map(({ bars, bundles }) => [bars, bundles])).toEqual(
        old.lanes.map(({ bars, bundles }) => [bars, bundles]),
      );
    }
  });

  test('when a unit is opened: its lane keeps every pixel, the drawer is added below', () => {
    const closed = scene(before);
    const open = scene(before, { path: [2] });
    expect(places(open.lanes[0]!)).toEqual(places(closed.lanes[0]!));
    expect(open.lanes[0]!.bundles).toEqual(closed.lanes[0]!.bundles);
    expect(open.lanes[1]!.box.y).toBeGreaterThan(open.lanes[0]!.box.y + open.lanes[0]!.box.h);
  });

  test('when another unit is opened instead: the drawer is swapped in place', () => {
    const one = scene(before, { path: [2, 7] });
    const other = scene(before, { path: [4, 7] });
    expect(other.lanes.map(({ box }) => box)).toEqual(one.lanes.map(({ box }) => box));
    expect(other.lanes[1]!.unit).toBe(4);
  });

  test('but a changed count rescales the slots and keeps their sequence', () => {
    const more = placement(
      fabric('clos', [node(), level('pod', 384, fatTree(2)), level('cluster', 10, fatTree(1, [7]))]),
      mesh(MESH_405B),
    );
    const old = places(scene(before).lanes[0]!);
    const next = places(scene(more).lanes[0]!);
    expect(next).toHaveLength(10);
    expect(next[0]!.w).toBeLessThan(old[0]!.w);
    expect(next.map(({ x }) => x)).toEqual([...next.map(({ x }) => x)].sort((a, b) => a - b));
  });

  test('the row length of a grid is kept while its level stays, and chosen for the axes when it is new', () => {
    expect(state.columns.pod).toBe(16);
    const edited = placement(clos24k(), mesh({ tp: 8, pp: 12, dp: 160 }));
    expect(fitState(state, edited).columns).toEqual(state.columns);
    expect(fitState(initialState(), edited).columns.pod).toBe(12);
  });
});

describe('the ladder', () => {
  test('stands pipeline stages in columns: a data-parallel group is a straight line', () => {
    const model = placement(clos24k(), mesh(MESH_405B));
    const lane = scene(model, { path: [2] }).lanes[1]!;
    const column = [5, 21, 37, 53].map(index => lane.slots.rect(index).x);
    expect(new Set(column).size).toBe(1);
  });

  test('puts what fits into the height of the view', () => {
    const model = placement(clos24k(), mesh(MESH_405B));
    for (const height of [560, 620, 900]) {
      expect(scene(model, { path: [0, 0], height }).height).toBeLessThanOrEqual(height);
    }
  });

  test('hits exactly what it draws, at any width', () => {
    const counts = fc.tuple(
      fc.integer({ min: 1, max: 90 }),
      fc.integer({ min: 1, max: 420 }),
      fc.integer({ min: 1, max: 40 }),
    );
    fc.assert(
      fc.property(counts, fc.integer({ min: 300, max: 1400 }), ([chips, nodes, pods], width) => {
        const model = placement(
          fabric('f', [
            node(chips),
            level('pod', nodes, fatTree(2)),
            level('cluster', pods, fatTree(1, [2])),
          ]),
          mesh({ dp: 4 }),
        );
        for (const lane of scene(model, { path: [0, 0], width }).lanes) {
          places(lane).forEach((rect, index) => {
            expect(inside(lane.box, rect)).toBe(true);
            expect(lane.slots.hit(rect.x + rect.w / 2, rect.y + rect.h / 2)).toBe(index);
          });
          for (const bar of lane.bars) expect(inside(lane.box, bar.rect)).toBe(true);
        }
      }),
      { numRuns: 40 },
    );
  });

  test('the arrow keys reach every child of every kind of lane and stay inside', () => {
    const model = placement(fabric('f', [node(72), level('row', 20, fatTree(2))]), mesh({ dp: 8 }));
    for (const { slots } of scene(model, { path: [0] }).lanes) {
      const seen = new Set([0]);
      const queue = [0];
      for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
        for (const direction of ['left', 'right', 'up', 'down'] as const) {
          const next = slots.neighbour(at, direction);
          expect(next).toBeGreaterThanOrEqual(0);
          expect(next).toBeLessThan(slots.count);
          if (!seen.has(next)) queue.push(next);
          seen.add(next);
        }
      }
      expect(seen.size).toBe(slots.count);
    }
  });

  test('draws bundles by level, not by chip: a fabric of a million chips has no more of them', () => {
    const huge = placement(
      fabric('f', [node(), level('pod', 4096, fatTree(3)), level('cluster', 32, fatTree(2, [4]))]),
      mesh({ tp: 8, dp: 131_072 }),
    );
    const { lanes } = scene(huge, { path: [3, 17] });
    expect(lanes.reduce((sum, lane) => sum + lane.bundles.length + lane.bars.length, 0)).toBeLessThan(200);
  });
});

describe('a fabric opens', () => {
  test('with its first units open when it is small, collapsed when it is large', () => {
    const small = placement(clos24k(), mesh(MESH_405B));
    expect(fitState(initialState(), small).path).toEqual([0, 0]);
    const large = placement(
      fabric('f', [node(), level('pod', 512, fatTree(2)), level('cluster', 32, fatTree(1))]),
      mesh({ tp: 8, dp: 16_384 }),
    );
    expect(fitState(initialState(), large).path).toEqual([]);
  });

  test('in rows that follow the axes, whatever they are', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), fc.integer({ min: 1, max: 64 }), (count, pp) => {
        const { levels, axes } = placement(
          fabric('f', [node(), level('pod', count, fatTree(2))]),
          mesh({ tp: 8, pp, dp: 2 }),
        );
        const columns = preferredColumns(levels, 1, axes, 32);
        expect(columns).toBeGreaterThanOrEqual(1);
        expect(columns).toBeLessThanOrEqual(Math.max(32, Math.ceil(Math.sqrt(count))));
      }),
    );
  });
});
