/** From the digits of a group, which count chips, to where its members lie along the coordinates of a wiring. */
import { type Digit, type Group, periodOf } from '../pattern.ts';
import type { Coordinate, Lattice } from './wiring.ts';

export interface OnWiring {
  lattice: Lattice;
  /** Members of the group at one endpoint. */
  atEnd: number;
  /** Members of the group in one unit of the wiring. */
  members: number;
  /** Where groups do not fill a row of some coordinate: endpoints in the first one, beyond which they lie differently. */
  row?: number;
}

/**
 * @param end chips of one endpoint
 * @param ends endpoints of one unit; digits beyond are other units' and left out
 * @returns undefined where a digit does not fit the endpoints or coordinates evenly: its flows must be listed one by one
 */
export function latticeOf(
  group: Group,
  coordinates: readonly Coordinate[],
  end: number,
  ends: number,
): OnWiring | undefined {
  const digits: Digit[][] = coordinates.map(() => []);
  const slots = coordinates
    .flatMap(({ digits: own }, at) => own.map(digit => ({ ...digit, at })))
    .sort((a, b) => a.stride - b.stride);
  let atEnd = 1;
  let members = 1;
  let row = Number.POSITIVE_INFINITY;
  for (const digit of group) {
    let { stride, size } = digit;
    if (stride < end) {
      if (end % stride !== 0) return undefined;
      const inside = Math.min(size, end / stride);
      if (size % inside !== 0 || end % (stride * inside) !== 0) return undefined;
      atEnd *= inside;
      members *= inside;
      stride *= inside;
      size /= inside;
    }
    if (size === 1) continue;
    if (stride % end !== 0) return undefined;
    stride /= end;
    while (size > 1 && stride < ends) {
      const slot = slots.find(each => stride < each.stride * each.size);
      if (!slot || stride % slot.stride !== 0 || (slot.stride * slot.size) % stride !== 0) return undefined;
      const here = Math.min(size, (slot.stride * slot.size) / stride);
      if (size % here !== 0) return undefined;
      digits[slot.at]!.push({ stride: (stride / slot.stride) * slot.step, size: here });
      members *= here;
      stride *= here;
      size /= here;
      const end = slot.stride * slot.size;
      if (end % stride !== 0) row = Math.min(row, coordinates[slot.at]!.digits.length > 1 ? 0 : end);
    }
  }
  // Digits of one coordinate nest: outer positions step over the whole of the inner ones.
  const lattice = digits.map(merged);
  const nest = lattice.every(along =>
    along.every((digit, at) => at === 0 || digit.stride % periodOf(along[at - 1]!) === 0),
  );
  return nest ? { lattice, atEnd, members, ...(Number.isFinite(row) && { row }) } : undefined;
}

function merged(digits: readonly Digit[]): Digit[] {
  const found: Digit[] = [];
  for (const digit of [...digits].sort((a, b) => a.stride - b.stride)) {
    const last = found.at(-1);
    if (last && periodOf(last) === digit.stride) last.size *= digit.size;
    else found.push({ ...digit });
  }
  return found;
}
