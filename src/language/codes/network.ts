/** Findings about traffic, from the estimate. */
import type { CodeSpec } from '../codes.ts';

const fabric = (cluster: string) => `chip c { peak.bf16: 1PFLOP/s  hbm.capacity: 80GiB  hbm.bandwidth: 3TB/s }
fabric f {
  level node of 8 c { bandwidth: 400GB/s }
  level cluster of 16 node { bandwidth: ${cluster} }
}
model m { layers: 32  hidden: 4096  ffn: 14336  heads: 32  kv_heads: 8  vocab: 32000 }
`;

const MODEL = 'model m { layers: 32  hidden: 4096  ffn: 14336  heads: 32  kv_heads: 8  vocab: 32000 }\n';
const torus = (wrap: string) => `chip c { peak.bf16: 200TFLOP/s  hbm.capacity: 80GiB  hbm.bandwidth: 3TB/s }
fabric f { level slice of 32 c { topology: torus(4x8, wrap: ${wrap})  link: 50GB/s } }
${MODEL}`;
const box = `chip c { peak.bf16: 1PFLOP/s  hbm.capacity: 200GiB  hbm.bandwidth: 3TB/s }
fabric f { level box of 8 c { topology: fully_connected  link: 50GB/s } }
${MODEL}`;

export const NETWORK_CODES = {
  'order-slow-level': {
    title: 'Tensor or expert parallelism across a slow level',
    severity: 'warning',
    meaning:
      'Groups that talk in every layer span several scale-up units, so their traffic crosses the scale-out network.',
    fix: 'Put the axis innermost in `order`, or make it no larger than the scale-up unit.',
    wrong: {
      in: 'file',
      text: `${fabric('50GB/s')}mesh w on f { tp: 8  dp: 16  order: dp < tp }\nplan p of m on w { batch.global: 256 }\n`,
    },
    right: {
      in: 'file',
      text: `${fabric('50GB/s')}mesh w on f { tp: 8  dp: 16  order: tp < dp }\nplan p of m on w { batch.global: 256 }\n`,
    },
  },
  'network-bound': {
    title: 'The network sets the pace',
    severity: 'warning',
    meaning:
      'The links of one axis are busy for longer than the chips are with everything else, and more than a fifth of the step waits for them; or doubling the chips would bring less than half of what it brings on a network that costs nothing.',
    fix: 'Hide or shrink the traffic of the axis that is named; the fixes say what each would bring.',
    wrong: {
      in: 'file',
      text: `${fabric('1GB/s')}mesh w on f { tp: 8  dp: 16  order: tp < dp }\nplan p of m on w { batch.global: 32 }\n`,
    },
    right: {
      in: 'file',
      text: `${fabric('100GB/s')}mesh w on f { tp: 8  dp: 16  order: tp < dp }\nplan p of m on w { batch.global: 4096 }\n`,
    },
  },
  'level-hot': {
    title: 'A link that is busy for nearly the whole step',
    severity: 'warning',
    meaning: 'The busiest link of the level carries more than 90 % of what it could in the time of a step.',
    fix: 'Move traffic to another level, or give the level more bandwidth.',
    wrong: {
      in: 'file',
      text: `${fabric('100MB/s')}mesh w on f { tp: 8  dp: 16  order: tp < dp }\nplan p of m on w { batch.global: 32 }\n`,
    },
    right: {
      in: 'file',
      text: `${fabric('100GB/s')}mesh w on f { tp: 8  dp: 16  order: tp < dp }\nplan p of m on w { batch.global: 4096 }\n`,
    },
  },
  'axis-unwrapped': {
    title: 'A ring on a dimension that does not close',
    severity: 'warning',
    meaning:
      'Along a dimension of a torus or mesh without links around its ends, a ring of chips is a line: the chips at its ends have one link, and collectives over it take twice as long.',
    fix: 'Put the axis on a dimension that closes, or one there that only passes on to its neighbour, such as pipeline stages.',
    wrong: {
      in: 'file',
      text: `${torus('[false, true]')}mesh w on f { tp: 4  dp: 8  order: tp < dp }\nplan p of m on w { batch.global: 256 }\n`,
    },
    right: {
      in: 'file',
      text: `${torus('[true, true]')}mesh w on f { tp: 4  dp: 8  order: tp < dp }\nplan p of m on w { batch.global: 256 }\n`,
    },
  },
  'group-few-links': {
    title: 'A small group on a full mesh',
    severity: 'warning',
    meaning:
      'Where every two children have a link of their own, a group of m of them uses m - 1 links of each and leaves the others idle: a group of two has a seventh of what all eight have.',
    fix: 'Let the axis span the whole level, or not lie in it at all.',
    wrong: {
      in: 'file',
      text: `${box}mesh w on f { tp: 2  dp: 4  order: tp < dp }\nplan p of m on w { batch.global: 256 }\n`,
    },
    right: {
      in: 'file',
      text: `${box}mesh w on f { tp: 8 }\nplan p of m on w { batch.global: 256 }\n`,
    },
  },
} satisfies Record<string, CodeSpec>;
