import ELK from 'elkjs/lib/elk.bundled.js';
import { describe, expect, test } from 'vitest';
import { fromElk, toElk } from '../../src/layout/elk/elk.ts';
import { isLayable } from '../../src/layout/elk/graph.ts';
import { bundleHeat } from '../../src/layout/heat.ts';
import { buildLadder, type LadderInput } from '../../src/layout/ladder.ts';
import type { PlanModel } from '../../src/layout/model/types.ts';
import { chipOf, ranksOf } from '../../src/layout/ranks.ts';
import type { Lane, Rect, Scene } from '../../src/layout/scene.ts';
import { ranksOfRef, rankTotal, slotRef } from '../../src/layout/slot.ts';
import { gridOf, laneSteps, openAt, pathTo } from '../../src/layout/structure.ts';
import { fitState, initialState } from '../../src/panel/state.ts';
import { fabric, level, mesh, placement } from '../panel/fixture.ts';
import { CUBE_MESH, topologies, torus, wired, wiredPlan } from '../panel/topologies.ts';

const scene = (model: PlanModel, rest: Partial<LadderInput> = {}): Scene =>
  buildLadder({
    levels: model.levels,
    links: model.links,
    path: laneSteps(model.levels)
      .slice(1)
      .map(() => 0),
    columns: fitState(initialState(), model).columns,
    width: 668,
    height: 760,
    ...rest,
  });

const kinds = Object.entries(topologies);

const slotsOf = (lane: Lane): number[] =>
  Array.from({ length: lane.slots.count }, (_, slot) => slot).filter(slot => slotRef(lane, slot));

const overlap = (a: Rect, b: Rect): boolean =>
  a.x < b.x + b.w - 0.01 && b.x < a.x + a.w - 0.01 && a.y < b.y + b.h - 0.01 && b.y < a.y + a.h - 0.01;

/** Places that cover each other, looked for among those that stand close in one direction. */
function overlaps(rects: readonly Rect[]): number {
  const sorted = [...rects].sort((a, b) => a.x - b.x);
  let found = 0;
  sorted.forEach((rect, index) => {
    for (let next = index + 1; next < sorted.length && sorted[next]!.x < rect.x + rect.w; next++)
      if (overlap(rect, sorted[next]!)) found++;
  });
  return found;
}

