/** A fabric of 24,576 chips, counted chip by chip. */
import { describe, expect, it } from 'vitest';
import { schedulesFor } from '../../../src/engine/fabric/algorithms.ts';
import { loadsOf } from '../../../src/engine/fabric/load.ts';
import { buildNetwork } from '../../../src/engine/fabric/network.ts';
import type { Algorithm, CollectiveOp } from '../../../src/engine/plan/spec.ts';
import { fabricOf, fatTree, level, switched } from '../../oracle/fabrics.ts';
import { listGroups } from '../../oracle/groups.ts';
import { played } from '../../oracle/price.ts';
import { nameOf } from './support.ts';

const NODE = 8;
const LEAF = 32;
const POD = 3072;
const CHIPS = 16_384;
const fabric = fabricOf(
  level('node', NODE, switched(), 450e9, { tier: 'scale_up' }),
  level('pod', POD / NODE, fatTree(2), 50e9),
  level('cluster', 8, fatTree(1, [7]), 50e9),
);

/** Bytes out of and into every unit of four kinds, from a list of messages between chips. */
function counted(messages: Iterable<[from: number, to: number]>): Map<string, number> {
  const cuts = [
    { name: 'node tree 1', span: 1, crosses: (a: number, b: number) => same(a, b, NODE) },
    { name: 'pod tree 1', span: 1, crosses: (a: number, b: number) => !same(a, b, NODE) },
    { name: `pod tree ${LEAF}`, span: LEAF, crosses: (a: number, b: number) => !same(a, b, LEAF) },
    { name: `cluster tree ${POD}`, span: POD, crosses: (a: number, b: number) => !same(a, b, POD) },
  ];
  const flows = cuts.map(() => ({ out: new Float64Array(CHIPS), into: new Float64Array(CHIPS) }));
  for (const [from, to] of messages) {
    cuts.forEach(({ span, crosses }, index) => {
      if (!crosses(from, to)) return;
      flows[index]!.out[Math.floor(from / span)]!++;
      flows[index]!.into[Math.floor(to / span)]!++;
    });
  }
  const most = (list: Float64Array): number => list.reduce((a, b) => Math.max(a, b), 0);
  return new Map(
    cuts.map(({ name }, index) => [name, Math.max(most(flows[index]!.out), most(flows[index]!.into))]),
  );
}

const same = (a: number, b: number, span: number): boolean => Math.floor(a / span) === Math.floor(b / span);

function* messagesOf(
  axes: { stride: number; size: number }[],
  op: CollectiveOp,
  algorithm: Algorithm,
): Generator<[number, number]> {
  const groups = listGroups(axes, CHIPS);
  const n = groups[0]!.length;
  const scene = {
    graph: { networks: [{}], spans: [], levels: [], chips: CHIPS, links: [] },
    axes,
    groups,
    chips: CHIPS,
    n,
  };
  // One ring, no rails: these groups lie across nodes or inside one.
  const { rounds, pipelined } = played(scene as never, op, algorithm)!;
  const round = pipelined ? rounds.flat() : rounds[0]!;
  for (const group of groups) for (const { from, to } of round) yield [group[from]!, group[to]!];
}

describe.each([
  ['8 ranks in a node', [{ stride: 1, size: 8 }]],
  ['16 stages across nodes', [{ stride: 8, size: 16 }]],
  ['128 replicas across pods', [{ stride: 128, size: 128 }]],
  [
    'two axes',
    [
      { stride: 8, size: 4 },
      { stride: 1024, size: 16 },
    ],
  ],
])('%s of 16,384 ranks on 24,576 chips', (_, axes) => {
  it.each([
    ['all_gather', 'ring'],
    ['all_reduce', 'tree'],
    ['all_to_all', 'direct'],
    ['send_recv', 'direct'],
  ] as const)('%s by %s', (op, algorithm) => {
    const network = buildNetwork(fabric);
    const schedule = schedulesFor(network, axes, op, 1, CHIPS).find(each => each.algorithm === algorithm);
    if (!schedule) return expect(axes.length).toBeGreaterThan(1);
    const loads = loadsOf(network, schedule.steps()[0]!.traffic, CHIPS);
    const ours = new Map(loads.map(load => [nameOf(load.link), load.flows]));
    for (const [name, flows] of counted(messagesOf(axes, op, algorithm)))
      expect(ours.get(name) ?? 0, name).toBe(flows);
  });
});
