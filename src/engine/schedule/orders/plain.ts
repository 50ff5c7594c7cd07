/** GPipe (1811.06965), 1F1B (PipeDream-Flush, 2006.09503), and chunks in a circle (MaxText's pipeline). */
import { BACKWARD, FORWARD, type Order, opOf, type Size } from '../ops.ts';

/** All forward passes, then all backward passes. */
export function gpipe({ stages, microbatches }: Size): Order[] {
  return Array.from({ length: stages }, () => {
    const order: Order = [];
    for (let micro = 0; micro < microbatches; micro++) order.push(opOf(FORWARD, 0, micro, 1));
    for (let micro = 0; micro < microbatches; micro++) order.push(opOf(BACKWARD, 0, micro, 1));
    return order;
  });
}

/** As many forward passes as stages follow, then one forward and one backward in turn. */
export function oneForwardOneBackward({ stages, microbatches }: Size): Order[] {
  return Array.from({ length: stages }, (_, stage) => {
    const warm = Math.min(microbatches, stages - 1 - stage);
    const order: Order = [];
    for (let micro = 0; micro < warm; micro++) order.push(opOf(FORWARD, 0, micro, 1));
    for (let micro = warm; micro < microbatches; micro++)
      order.push(opOf(FORWARD, 0, micro, 1), opOf(BACKWARD, 0, micro - warm, 1));
    for (let micro = microbatches - warm; micro < microbatches; micro++)
      order.push(opOf(BACKWARD, 0, micro, 1));
    return order;
  });
}

/** All microbatches through the first chunk of every stage, then through the next; backward exactly the other way round. */
export function circular({ stages, microbatches, chunks }: Size): Order[] {
  const order: Order = [];
  for (let chunk = 0; chunk < chunks; chunk++)
    for (let micro = 0; micro < microbatches; micro++) order.push(opOf(FORWARD, chunk, micro, chunks));
  for (let chunk = chunks - 1; chunk >= 0; chunk--)
    for (let micro = microbatches - 1; micro >= 0; micro--) order.push(opOf(BACKWARD, chunk, micro, chunks));
  return Array.from({ length: stages }, () => order);
}