describe.each(kinds)('%s', (_, make) => {
  const model = make();
  const steps = laneSteps(model.levels);

  test.each([300, 668, 1200])(
    'at %i px wide places every unit once, inside its lane, under the pointer',
    width => {
      // A narrow view shows the deepest drawer only: every depth has its turn.
      for (let depth = 0; depth < steps.length; depth++) {
        const { lanes } = scene(model, { width, path: steps.slice(1, depth + 1).map(() => 0) });
        const lane = lanes.at(-1)!;
        const slots = slotsOf(lane);
        const rects = slots.map(slot => lane.slots.rect(slot));
        expect(overlaps(rects)).toBe(0);
        for (const [index, rect] of rects.entries()) {
          expect(rect.w).toBeGreaterThan(0);
          expect(rect.h).toBeGreaterThan(0);
          expect(rect.x).toBeGreaterThanOrEqual(lane.box.x - 0.01);
          expect(rect.x + rect.w).toBeLessThanOrEqual(lane.box.x + lane.box.w + 0.01);
          expect(rect.y).toBeGreaterThanOrEqual(lane.box.y - 0.01);
          expect(rect.y + rect.h).toBeLessThanOrEqual(lane.box.y + lane.box.h + 0.01);
          expect(lane.slots.hit(rect.x + rect.w / 2, rect.y + rect.h / 2)).toBe(slots[index]);
        }
        const names = slots.map(slot => JSON.stringify(slotRef(lane, slot)));
        expect(new Set(names).size).toBe(slots.length);
      }
    },
  );

  test('shows every chip in exactly one drawer, and finds the way to it', () => {
    const total = model.levels.at(-1)!.span;
    for (const chip of new Set([0, 1, Math.floor(total / 3), Math.floor(total / 2) + 1, total - 1])) {
      const path = pathTo(model.levels, chip, 0);
      const { lanes } = scene(model, { path });
      const lane = lanes.at(-1)!;
      expect(lanes).toHaveLength(steps.length);
      expect(lane.units.level).toBe(-1);
      const slot = lane.units.slotOf(chip);
      expect(lane.units.numberAt(slot)).toBe(chip);
      expect(openAt(model.levels, path).unit).toBe(lane.unit);
    }
  });

  test('holds every rank of a lane in its slots once', () => {
    for (const lane of scene(model).lanes) {
      if (lane.slots.count > 5000) continue;
      const held = slotsOf(lane).reduce(
        (sum, slot) => sum + rankTotal(ranksOfRef(model.levels, slotRef(lane, slot)!, model.ranks)),
        0,
      );
      const { section } = lane;
      const own = { level: lane.level, unit: lane.unit, ...(section === undefined ? {} : { section }) };
      expect(held).toBe(rankTotal(ranksOfRef(model.levels, own, model.ranks)));
    }
  });

  test('draws at most a few hundred bars and bundles a lane, however many chips', () => {
    for (const { bars, bundles, frames = [], captions = [] } of scene(model).lanes) {
      expect(bundles.length).toBeLessThanOrEqual(700);
      expect(bars.length + frames.length + captions.length).toBeLessThanOrEqual(500);
    }
  });

  test('lets the arrow keys reach every child', () => {
    for (const { slots, units } of scene(model).lanes) {
      if (slots.count > 1100) continue;
      const wanted = Array.from({ length: slots.count }, (_, slot) => slot).filter(
        slot => units.numberAt(slot) >= 0,
      );
      const seen = new Set([wanted[0]!]);
      const queue = [wanted[0]!];
      for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
        for (const direction of ['left', 'right', 'up', 'down'] as const) {
          const next = slots.neighbour(at, direction);
          if (!seen.has(next)) queue.push(next);
          seen.add(next);
        }
      }
      expect(seen.size).toBe(wanted.length);
    }
  });

  test('moves nothing when an axis of the plan changes, and nothing above when another unit opens', () => {
    const before = scene(model);
    const state = fitState(initialState(), model);
    const edited = { ...model, axes: [], ranks: Math.max(1, Math.floor(model.ranks / 2)) };
    const after = scene(edited, { columns: fitState(state, edited).columns });
    const places = ({ lanes }: Scene) =>
      lanes.map(({ box, bars, bundles, slots }) => [
        box,
        bars,
        bundles,
        slots.rect(0),
        slots.rect(slots.count - 1),
      ]);
    expect(places(after)).toEqual(places(before));
    const [first, ...rest] = steps;
    if (rest.length === 0) return;
    const other = scene(model, { path: [first!.count - 1] });
    expect(other.lanes[0]!.slots.rect(0)).toEqual(before.lanes[0]!.slots.rect(0));
    expect(other.lanes[0]!.box).toEqual(before.lanes[0]!.box);
  });
});

const lanesOf = (dims: number[], wrap: boolean[]): Lane[] => {
  const count = dims.reduce((product, side) => product * side, 1);
  return scene(placement(fabric('f', [wired('slice', count, torus(dims, wrap))]), mesh({ dp: count }))).lanes;
};

/** Lines that reach beyond the first and the last cell of the lane. */
function stubs(lane: Lane): { rows: number; columns: number } {
  const rects = Array.from({ length: lane.slots.count }, (_, slot) => lane.slots.rect(slot));
  const left = Math.min(...rects.map(({ x }) => x));
  const right = Math.max(...rects.map(({ x, w }) => x + w));
  const top = Math.min(...rects.map(({ y }) => y));
  const bottom = Math.max(...rects.map(({ y, h }) => y + h));
  return {
    rows: lane.bundles.filter(({ from, to }) => from.y === to.y && from.x < left && to.x > right).length,
    columns: lane.bundles.filter(({ from, to }) => from.x === to.x && from.y < top && to.y > bottom).length,
  };
}

