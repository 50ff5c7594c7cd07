import type { Prediction } from './collective.ts';
import type { Chips } from './machine.ts';
import type { Row } from './row.ts';
export function predictFraction(_row: Row, _chips: Chips): Prediction {
  return { reason: 'todo' };
}
