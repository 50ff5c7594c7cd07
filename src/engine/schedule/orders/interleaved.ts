/** Interleaved 1F1B in the sequence of Megatron-LM (2104.04473): rounds of p microbatches, chunk after chunk. */
import { BACKWARD, FORWARD, type Order, opOf, type Size } from '../ops.ts';

/**
 * Where the microbatches are no multiple of the stages the rounds are longer, the first ones by one more: Megatron-LM refuses a
 * last round of fewer microbatches than stages (it would stop the pipeline), Llama 3 was trained with rounds of any length from p on
 * (2407.21783).
 */
export function interleaved(size: Size): Order[] {
  const { stages, microbatches, chunks } = size;
  const forward: number[] = [];
  const backward: number[] = [];
  const rounds = Math.max(1, Math.floor(microbatches / stages));
  for (let round = 0, first = 0; round < rounds; round++) {
    const end = first + Math.ceil((microbatches - first) / (rounds - round));
    for (let chunk = 0; chunk < chunks; chunk++)
      for (let micro = first; micro < end; micro++) {
        forward.push(opOf(FORWARD, chunk, micro, chunks));
        backward.push(opOf(BACKWARD, chunks - 1 - chunk, micro, chunks));
      }
    first = end;
  }
  const all = forward.length;
  return Array.from({ length: stages }, (_, stage) => {
    const warm = warmUp(size, stage);
    const order: Order = forward.slice(0, warm);
    for (let index = warm; index < all; index++) order.push(forward[index]!, backward[index - warm]!);
    for (let index = all - warm; index < all; index++) order.push(backward[index]!);
    return order;
  });
}

/** Forward passes of chunks before the first backward pass. */
export function warmUp({ stages, microbatches, chunks }: Size, stage: number): number {
  const longest = Math.ceil(microbatches / Math.max(1, Math.floor(microbatches / stages)));
  const round = Math.max(stages, longest);
  return Math.min(chunks * microbatches, 2 * (stages - stage - 1) + (chunks - 1) * round);
}
