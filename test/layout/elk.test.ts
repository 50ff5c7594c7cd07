import ELK from 'elkjs/lib/elk.bundled.js';
import { describe, expect, test } from 'vitest';
import { fromElk, toElk } from '../../src/layout/elk/elk.ts';
import { isLayable, type LaneGraph, MOST_EDGES, MOST_NODES, placeTiers } from '../../src/layout/elk/graph.ts';
import { buildLadder } from '../../src/layout/ladder.ts';
import { fitState, initialState } from '../../src/panel/state.ts';
import { clos24k, fabric, fatTree, level, MESH_405B, mesh, node, placement } from '../panel/fixture.ts';

const elk = new ELK();

function graphs(): LaneGraph[] {
  const fabrics = [
    clos24k(),
    fabric('f', [node(), level('row', 12, fatTree(2, [1], 4))]),
    fabric('f', [node(), level('row', 12, fatTree(2, [1], 5))]),
  ];
  return fabrics.flatMap(spec => {
    const model = placement(spec, mesh(MESH_405B));
    const { columns } = fitState(initialState(), model);
    return buildLadder({
      levels: model.levels,
      links: model.links,
      path: [0],
      columns,
      width: 700,
      height: 600,
    }).lanes.flatMap(({ graph }) => (graph ? [graph] : []));
  });
}

async function laidOut(graph: LaneGraph, old?: ReturnType<typeof placeTiers>) {
  return fromElk(graph, await elk.layout(toElk(graph, old)))!;
}

describe('elkjs and the closed form', () => {
  test('agree on every regular lane, so that the late answer moves nothing', async () => {
    const all = graphs();
    expect(all.length).toBeGreaterThanOrEqual(4);
    for (const graph of all) {
      const positions = await laidOut(graph);
      for (const [id, at] of placeTiers(graph)) {
        expect(Math.abs(positions.get(id)!.x - at.x), `${graph.key}: ${id}`).toBeLessThan(0.51);
        expect(Math.abs(positions.get(id)!.y - at.y), `${graph.key}: ${id}`).toBeLessThan(0.51);
      }
    }
  });

  test('with old positions fed back every node keeps its place', async () => {
    const graph = graphs()[0]!;
    const first = await laidOut(graph);
    const second = await laidOut(graph, first);
    for (const [id, at] of first) expect(second.get(id)).toEqual(at);
  });

  test('an answer without one of the nodes is not used', () => {
    const graph = graphs()[0]!;
    expect(fromElk(graph, { id: 'lane', children: [{ id: 'top', x: 0, y: 0 }] })).toBeUndefined();
  });

  test('what is too large is not asked for', () => {
    const units = Array.from({ length: MOST_NODES + 1 }, (_, index) => ({ id: `unit ${index}`, w: 4, h: 4 }));
    const graph: LaneGraph = { key: '', tiers: [units], edges: [], gap: 1, tierGap: 10 };
    expect(isLayable(graph)).toBe(false);
    const edges = Array.from({ length: MOST_EDGES + 1 }, () => ({ from: 'unit 0', to: 'unit 1' }));
    expect(isLayable({ ...graph, tiers: [units.slice(0, 2)], edges })).toBe(false);
  });
});
