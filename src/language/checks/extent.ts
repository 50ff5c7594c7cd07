/** How far the groups of an axis reach within a level. */
import type { Digit } from '../../engine/fabric/pattern.ts';
import type { FabricSpec } from '../../engine/fabric/spec.ts';

/** Chips of a child of each level, innermost first, and of the whole fabric last; spares carry no ranks. */
export function levelSpans(fabric: FabricSpec): number[] {
  const spans = [1];
  for (const level of fabric.levels) spans.push(spans.at(-1)! * (level.count - level.spare));
  return spans;
}

/** Positions that one group takes between the strides `from` and `to`; whole only where the digits are aligned to them. */
export function extentWithin(digits: readonly Digit[], from: number, to: number): number {
  return digits.reduce((extent, { stride, size }) => {
    const low = Math.max(stride, from);
    const high = Math.min(stride * size, to);
    return high > low ? extent * (high / low) : extent;
  }, 1);
}
