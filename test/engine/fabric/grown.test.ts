/** Levels of twice the children: each shape must hold exactly those, or it could not be laid and would carry nothing for free. */
import { expect, test } from 'vitest';
import { doubled } from '../../../src/engine/fabric/grown.ts';
import type { LevelSpec, Topology } from '../../../src/engine/fabric/spec.ts';
import { buildWiring } from '../../../src/engine/fabric/wiring/build.ts';

const level = (count: number, topology: Topology): LevelSpec => ({
  name: 'pod',
  count,
  topology,
  bandwidth: 50e9,
  efficiency: 1,
  efficiencyFrom: 'default',
  latency: 1e-6,
  floor: 0,
  tier: 'scale_out',
  spare: 0,
});

test.each<[number, Topology]>([
  [16, { kind: 'torus', dims: [4, 4], wrap: [true, true], twist: false }],
  [8, { kind: 'torus', dims: [2, 4], wrap: [false, true], twist: false }],
  [128, { kind: 'torus', dims: [4, 4, 8], wrap: [true, true, true], twist: true }],
  [72, { kind: 'dragonfly', groups: 9, routers: 4, hosts: 2, globalLinks: 2 }],
  [16, { kind: 'hyperx', dims: [2, 4], hosts: 2 }],
  [16, { kind: 'hamming_mesh', board: [2, 2], boards: [2, 2] }],
  [8, { kind: 'rail', spine: true, oversubscription: 1 }],
  [8, { kind: 'fully_connected' }],
])('of %i in %o four times over', (count, topology) => {
  const twice = doubled(level(count, topology))!;
  const again = doubled(twice)!;
  expect(again.count).toBe(4 * count);
  expect(buildWiring(twice, { chips: 1 })).not.toHaveProperty('reason');
  expect(buildWiring(again, { chips: 1 })).not.toHaveProperty('reason');
});

test('a graph has no larger one', () => {
  expect(doubled(level(2, { kind: 'graph', links: [{ a: 0, b: 1 }] }))).toBeUndefined();
});
