/** What changes with the width of the plane: the panel's own, less its margins. */

const MARGINS = 36;
/** Under 380 a side bar: one drawer at a time, rows of four. */
const NARROW = 380 - MARGINS;
/** From 620 on everything is written out. */
const WIDE = 620 - MARGINS;

/** Width of the plane in a panel. */
export const planeWidth = (panel: number): number => panel - MARGINS;

export const isNarrow = (width: number): boolean => width < NARROW;

/** Prefixes are dropped: "dp 24–47" reads "24–47". */
export const isTight = (width: number): boolean => width < WIDE;

/** Width of the gutter with the names of the levels. */
export const gutter = (width: number): number => (isNarrow(width) ? 0 : isTight(width) ? 76 : 96);

/** Views lower than this get lower lanes. Opening a drawer never changes it. */
const LOW = 560;

export const isLow = (height: number): boolean => height < LOW;
