/** The sequence of operations on every stage that a schedule stands for. */
import type { Schedule } from '../plan/spec.ts';
import type { Order, Size } from './ops.ts';
import { dualpipe } from './orders/dualpipe.ts';
import { interleaved } from './orders/interleaved.ts';
import { circular, gpipe, oneForwardOneBackward } from './orders/plain.ts';
import { type Shares, vShaped } from './orders/v-shaped.ts';
import { h1, h2, zeroBubbleV } from './orders/zero-bubble.ts';

/**
 * @param size with the microbatches of one chain: half of all with DualPipe
 * @param shares of the kinds of operations, for the sequences that are made to measure ({@link isMeasured})
 */
export function ordersOf(schedule: Schedule, size: Size, shares?: Shares): Order[] {
  if (size.stages === 1) return oneForwardOneBackward(size);
  switch (schedule.kind) {
    case 'gpipe':
      return gpipe(size);
    case '1f1b':
      return oneForwardOneBackward(size);
    case 'interleaved':
      return interleaved(size);
    case 'circular':
      return circular(size);
    case 'v_half':
    case 'v_min':
      return vShaped(schedule.kind, size, shares);
    case 'dualpipe':
      return dualpipe(size);
    case 'zero_bubble':
      return { h1, h2, v: zeroBubbleV }[schedule.variant](size);
  }
}

/** Whether the sequence depends on how long operations take; of all others it is fixed by counts. */
export const isMeasured = ({ kind }: Schedule): boolean => kind === 'v_half' || kind === 'v_min';
