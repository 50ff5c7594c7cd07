/**
 * DualPipe (DeepSeek-V3, 2412.19437; sequence as in deepseek-ai/DualPipe): microbatches enter at both ends of the pipeline,
 * and a forward pass of one direction runs in one piece with a backward pass of the other. Needs an even number of stages
 * and of microbatches, and at least two microbatches per stage.
 */
import {
  BACKWARD,
  FORWARD,
  INPUT_GRADIENT,
  type Order,
  opOf,
  PAIRED_BACKWARD,
  PAIRED_FORWARD,
  type Size,
  WEIGHTS,
} from '../ops.ts';

/** @param size microbatches of one direction: half of all */
export function dualpipe({ stages: p, microbatches }: Size): Order[] {
  const half = p / 2;
  return Array.from({ length: p }, (_, stage): Order => {
    const order: Order = [];
    const fromEnd = Math.min(stage, p - 1 - stage);
    const middle = fromEnd === half - 1;
    // Direction 0 of a stage of the second half is the chain that begins at the last stage.
    const flip = stage >= half ? 1 : 0;
    const forwards = [0, 0];
    const backwards = [0, 0];
    const waiting: number[] = [];
    const forward = (direction: 0 | 1): void => {
      const chunk = direction ^ flip;
      order.push(opOf(FORWARD, chunk, forwards[chunk]!++, 2));
    };
    const backward = (direction: 0 | 1, split = false): void => {
      const chunk = direction ^ flip;
      const micro = backwards[chunk]!++;
      order.push(opOf(split ? INPUT_GRADIENT : BACKWARD, chunk, micro, 2));
      if (split) waiting.push(opOf(WEIGHTS, chunk, micro, 2));
    };
    const pair = (ahead: 0 | 1, back: 0 | 1): void => {
      const [chunk, other] = [ahead ^ flip, back ^ flip];
      order.push(opOf(PAIRED_FORWARD, chunk, forwards[chunk]!++, 2));
      order.push(opOf(PAIRED_BACKWARD, other, backwards[other]!++, 2));
    };
    const weights = (): void => {
      order.push(waiting.shift()!);
    };

    for (let i = 0; i < 2 * (half - fromEnd - 1); i++) forward(0);
    for (let i = 0; i <= fromEnd; i++) {
      forward(0);
      forward(1);
    }
    for (let i = 0; i < half - fromEnd - 1; i++) {
      backward(1, true);
      weights();
      forward(1);
    }
    for (let i = 0; i < microbatches - p + fromEnd + 1; i++) {
      if (i === 0 && middle) {
        // The two stages in the middle do not join their first pair: the gradient is needed at once.
        forward(0);
        backward(1);
      } else pair(0, 1);
      pair(1, 0);
    }
    for (let i = 0; i < half - fromEnd - 1; i++) {
      backward(1);
      pair(1, 0);
    }
    const last = fromEnd + 1;
    const from = last >> 1;
    for (let i = 0; i < last; i++) {
      // From the middle of this part on, weight gradients wait.
      backward(1, i > from || (i === from && fromEnd % 2 === 1));
      backward(0, i >= from);
    }
    for (let i = 0; i < half - fromEnd - 1; i++) {
      weights();
      backward(0, true);
    }
    while (waiting.length > 0) weights();
    return order;
  });
}
