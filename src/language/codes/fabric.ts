/** Chips, fabrics and models. */
import type { CodeSpec } from '../codes.ts';

const CHIP_KEYS = 'peak.bf16: 1PFLOP/s  hbm.capacity: 80GiB  hbm.bandwidth: 3TB/s';
const CHIP = `chip c { ${CHIP_KEYS} }\n`;

export const FABRIC_CODES = {
  'chip-table': {
    title: 'A table of products that cannot be used',
    severity: 'error',
    meaning:
      'The file is missing, too large, no table of matrix products, or holds none of the width that the key is about. As a warning: rows that are left out, because a number is missing or wrong, or because they are faster than the peak of the chip allows.',
    fix: 'Name a CSV file with the columns `m`, `n`, `k` and one of `tflops`, `us`, `ms`, `seconds` or `share`; check the unit, and the peak that the chip states.',
    wrong: { in: 'chip', text: `${CHIP_KEYS}  efficiency.gemm: table("nowhere.csv")` },
    right: { in: 'chip', text: `${CHIP_KEYS}  efficiency.gemm: 78%` },
  },
  'fabric-empty': {
    title: 'A fabric without levels',
    severity: 'error',
    meaning: 'A fabric is made of levels: how many chips form a node, how many nodes a pod.',
    fix: 'Add a level.',
    wrong: { in: 'file', text: 'fabric f { }\n' },
    right: { in: 'file', text: `${CHIP}fabric f { level node of 8 c { bandwidth: 400GB/s } }\n` },
  },
  'fabric-top': {
    title: 'A fabric with several tops, or none',
    severity: 'error',
    meaning:
      'The level that no other contains is the top. Two such levels leave it open which one the fabric is.',
    fix: 'Let one level contain the other, or remove it.',
    wrong: {
      in: 'file',
      text: `${CHIP}fabric f { level a of 8 c { bandwidth: 400GB/s } level b of 4 c { bandwidth: 400GB/s } }\n`,
    },
    right: {
      in: 'file',
      text: `${CHIP}fabric f { level a of 8 c { bandwidth: 400GB/s } level b of 4 a { bandwidth: 50GB/s } }\n`,
    },
  },
  'fabric-cycle': {
    title: 'A level that contains itself',
    severity: 'error',
    meaning: 'Following the children of a level leads back to it, never to a chip.',
    fix: 'Let the innermost level be made of chips.',
    wrong: {
      in: 'file',
      text: 'fabric f { level a of 8 b { bandwidth: 400GB/s } level b of 4 a { bandwidth: 400GB/s } }\n',
    },
    right: {
      in: 'file',
      text: `${CHIP}fabric f { level a of 8 c { bandwidth: 400GB/s } level b of 4 a { bandwidth: 400GB/s } }\n`,
    },
  },
  'level-mixed': {
    title: 'Children of different kinds',
    severity: 'info',
    meaning:
      'Ranks are spread evenly over the parts of `of 1 site_a + 1 site_b`, so larger parts are used in part; the slowest kind of part sets the time. Parts that cannot be used evenly, and a level of unlike parts inside another one, keep plans from being priced.',
    fix: 'Nothing is wrong where chips stay idle. Else give the parts sizes that come out even.',
    wrong: {
      in: 'file',
      text: `${CHIP}fabric f {
  level a of 8 c { bandwidth: 400GB/s }
  level b of 4 c { bandwidth: 400GB/s }
  level top of 1 a + 1 b { bandwidth: 50GB/s }
}
`,
    },
    right: {
      in: 'file',
      text: `${CHIP}fabric f {
  level a of 8 c { bandwidth: 400GB/s }
  level b of 8 c { bandwidth: 200GB/s }
  level top of 1 a + 1 b { bandwidth: 50GB/s }
}
`,
    },
  },
  'level-spare': {
    title: 'All children of a level are spare',
    severity: 'error',
    meaning: '`spare` keeps that many children of every unit idle; nothing is left to compute.',
    fix: 'Lower `spare` or raise the count.',
    wrong: { in: 'level', text: 'bandwidth: 400GB/s  spare: 8' },
    right: { in: 'level', text: 'bandwidth: 400GB/s  spare: 1' },
  },
  'media-reach': {
    title: 'A cable longer than its medium reaches',
    severity: 'error',
    meaning:
      'The faster a lane, the shorter the cable that carries it: passive copper reaches 3 m at 50G, 2 m at 100G and about 1 m at 200G per lane. `length` is beyond the reach of `media` at `lane`, or beyond an own `reach`.',
    fix: 'Take a medium that reaches: `aec`, `aoc`, `optics`. Or correct `length` or `lane`, or state the `reach` that your cables have.',
    wrong: { in: 'level', text: 'bandwidth: 400GB/s  media: copper  lane: 100Gb/s  length: 5m' },
    right: { in: 'level', text: 'bandwidth: 400GB/s  media: aec  lane: 100Gb/s  length: 5m' },
  },
  'level-calibrate': {
    title: 'A log that cannot calibrate its level',
    severity: 'error',
    meaning:
      'The file is missing, too large, not the output of nccl-tests or rccl-tests, or measured on other ranks than the level has. As a warning: rows of it that are left out, or a fit that is poor.',
    fix: 'Name a log of the level itself with at least three sizes, some of 16 MiB or more: `all_reduce_perf -b 8 -e 8G -f 2` over all chips of one unit.',
    wrong: { in: 'level', text: 'bandwidth: 400GB/s  calibrate: "nowhere.log"' },
    right: { in: 'level', text: 'bandwidth: 400GB/s  efficiency: 82%' },
  },
  'level-calibrate-unused': {
    title: 'An efficiency beside a log that would set it',
    severity: 'warning',
    meaning: '`efficiency` counts; of the log only what is not stated (`floor`, `latency`) is taken.',
    fix: 'Remove `efficiency`, or `calibrate`.',
    wrong: { in: 'level', text: 'bandwidth: 400GB/s  efficiency: 82%  calibrate: "nccl-tests.log"' },
    right: { in: 'level', text: 'bandwidth: 400GB/s  efficiency: 82%' },
  },
  'model-import': {
    title: 'A model file that cannot be used',
    severity: 'error',
    meaning: 'The file is missing, too large, no JSON, or describes an architecture that is not known.',
    fix: 'Correct the path; or write the model inline with the keys that the reference lists.',
    wrong: { in: 'file', text: 'model m from "nowhere/config.json"\n' },
    right: { in: 'file', text: 'model m { layers: 8  hidden: 4096  heads: 32  vocab: 32000 }\n' },
  },
  'model-shape': {
    title: 'Sizes of a model that do not go together',
    severity: 'error',
    meaning:
      'Heads that do not divide the hidden width without a stated `head_dim`, more KV heads than heads, more experts per token than experts, more dense layers than layers.',
    fix: 'Check against the published configuration.',
    wrong: { in: 'model', text: 'layers: 8  hidden: 4096  heads: 30  vocab: 32000' },
    right: { in: 'model', text: 'layers: 8  hidden: 4096  heads: 30  head_dim: 128  vocab: 32000' },
  },
} satisfies Record<string, CodeSpec>;
