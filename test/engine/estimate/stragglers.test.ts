/** The slowest of many ranks: expected maxima of standard normals, by another integral and by drawing. */
import { describe, expect, it } from 'vitest';
import { expectedMaximum } from '../../../src/engine/estimate/stragglers.ts';
import { mesh, priced, zero1 } from '../plan/support.ts';

/** E[max] = n times the integral of x f(x) F(x)^(n-1), F by Marsaglia's series: another form, another distribution function. */
function oracle(count: number): number {
  const density = (x: number) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  const below = (x: number): number => {
    if (x < -8) return 0;
    if (x > 8) return 1;
    let [term, sum] = [x, x];
    for (let odd = 3; Math.abs(term) > 1e-17; odd += 2) {
      term *= (x * x) / odd;
      sum += term;
    }
    return 0.5 + sum * density(x);
  };
  let total = 0;
  const step = 1e-3;
  for (let x = -9; x < 9; x += step) {
    const middle = x + step / 2;
    total += step * count * middle * density(middle) * below(middle) ** (count - 1);
  }
  return total;
}

describe('expected maximum of standard normals', () => {
  it('of one is their mean, of two 1 / sqrt(pi), of three 3 / (2 sqrt(pi))', () => {
    expect(expectedMaximum(1)).toBe(0);
    expect(expectedMaximum(2)).toBeCloseTo(1 / Math.sqrt(Math.PI), 9);
    expect(expectedMaximum(3)).toBeCloseTo(1.5 / Math.sqrt(Math.PI), 9);
  });

  it('is 3.25 of 1,024 and 3.97 of 16,384, well below sqrt(2 ln n)', () => {
    expect(expectedMaximum(1024)).toBeCloseTo(3.25, 2);
    expect(expectedMaximum(16384)).toBeCloseTo(3.97, 2);
    expect(expectedMaximum(16384)).toBeLessThan(Math.sqrt(2 * Math.log(16384)));
  });

  it.each([2, 5, 8, 100, 1024, 16384, 131072, 1_000_000])('of %i agrees with the other integral', count => {
    expect(expectedMaximum(count)).toBeCloseTo(oracle(count), 6);
  });
});

describe('noise of ranks', () => {
  const plan = (noise?: number) =>
    priced({ ...zero1, mesh: mesh({ tp: 8, pp: 16, dp: 8 }), ...(noise !== undefined && { noise }) });

  it('adds its expected maximum over all ranks to the step, as overhead', () => {
    const [quiet, noisy] = [plan(), plan(0.02)];
    const late = 0.02 * oracle(1024) * quiet.step.compute;
    expect(noisy.step.time - quiet.step.time).toBeCloseTo(late, 6);
    expect(noisy.step.overhead - quiet.step.overhead).toBeCloseTo(late, 6);
    expect(noisy.step.noise).toBeCloseTo(late, 6);
    expect(quiet.step.noise).toBeUndefined();
    expect(noisy.step.compute).toBe(quiet.step.compute);
  });

  it('is named as not modelled where it is off', () => {
    const named = (noise?: number) => plan(noise).assumptions.some(({ key }) => key === 'noise');
    expect([named(), named(0), named(0.02)]).toEqual([true, true, false]);
    expect(plan(0).step.time).toBe(plan().step.time);
  });
});
