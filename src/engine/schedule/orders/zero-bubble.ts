/**
 * Zero-bubble pipelines (2401.10241): the gradient of the weights waits until a stage would be idle. H1 holds as many
 * microbatches as 1F1B's first stage, H2 twice as many; ZB-V (2405.15362) as many as H1, in two chunks a stage.
 */
import { FORWARD, INPUT_GRADIENT, type Order, opOf, type Size, WEIGHTS } from '../ops.ts';

/** @param held microbatches whose activations a stage may hold: p for H1, 2p-1 for H2 */
function handcrafted({ stages, microbatches: m }: Size, warmOf: (stage: number) => number, held: number) {
  return Array.from({ length: stages }, (_, stage): Order => {
    const warm = Math.min(m, warmOf(stage));
    // What memory leaves beside the microbatches on their way: weight gradients that may wait.
    const delay = held - 1 - warmOf(stage);
    const order: Order = [];
    let weights = 0;
    for (let micro = 0; micro < warm; micro++) order.push(opOf(FORWARD, 0, micro, 1));
    for (let micro = warm; micro < m; micro++) {
      order.push(opOf(FORWARD, 0, micro, 1), opOf(INPUT_GRADIENT, 0, micro - warm, 1));
      if (micro - warm >= delay) order.push(opOf(WEIGHTS, 0, weights++, 1));
    }
    for (let micro = m - warm; micro < m; micro++) {
      // Between two input gradients that come from the next stage there is room for one of the weights.
      order.push(opOf(INPUT_GRADIENT, 0, micro, 1), opOf(WEIGHTS, 0, weights++, 1));
    }
    while (weights < m) order.push(opOf(WEIGHTS, 0, weights++, 1));
    return order;
  });
}

export const h1 = (size: Size): Order[] => handcrafted(size, stage => size.stages - 1 - stage, size.stages);

export const h2 = (size: Size): Order[] =>
  handcrafted(size, stage => 2 * (size.stages - 1 - stage), 2 * size.stages - 1);

/**
 * The fixed sequence of ZB-V. It is made for at least 2p-1 microbatches; with fewer, those that are not there are left out
 * of it.
 */
export function zeroBubbleV({ stages: p, microbatches }: Size): Order[] {
  const m = Math.max(microbatches, 2 * p - 1);
  return Array.from({ length: p }, (_, stage) => {
    const order: Order = [];
    const done = [
      [0, 0, 0],
      [0, 0, 0],
    ];
    const put = (kind: 0 | 1 | 2, chunk: 0 | 1): void => {
      const micro = done[chunk]![kind]!++;
      if (micro < microbatches) order.push(opOf(kind, chunk, micro, 2));
    };
    const both = (chunk: 0 | 1): void => {
      put(INPUT_GRADIENT, chunk);
      put(WEIGHTS, chunk);
    };
    const [first, second] = done as [number[], number[]];
    for (let i = 0; i < 2 * (p - stage) - 1; i++) put(FORWARD, 0);
    for (let i = 0; i < stage; i++) {
      put(FORWARD, 1);
      put(FORWARD, 0);
    }
    for (let i = 0; i < p - stage; i++) {
      put(FORWARD, 1);
      both(1);
    }
    while (second[FORWARD]! < first[FORWARD]! || first[FORWARD]! < m) {
      if (first[FORWARD]! < m) put(FORWARD, 0);
      both(0);
      put(FORWARD, 1);
      both(1);
    }
    for (let i = 0; i < stage; i++) {
      put(INPUT_GRADIENT, 0);
      put(INPUT_GRADIENT, 1);
    }
    for (let i = 0; i < p - stage; i++) both(0);
    while (second[WEIGHTS]! < second[INPUT_GRADIENT]!) put(WEIGHTS, 1);
    while (first[WEIGHTS]! < first[INPUT_GRADIENT]!) put(WEIGHTS, 0);
    return order;
  });
}
