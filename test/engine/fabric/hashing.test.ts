/** Flows hashed onto parallel links, against throwing them one by one. */
import { expect, it } from 'vitest';
import { unevenness } from '../../../src/engine/fabric/hashing.ts';

/** Mean over many throws of fullest over mean; a fixed congruential generator, so that every run is the same. */
function thrown(ports: number, perPort: number): number {
  let state = 12345;
  const next = (): number => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * ports);
  };
  let sum = 0;
  const rounds = 2000;
  for (let round = 0; round < rounds; round++) {
    const bins = new Array<number>(ports).fill(0);
    for (let flow = 0; flow < ports * perPort; flow++) bins[next()]!++;
    sum += Math.max(...bins) / perPort;
  }
  return sum / rounds;
}

it.each([8, 16, 32].flatMap(ports => [1, 4, 8, 32].map(perPort => ({ ports, perPort }))))(
  '$perPort flows for each of $ports links: no less than thrown at random, and at most 25 % above',
  ({ ports, perPort }) => {
    const simulated = thrown(ports, perPort);
    const closed = unevenness({ ports, routing: 'ecmp' }, ports * perPort);
    expect(closed).toBeGreaterThan(simulated * 0.95);
    expect(closed).toBeLessThan(simulated * 1.25);
  },
);

it('spreads evenly where nothing is said, and never loads one link with more than all flows', () => {
  expect(unevenness({ ports: 32 }, 4)).toBe(1);
  expect(unevenness({ ports: 32, routing: 'minimal' }, 4)).toBe(1);
  expect(unevenness({ ports: 8, routing: 'ecmp' }, 1)).toBeLessThanOrEqual(8);
});
