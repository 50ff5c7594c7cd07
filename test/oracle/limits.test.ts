/** Limits of explicit graphs against numbers by hand and by published solvers. */
import { describe, expect, it } from 'vitest';
import type { Topology } from '../../src/engine/fabric/spec.ts';
import { fabricOf, fatTree, level, switched } from './fabrics.ts';
import { explicitGraph, type Graph } from './graph.ts';
import { bisection, exchange, hopBound, leastTime } from './limits.ts';
import { gatherCost } from './max-flow.ts';
import { product, upTo } from './wired/net.ts';

const grid = (dims: number[], wrap: boolean[]): Topology => ({ kind: 'torus', dims, wrap, twist: false });
const torus = (...dims: number[]): Graph =>
  one(
    product(dims),
    grid(
      dims,
      dims.map(() => true),
    ),
  );
const mesh = (...dims: number[]): Graph =>
  one(
    product(dims),
    grid(
      dims,
      dims.map(() => false),
    ),
  );

/** One level of chips, every link 1 byte/s, and ports too unless said otherwise. */
function one(count: number, topology: Topology, port = 1): Graph {
  return explicitGraph(fabricOf(level('pod', count, topology, port, { link: 1, tier: 'scale_up' })));
}

const twoLevels = (nodes: number, inside: number): Graph =>
  explicitGraph(
    fabricOf(
      level('node', 8, switched(), inside, { tier: 'scale_up' }),
      level('pod', nodes, switched(), 50, { tier: 'scale_out' }),
    ),
  );

describe('t* of an all-gather over all chips, unit links (exact cuts of arXiv 2402.06787)', () => {
  it.each([
    ['switch of 8', one(8, switched()), 7],
    ['ring of 8', torus(8), 3.5],
    ['line of 8', mesh(8), 7],
    ['full mesh of 8', one(8, { kind: 'fully_connected' }), 1],
    ['torus 4x4', torus(4, 4), 3.75],
    ['torus 4x8', torus(4, 8), 7.75],
    ['torus 4x4x4', torus(4, 4, 4), 10.5],
    ['mesh 4x4', mesh(4, 4), 7.5],
    ['4x4, one axis wrapped', one(16, grid([4, 4], [true, false])), 5],
    ['4x4x4, none wrapped', mesh(4, 4, 4), 21],
    ['4x4x4, two wrapped', one(64, grid([4, 4, 4], [true, true, false])), 12.6],
    ['4 leaves of 4 hosts, 4:1', one(16, fatTree(2, [4], 4)), 15],
    [
      'HammingMesh, 2x2 boards of 2x2',
      one(16, { kind: 'hamming_mesh', board: [2, 2], boards: [2, 2] }),
      3.75,
    ],
    ['2 nodes of 8, 450 + 50', twoLevels(2, 450), 0.03],
    ['4 nodes of 8, 450 + 50', twoLevels(4, 450), 0.062],
    ['2 nodes of 8, 900 + 50', twoLevels(2, 900), 0.02],
  ] as const)('%s: %#', (_, graph, cost) =>
    expect(gatherCost(graph, upTo(graph.chips))).toBeCloseTo(cost, 6),
  );
});

describe('pairs over the busiest link of an all-to-all, at best (linear programme)', () => {
  it.each([
    ['ring of 4', torus(4), 2],
    ['ring of 5', torus(5), 3],
    ['ring of 8', torus(8), 8],
    ['ring of 16', torus(16), 32],
    ['line of 4', mesh(4), 4],
    ['line of 8', mesh(8), 16],
    ['torus 4x4', torus(4, 4), 8],
    ['mesh 4x4', mesh(4, 4), 16],
    ['HyperX 3x3', one(9, { kind: 'hyperx', dims: [3, 3], hosts: 1 }, 4), 3],
    ['4 leaves of 4 hosts, 4:1', one(16, fatTree(2, [4], 4)), 48],
  ] as const)('%s: %#', (_, graph, load) => {
    const flows = exchange([upTo(graph.chips)]);
    const least = leastTime(graph, flows);
    expect(least * graph.chips).toBeCloseTo(load, 3);
    expect(hopBound(graph, flows)).toBeLessThanOrEqual(least * (1 + 1e-6));
  });
});

describe('bisection, in links', () => {
  it.each([
    ['ring of 8', torus(8), 2],
    ['line of 8', mesh(8), 1],
    ['torus 4x4', torus(4, 4), 8],
    ['mesh 4x4', mesh(4, 4), 4],
    ['full mesh of 8', one(8, { kind: 'fully_connected' }), 16],
    ['switch of 8', one(8, switched()), 4],
  ] as const)('%s: %i', (_, graph, links) => expect(bisection(graph)).toBeCloseTo(links, 9));
});
