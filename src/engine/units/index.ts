/** Quantities with units, and numbers for people. */
export * from './dimension.ts';
export * from './format.ts';
export * from './quantity.ts';
export * from './suggest.ts';
export { findUnit, type Unit, unitSpellings } from './unit.ts';
