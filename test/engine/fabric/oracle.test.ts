/** Bytes and times against chips and links counted one by one, on random small fabrics. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crossedLevels, priceCollective } from '../../../src/engine/fabric/price.ts';
import { anyPlacement, type Placed } from '../../oracle/fabrics.ts';
import { busiest, walkBound } from '../../oracle/play.ts';
import { costs, levelsCrossed, played, scene } from '../../oracle/price.ts';
import { fault } from '../../oracle/verify.ts';
import { busiestBytes, COLLECTIVES, close, engineOf, oneAxisOnly } from './support.ts';

const SIZE = 1e6;
const RATE = 0.7;
/** Groups beyond these make the oracle slow, not the engine. */
const MOST_RANKS = 48;

/** Whether every group lies in the units as every other: then all of them wait for the same latency. */
function even({ fabric, axes }: Placed): boolean {
  let span = 1;
  return fabric.levels.every(level => {
    span *= level.count - level.spare;
    return axes.every(({ stride, size }) =>
      [stride, stride * size].every(length => length % span === 0 || span % length === 0),
    );
  });
}

describe.each(COLLECTIVES)('$op by $algorithm', ({ op, algorithm }) => {
  it('computes its collective and puts these bytes on the busiest link of every class', () => {
    fc.assert(
      fc.property(anyPlacement, placed => {
        const at = scene(placed.fabric, placed.axes, placed.chips);
        const engine = engineOf(placed);
        fc.pre(at.n <= MOST_RANKS && !oneAxisOnly(algorithm, engine.group));
        const theirs = costs(at, op, algorithm, SIZE, RATE);
        const ours = busiestBytes(engine, op, algorithm, SIZE);
        expect(ours === undefined).toBe(theirs === undefined);
        if (!ours || !theirs) return;
        const steps = played(at, op, algorithm);
        if (steps) expect(fault(steps, at.n, op)).toBeUndefined();
        const counted = new Map<string, number>();
        for (const round of theirs.rounds)
          for (const [name, bytes] of busiest(round)) counted.set(name, (counted.get(name) ?? 0) + bytes);
        expect([...ours.keys()].sort()).toEqual([...counted.keys()].sort());
        for (const [name, bytes] of counted) {
          // Multicast up a tree of switches: trunks are charged like ports, which is more than they carry.
          if (algorithm === 'in_switch' && op !== 'all_reduce' && !name.endsWith(' tree 1'))
            expect(ours.get(name)).toBeGreaterThanOrEqual(bytes * (1 - 1e-9));
          else expect(close(ours.get(name)!, bytes), `${name}: ${ours.get(name)} for ${bytes}`).toBe(true);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('takes this long', () => {
    fc.assert(
      fc.property(anyPlacement, placed => {
        const at = scene(placed.fabric, placed.axes, placed.chips);
        const { network, group, chips } = engineOf(placed);
        fc.pre(at.n <= MOST_RANKS && !oneAxisOnly(algorithm, group));
        const theirs = costs(at, op, algorithm, SIZE, RATE);
        const ours = priceCollective(network, group, op, SIZE, { chips, algorithm, inSwitchRate: RATE });
        expect(ours === undefined).toBe(theirs === undefined);
        if (!ours || !theirs) return;
        const floor = Math.max(...levelsCrossed(at).map(level => placed.fabric.levels[level]!.floor));
        const time = Math.max(floor, theirs.transfer + theirs.latency);
        if (algorithm === 'ring' && !even(placed)) {
          // Groups that lie askew: the worst of them for each level; over several axes, at least that.
          const rounds = op === 'all_reduce' ? 2 : 1;
          const worst = rounds * walkBound(at.graph, at.groups, op !== 'broadcast');
          if (group.length === 1) expect(close(ours.latency, worst)).toBe(true);
          expect(ours.latency).toBeGreaterThanOrEqual(worst * (1 - 1e-9));
          expect(worst).toBeGreaterThanOrEqual(theirs.latency * (1 - 1e-9));
          expect(close(ours.time, Math.max(floor, theirs.transfer + ours.latency))).toBe(true);
        } else if (algorithm === 'tree' && !even(placed)) {
          // The last block of chips may be cut short, and with it the hop that would cross.
          expect(ours.latency).toBeGreaterThanOrEqual(theirs.latency * (1 - 1e-9));
          expect(close(ours.time, Math.max(floor, theirs.transfer + ours.latency))).toBe(true);
        } else if (algorithm === 'in_switch' && op !== 'all_reduce') {
          expect(ours.time).toBeGreaterThanOrEqual(time * (1 - 1e-9));
        } else expect(close(ours.time, time), `${ours.time} for ${time}`).toBe(true);
      }),
      { numRuns: 150 },
    );
  });
});

it('names the levels on which members of a group meet', () => {
  fc.assert(
    fc.property(anyPlacement, placed => {
      const { network, group, chips } = engineOf(placed);
      const theirs = levelsCrossed(scene(placed.fabric, placed.axes, placed.chips));
      expect(crossedLevels(network, group, chips)).toEqual(theirs);
    }),
    { numRuns: 500 },
  );
});
