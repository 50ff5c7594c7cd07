/** From the description of a level to its wiring. */
import type { LevelSpec } from '../spec.ts';
import { gridWiring } from './grid.ts';
import type { Wiring } from './wiring.ts';

export interface BuiltWiring {
  wiring: Wiring;
  /** Chips of one endpoint. */
  end: number;
}

/**
 * @param chips of one child
 * @param cube the level below a circuit switch
 * @returns why it cannot be built, in words for people
 */
export function buildWiring(level: LevelSpec, chips: number, cube?: LevelSpec): BuiltWiring | string {
  const wiring = gridWiring(level, chips, cube);
  return wiring ? { wiring, end: chips } : `Topology ${level.topology.kind} is not priced yet.`;
}
