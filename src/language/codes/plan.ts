/** Plans: what they rest on, schedules, stated collectives, memory. */
import type { CodeSpec } from '../codes.ts';

const BASE = `chip c { peak.bf16: 1PFLOP/s  hbm.capacity: 80GiB  hbm.bandwidth: 3TB/s }
fabric f { level node of 8 c { bandwidth: 400GB/s } }
model m { layers: 8  hidden: 4096  heads: 32  vocab: 32000 }
mesh w on f { tp: 8 }
`;

export const PLAN_CODES = {
  'plan-incomplete': {
    title: 'A plan without a model or a mesh',
    severity: 'error',
    meaning: 'A plan needs both, its own (`of`, `on`) or those of the plan it is `like`.',
    fix: 'Name them behind the name of the plan.',
    wrong: { in: 'file', text: `${BASE}plan p on w { }\n` },
    right: { in: 'file', text: `${BASE}plan p of m on w { }\n` },
  },
  'plan-cycle': {
    title: 'Plans that are like each other',
    severity: 'error',
    meaning: 'Following `like` leads back to the plan itself.',
    fix: 'Let one of them stand on its own.',
    wrong: { in: 'file', text: `${BASE}plan p like q of m on w { }\nplan q like p { }\n` },
    right: { in: 'file', text: `${BASE}plan p of m on w { }\nplan q like p { }\n` },
  },
  'batch-conflict': {
    title: 'A batch stated twice',
    severity: 'error',
    meaning: '`batch.tokens` and `batch.global` say different things.',
    fix: 'Keep one of them.',
    wrong: { in: 'plan', text: 'batch.global: 64  batch.sequence: 4096  batch.tokens: 1000000' },
    right: { in: 'plan', text: 'batch.sequence: 4096  batch.tokens: 262144' },
  },
  'precision-missing': {
    title: 'A precision that the chip does not have',
    severity: 'error',
    meaning: 'The chip states no peak for the format in which the plan computes.',
    fix: 'Take a format that the chip has, or state its `peak.*`.',
    wrong: { in: 'plan', text: 'precision.compute: fp8' },
    right: { in: 'plan', text: 'precision.compute: bf16' },
  },
  'schedule-layers': {
    title: 'Layers that do not fit the stages',
    severity: 'error',
    meaning:
      '`pp.layers` has one entry per stage, and they sum up to the layers of the model. Every stage has a layer for each of its chunks: two in the schedules that form a V. DualPipe needs an even number of stages.',
    fix: 'Correct the list, or write `balanced()`.',
    wrong: { in: 'plan', text: 'pp.layers: [4, 3]' },
    right: { in: 'plan', text: 'pp.layers: [8]' },
  },
  'schedule-microbatches': {
    title: 'Microbatches that do not suit the schedule',
    severity: 'warning',
    meaning:
      'Megatron-LM and PyTorch run the interleaved schedule only with a multiple of the stages as microbatches (Llama 3 was trained with a version of its own that does not ask for that), MaxText the circular one, and both need at least two stages. The estimate stands. DualPipe cannot run at all without an even number of microbatches, two per stage or more: there it is an error.',
    fix: 'Change the batch or the schedule.',
    wrong: { in: 'plan', text: 'pp.schedule: interleaved(chunks: 2)' },
    right: { in: 'plan', text: 'pp.schedule: 1f1b' },
  },
  'shard-arrow': {
    title: 'An arrow that is no collective',
    severity: 'error',
    meaning:
      'Both sides name the same dimensions, an axis splits one dimension once, and a sum cannot appear out of nothing.',
    fix: 'Compare both sides.',
    wrong: { in: 'plan', text: 'shard W[D/dp, F] -> W[D]' },
    right: { in: 'plan', text: 'shard W[D/dp, F] -> W[D, F]' },
  },
  'memory-over': {
    title: 'The plan does not fit into memory',
    severity: 'error',
    meaning: 'The fullest chip needs more than it has.',
    fix: 'Shard more state (`dp.zero`), recompute, use more tensor or pipeline parallelism, or a smaller microbatch.',
    wrong: {
      in: 'file',
      text: `${BASE.replace('80GiB', '1GiB')}plan p of m on w { batch.global: 8 }\n`,
    },
    right: { in: 'file', text: `${BASE}plan p of m on w { batch.global: 8 }\n` },
  },
  'memory-tight': {
    title: 'A plan that fits only without what lies between its tensors',
    severity: 'warning',
    meaning:
      'The tensors fit, but not with the least slack of a caching allocator that was measured (2.8 %; 5.3 % is the median of 19 runs). The context and the buffers of the collective library come on top.',
    fix: 'Leave more room, or run with `PYTORCH_CUDA_ALLOC_CONF=expandable_segments:True`, which keeps the slack small.',
    wrong: { in: 'file', text: `${BASE.replace('80GiB', '6.8GiB')}plan p of m on w { batch.global: 8 }\n` },
    right: { in: 'file', text: `${BASE}plan p of m on w { batch.global: 8 }\n` },
  },
  'estimate-refused': {
    title: 'A plan without an estimate',
    severity: 'warning',
    meaning: 'Something that the plan rests on cannot be priced, yet or at all; the message says what.',
    fix: 'Go to the line that is named.',
    wrong: { in: 'plan', text: 'phase: decode' },
    right: { in: 'plan', text: 'phase: train' },
  },
  'check-failed': {
    title: 'A check of ours failed',
    severity: 'warning',
    meaning: 'A fault in Meshwright, not in the file. All other checks ran.',
    fix: 'Please report it with the file.',
    wrong: { in: 'file', text: '' },
    right: { in: 'file', text: '' },
  },
} satisfies Record<string, CodeSpec>;
