/** What groups load, kept: the schedules of one collective ask for the same groups, with buffers of other sizes. */
import type { Lattice, WiredLoad } from './wiring.ts';

/** Groups of which the answer is kept. */
const MOST_KEPT = 64;

export function remembered<T>(make: (lattice: Lattice) => T): (lattice: Lattice) => T {
  const known = new Map<string, T>();
  return lattice => {
    const key = JSON.stringify(lattice);
    const found = known.get(key);
    if (found !== undefined) return found;
    const made = make(lattice);
    if (known.size >= MOST_KEPT) known.clear();
    known.set(key, made);
    return made;
  };
}

/** Loads are proportional to the bytes of a pair. */
export function scaled(loads: readonly WiredLoad[], bytes: number): WiredLoad[] {
  return loads.map(load => ({
    ...load,
    bytes: load.bytes * bytes,
    both: load.both * bytes,
    total: load.total * bytes,
  }));
}
