/** Groups of chips, listed one by one. */

export interface Axis {
  stride: number;
  size: number;
}

/** All groups of an axis (or of several axes together) on chips [0, chips); members in ring order, innermost axis fastest. */
export function listGroups(axes: readonly Axis[], chips: number): number[][] {
  const groups = new Map<number, number[]>();
  for (let chip = 0; chip < chips; chip++) {
    let base = chip;
    for (const { stride, size } of axes) base -= (Math.floor(chip / stride) % size) * stride;
    const group = groups.get(base);
    // Chips are visited in rising order, which is the order of an odometer over the axes.
    if (group) group.push(chip);
    else groups.set(base, [chip]);
  }
  return [...groups.values()];
}
