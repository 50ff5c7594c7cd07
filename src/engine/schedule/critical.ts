/** The longest path through a played step: what would have to be faster for the step to end earlier. */
import { PAIRED_BACKWARD, PAIRED_FORWARD } from './ops.ts';
import type { Played } from './play.ts';

export interface CriticalOp {
  /** In the program. */
  index: number;
  /** Seconds before it in which its stage waited: for a send, or for weights. */
  wait: number;
  /** What it had to wait for: its own stage, or what another one sent. */
  after: 'start' | 'stage' | 'send';
}

/** @returns the operations of the path, first one first; each follows on the one before it without a gap but `wait` */
export function criticalPath({ program, start, end, arrival, computed, finished }: Played): CriticalOp[] {
  const { before, needs, stage, kind, last, sentBefore } = program;
  let ends = 0;
  for (let at = 1; at < program.stages; at++) {
    const better =
      finished[at]! > finished[ends]! || (finished[at] === finished[ends] && computed[at]! > computed[ends]!);
    if (better) ends = at;
  }
  /** A send that stood behind others of its direction waited for the first of those. */
  const heldUp = (sent: number): number => {
    let at = sent;
    for (let ahead = sentBefore[at]!; ahead >= 0 && arrival[ahead]! > end[at]!; ahead = sentBefore[at]!)
      at = ahead;
    return at;
  };
  const path: CriticalOp[] = [];
  let index = last[ends]!;
  while (index >= 0) {
    // Of a pair either may be what the two waited for.
    const group =
      kind[index] === PAIRED_BACKWARD
        ? [index - 1, index]
        : kind[index] === PAIRED_FORWARD
          ? [index, index + 1]
          : [index];
    const own = before[group[0]!]!;
    let from = own;
    let there = own < 0 ? 0 : end[own]!;
    let after: CriticalOp['after'] = own < 0 ? 'start' : 'stage';
    for (const each of group) {
      const need = needs[each]!;
      if (need < 0) continue;
      const arrives = stage[need] === stage[each] ? end[need]! : arrival[need]!;
      if (arrives <= there) continue;
      from = stage[need] === stage[each] ? need : heldUp(need);
      there = arrives;
      after = stage[need] === stage[each] ? 'stage' : 'send';
    }
    path.push({ index, wait: start[index]! - (from < 0 ? 0 : end[from]!), after });
    index = from;
  }
  return path.reverse();
}