describe('links that close a dimension', () => {
  test('leave the picture on both sides of every row and column', () => {
    expect(stubs(lanesOf([8, 6], [true, true])[0]!)).toEqual({ rows: 6, columns: 8 });
    expect(stubs(lanesOf([8, 6], [false, true])[0]!)).toEqual({ rows: 0, columns: 8 });
    expect(stubs(lanesOf([8, 6], [false, false])[0]!)).toEqual({ rows: 0, columns: 0 });
  });

  test('of a ring join its last chip to its first', () => {
    const ends = ([lane]: Lane[]): string[] =>
      lane!.bundles.map(({ from, to }) => {
        const at = ({ x, y }: { x: number; y: number }) => lane!.slots.hit(x, y);
        return `${at(from)} ${at(to)}`;
      });
    expect(ends(lanesOf([8], [true])).sort()).toEqual([
      '0 1',
      '0 7',
      '1 2',
      '2 3',
      '3 4',
      '4 5',
      '5 6',
      '6 7',
    ]);
    expect(lanesOf([8], [false])[0]!.kind).toBe('lattice');
  });

  test('in the drawer of a plane say to which planes the third dimension goes', () => {
    const texts = (wrap: boolean): string[] =>
      (lanesOf([8, 8, 8], [true, true, wrap])[1]!.captions ?? []).map(({ text }) => text);
    expect(texts(true)).toContain('z links go to z 7 and 1');
    expect(texts(false)).toContain('z links go to z 1');
  });
});

describe('a chip stands', () => {
  test('in a torus at the place that its number says, x first', () => {
    const { levels } = placement(fabric('f', [wired('slice', 24, torus([2, 3, 4]))]), mesh({ dp: 24 }));
    const grid = gridOf(levels, 0)!;
    expect(grid.placeOf(1 + 2 * (2 + 3 * 3))).toEqual([1, 2, 3]);
    expect(grid.at([1, 2, 3])).toBe(23);
  });

  test('in an optical torus where its cube and its place in the cube say', () => {
    const { levels } = topologies.ocs!();
    const grid = gridOf(levels, 1)!;
    // Cube (2, 1, 3) of 3 x 4 x 4, and in it chip (3, 0, 2) of 4 x 4 x 4.
    const cube = 2 + 3 * (1 + 4 * 3);
    expect(grid.placeOf(64 * cube + 3 + 4 * (0 + 4 * 2))).toEqual([11, 4, 14]);
    expect(grid.at([11, 4, 14])).toBe(64 * cube + 35);
  });

  test('in a HammingMesh on its board, boards side by side', () => {
    const { levels } = topologies.hamming!();
    // Board 5 is the second of the second row of boards; its chip 3 is the lower right one.
    expect(gridOf(levels, 0)!.placeOf(5 * 4 + 3)).toEqual([3, 3]);
  });
});

describe('what is broken', () => {
  test('is marked at the child and at the middle of the link, and holds no rank', () => {
    const model = topologies.mesh2!();
    const [lane] = scene(model).lanes;
    expect(lane!.failed!.slots).toEqual([20]);
    const centre = (slot: number) => {
      const { x, y, w, h } = lane!.slots.rect(slot);
      return { x: x + w / 2, y: y + h / 2 };
    };
    const [first] = lane!.failed!.links;
    expect(first!.x).toBeCloseTo((centre(9).x + centre(10).x) / 2);
    expect(first!.y).toBeCloseTo(centre(9).y);
    expect(ranksOf(model.levels, -1, 20, model.ranks)).toEqual({ from: 0, to: 0 });
    expect(ranksOf(model.levels, -1, 21, model.ranks)).toEqual({ from: 20, to: 21 });
    expect(chipOf(model.levels, 20)).toBe(21);
  });
});

