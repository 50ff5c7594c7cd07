/** Totals by level and by class of links against messages counted one by one. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { profileOf } from '../../../src/engine/fabric/profile.ts';
import { anyPlacement } from '../../oracle/fabrics.ts';
import { meeting, route } from '../../oracle/graph.ts';
import { played, scene } from '../../oracle/price.ts';
import { COLLECTIVES, close, engineOf, nameOf, oneAxisOnly } from './support.ts';

const SIZE = 1e6;

it.each(COLLECTIVES.filter(each => each.algorithm !== 'in_switch'))(
  '$op by $algorithm',
  ({ op, algorithm }) => {
    fc.assert(
      fc.property(anyPlacement, placed => {
        const at = scene(placed.fabric, placed.axes, placed.chips);
        const { network, group, chips } = engineOf(placed);
        fc.pre(at.n <= 32 && !oneAxisOnly(algorithm, group));
        const steps = played(at, op, algorithm);
        fc.pre(steps !== undefined);
        const levels = network.levels.map(() => 0);
        const classes = new Map<string, number>();
        // Trees are counted in the first group only.
        const groups = algorithm === 'tree' ? at.groups.slice(0, 1) : at.groups;
        for (const members of groups) {
          for (const { from, to, parts } of steps!.rounds.flat()) {
            const [source, target] = [members[from]!, members[to]!];
            const bytes = (parts.length * SIZE) / steps!.parts / groups.length;
            levels[meeting(at.graph, source, target)]! += bytes;
            for (const name of new Set(route(at.graph, source, target).map(link => link.class)))
              classes.set(name, (classes.get(name) ?? 0) + bytes);
          }
        }
        const profile = profileOf(network, group, op, SIZE, algorithm, chips);
        levels.forEach((bytes, level) => {
          expect(Math.abs(profile.meeting[level]! - bytes)).toBeLessThan(1e-6 * SIZE);
        });
        const ours = new Map([...profile.passing].map(([link, bytes]) => [nameOf(link), bytes]));
        expect([...ours.keys()].sort()).toEqual([...classes.keys()].sort());
        for (const [name, bytes] of classes) expect(close(ours.get(name)!, bytes), name).toBe(true);
      }),
      { numRuns: 80 },
    );
  },
);
