/** The order of a mesh where the text does not state one. */
import type { AxisSpec } from '../../engine/plan/spec.ts';

/**
 * The sequence of the text, refined by places: level by level from inside, first the axes placed there, then unplaced
 * ones in sequence as long as they fit, so that `pp on pod` is one rank per node.
 * @param counts children per unit, innermost level first.
 */
export function defaultOrder(
  axes: readonly AxisSpec[],
  levels: readonly string[],
  counts: readonly number[],
): string[] {
  const left = axes.filter(axis => axis.from.length === 0);
  const ordered: AxisSpec[] = [];
  const take = (axis: AxisSpec) => {
    ordered.push(axis);
    left.splice(left.indexOf(axis), 1);
  };
  const levelOf = (axis: AxisSpec) => levels.indexOf(axis.on[0]?.level ?? '');
  let capacity = 1;
  levels.forEach((_, level) => {
    capacity *= counts[level]!;
    const filled = () => ordered.reduce((product, axis) => product * axis.size, 1);
    for (const axis of left.filter(a => levelOf(a) === level)) take(axis);
    const more = left.some(axis => levelOf(axis) > level);
    // Unplaced axes fill a unit only where a placed one waits for it to be full; otherwise the text's sequence holds.
    if (!more) return;
    for (const axis of left.filter(a => a.on.length === 0)) {
      if (filled() * axis.size <= capacity) take(axis);
      else break;
    }
  });
  return [...ordered, ...left].map(axis => axis.name);
}