describe('what is drawn hot', () => {
  const heat = (model: PlanModel, lane: Lane, from: number, to: number): number => {
    const starts = (bundle: Lane['bundles'][number]) => [bundle.chips.from, bundle.pair?.from];
    const found = lane.bundles.find(bundle => starts(bundle).includes(from) && starts(bundle).includes(to));
    return bundleHeat(model, found!, model.collectives[0], 'running').share;
  };

  test('of a dragonfly whose groups are the stages: the links from one stage to the next', () => {
    const model = wiredPlan(
      fabric('dragonfly', [
        wired('system', 72, { kind: 'dragonfly', groups: 9, routers: 4, hosts: 2, globalLinks: 1 }),
      ]),
      mesh({ tp: 8, pp: 9 }),
      [['system', 'global link', 25e9]],
      [{ axis: 'pp', ranks: 9, op: 'send_recv', loads: [['system', 'global link', 0.97]] }],
    );
    const [lane] = scene(model, { path: [] }).lanes;
    const between = (a: number, b: number) => heat(model, lane!, a * 8, b * 8);
    expect([0, 1, 4, 7].map(group => between(group, group + 1))).toEqual([0.97, 0.97, 0.97, 0.97]);
    expect([between(0, 2), between(1, 5), between(0, 8)]).toEqual([0, 0, 0]);
  });

  test('of a full mesh that lost a link: all but that one', () => {
    const model = wiredPlan(
      fabric('box', [
        wired('node', 8, { kind: 'fully_connected' }, { failed: { links: [[5, 2]], children: [] } }),
      ]),
      mesh({ dp: 8 }),
      [['node', 'link', 75e9]],
      [{ axis: 'dp', ranks: 8, op: 'all_gather', loads: [['node', 'link', 0.89]] }],
    );
    const [lane] = scene(model).lanes;
    expect(heat(model, lane!, 2, 5)).toBe(0);
    expect(heat(model, lane!, 2, 6)).toBe(0.89);
    expect(lane!.bundles.filter(({ name }) => name === 'broken link')).toHaveLength(1);
  });
});

describe('links written down one by one', () => {
  const elk = new ELK();
  const box = (ends: [number, number][]): PlanModel =>
    placement(
      fabric('f', [wired('box', 8, { kind: 'graph', links: ends.map(([a, b]) => ({ a, b })) })]),
      mesh({ tp: 8 }),
    );
  const laid = async (model: PlanModel, old?: Awaited<ReturnType<typeof fromElk>>) => {
    const graph = scene(model).lanes[0]!.graph!;
    return { graph, positions: fromElk(graph, await elk.layout(toElk(graph, old)))! };
  };

  test('the hybrid cube mesh lies as two quads side by side', async () => {
    const model = box(CUBE_MESH);
    const { graph, positions } = await laid(model);
    const [lane] = scene(model, { positions: new Map([[graph.key, positions]]) }).lanes;
    const x = Array.from({ length: 8 }, (_, chip) => lane!.slots.rect(chip).x);
    expect(Math.max(...x.slice(0, 4))).toBeLessThan(Math.min(...x.slice(4)));
    expect(overlaps(Array.from({ length: 8 }, (_, chip) => lane!.slots.rect(chip)))).toBe(0);
    expect(lane!.bundles).toHaveLength(16);
  });

  test('one link less moves no chip far', async () => {
    const before = await laid(box(CUBE_MESH));
    const after = await laid(box(CUBE_MESH.slice(0, -1)), before.positions);
    expect(after.graph.key).not.toBe(before.graph.key);
    const lane = (model: PlanModel, { graph, positions }: typeof before) =>
      scene(model, { positions: new Map([[graph.key, positions]]) }).lanes[0]!;
    const old = lane(box(CUBE_MESH), before);
    const next = lane(box(CUBE_MESH.slice(0, -1)), after);
    for (let chip = 0; chip < 8; chip++) {
      const [a, b] = [old.slots.rect(chip), next.slots.rect(chip)];
      expect(Math.hypot(a.x - b.x, a.y - b.y), `chip ${chip}`).toBeLessThan(0.2 * old.box.w);
    }
  });

  test('too many are counted, not drawn, and no layout is asked for', () => {
    const [lane] = scene(topologies.crowd!()).lanes;
    expect(lane!.graph).toBeUndefined();
    expect(lane!.bundles).toEqual([]);
    expect(lane!.captions?.[0]?.text).toBe('1,056 links over 264 switches, too many to draw one by one');
  });

  test('every graph that is laid out stays within what elkjs is asked for', () => {
    for (const [, make] of kinds) {
      for (const { graph } of scene(make()).lanes) if (graph) expect(isLayable(graph)).toBe(true);
    }
  });
});

test('a level of chips on rails alone is drawn too', () => {
  const model = placement(
    fabric('f', [level('pod', 64, { kind: 'rail', spine: true, oversubscription: 1, leaf: 16 })]),
    mesh({ dp: 64 }),
  );
  const [lane] = scene(model).lanes;
  expect(lane!.kind).toBe('rails');
  expect(lane!.bars.some(({ role }) => role === 'top')).toBe(true);
});
