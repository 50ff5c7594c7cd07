import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { savedBytesToPayBack, stepsToPayBack } from '../../../src/engine/fabric/reconfigure.ts';

describe('circuits that are set anew', () => {
  // A switch of mirrors, a fast one, a rotor: what a link of 50 GB/s carries meanwhile.
  it.each([
    [10e-3, 500e6],
    [1e-3, 50e6],
    [25e-6, 1.25e6],
  ])('%f s at 50 GB/s are back from %f bytes on', (reconfigure, bytes) =>
    expect(savedBytesToPayBack(reconfigure, 50e9)).toBeCloseTo(bytes, 3),
  );

  it('pay back with the first step that saves more than they took', () => {
    const seconds = fc.double({ min: 1e-3, max: 1e3, noNaN: true });
    fc.assert(
      fc.property(seconds, seconds, seconds, (reconfigure, a, b) => {
        const steps = stepsToPayBack(reconfigure, a, b);
        if (a <= b) {
          expect(steps).toBeUndefined();
          return;
        }
        const saved = a - b;
        expect(steps! * saved).toBeGreaterThan(reconfigure * (1 - 1e-9));
        expect((steps! - 1) * saved).toBeLessThanOrEqual(reconfigure * (1 + 1e-9));
      }),
    );
  });

  it.each([
    [10, 4, 3, 11],
    [10, 4, 3.3, 15],
    [0, 4, 3, 1],
    [10, 3, 3, undefined],
    [10, 3, 4, undefined],
    [Number.POSITIVE_INFINITY, 4, 3, Number.POSITIVE_INFINITY],
  ])('%f s, %f to %f s a step: %s', (reconfigure, before, after, steps) =>
    expect(stepsToPayBack(reconfigure, before, after)).toBe(steps),
  );
});
