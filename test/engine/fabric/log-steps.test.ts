/** Bruck's all-to-all against blocks that are handed on one by one, and PAT against every chunk followed. */
import { describe, expect, it } from 'vitest';
import { schedulesFor } from '../../../src/engine/fabric/algorithms.ts';
import { buildNetwork } from '../../../src/engine/fabric/network.ts';
import { pat } from '../../oracle/collectives.ts';
import { fabricOf, level, switched } from '../../oracle/fabrics.ts';
import { fault } from '../../oracle/verify.ts';

const sizes = [2, 3, 4, 5, 6, 7, 8, 12, 13, 16, 24, 31, 64];

/** Blocks that each rank hands on, round by round; throws where one does not arrive. */
function handedOn(n: number): number[] {
  // where[source][target]: rank that holds the block now.
  const where = Array.from({ length: n }, (_, source) => new Array<number>(n).fill(source));
  const rounds: number[] = [];
  for (let distance = 1; distance < n; distance *= 2) {
    const sent = new Array<number>(n).fill(0);
    for (let source = 0; source < n; source++) {
      for (let target = 0; target < n; target++) {
        const way = (target - source + n) % n;
        if ((way & distance) === 0) continue;
        const holder = where[source]![target]!;
        sent[holder]!++;
        where[source]![target] = (holder + distance) % n;
      }
    }
    expect(new Set(sent).size).toBe(1);
    rounds.push(sent[0]!);
  }
  for (let source = 0; source < n; source++)
    for (let target = 0; target < n; target++) expect(where[source]![target]).toBe(target);
  return rounds;
}

describe.each(sizes)('%i ranks', n => {
  const network = buildNetwork(fabricOf(level('node', n, switched(), 1)));
  const schedule = (op: 'all_to_all' | 'all_gather', name: string) =>
    schedulesFor(network, [{ stride: 1, size: n }], op, n).find(({ algorithm }) => algorithm === name)!;

  it('Bruck sends these blocks in every round', () => {
    const { steps, perRank, count } = schedule('all_to_all', 'bruck');
    const rounds = handedOn(n);
    const bytes = steps().map(({ traffic }) => (traffic.kind === 'sets' ? traffic.sets[0]!.bytes : 0));
    expect(bytes).toEqual(rounds);
    expect(perRank).toBe(rounds.reduce((sum, each) => sum + each, 0));
    expect(count).toBe(rounds.length);
  });

  it('PAT gathers and scatters everything', () => {
    expect(fault(pat(n, 'gather'), n, 'all_gather')).toBeUndefined();
    expect(fault(pat(n, 'reduce'), n, 'reduce_scatter')).toBeUndefined();
    expect(schedule('all_gather', 'pat').count).toBe(Math.ceil(Math.log2(n)));
  });
});
