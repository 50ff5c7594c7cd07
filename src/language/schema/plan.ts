/** Keys of `plan` that belong to the whole plan: phase, batch, precision, software, recompute. */
import { SOFTWARE } from '../../engine/estimate/constants.ts';
import { defaultSoftware } from '../../engine/estimate/software.ts';
import {
  bool,
  bytes,
  choice,
  either,
  integer,
  later,
  list,
  option,
  precision,
  precisionOrNone,
  quantity,
  text,
  tokens,
} from './kinds.ts';
import type { KeySpec, ValueType } from './types.ts';

export const planRow = (
  key: string,
  type: ValueType,
  def: string,
  doc: string,
  more: Partial<KeySpec> = {},
): KeySpec => ({ block: 'plan', key, type, default: def, doc, priced: true, ...more });

export const RECOMPUTE_ITEMS = choice(
  'item',
  option('attention', 'The core of attention; only unfused attention stores it.'),
  option('norm', 'Outputs of the norms.'),
  option('swiglu', 'The product of the gated activation.'),
  option('mla_up', 'Up-projections of latent attention.'),
  option('moe_act', 'Activations of the routed experts.'),
  option('qkv', 'Projections of queries, keys and values.'),
  option('out', 'The output projection of attention.'),
  option('mlp_up', 'Products into the width of the MLP.'),
  option('mlp_down', 'The product out of the MLP, and routed experts.'),
  option('op', "torchtitan's policy: every second product of weights, and all element-wise work."),
);

export const PLAN_KEYS: readonly KeySpec[] = [
  planRow(
    'phase',
    choice(
      'phase',
      option('train', 'Forward, backward and optimizer.'),
      later('prefill', 'Inference: reads the prompt.'),
      later('decode', 'Inference: one token at a time.'),
    ),
    'train',
    'What one step is.',
  ),
  planRow(
    'batch.global',
    integer(1, 1e9),
    'data-parallel ranks x `batch.micro` x microbatches, with 4 microbatches per pipeline stage, one without a pipeline',
    'Sequences per step.',
  ),
  planRow('batch.micro', integer(1, 1e9), '1', 'Sequences per microbatch and data-parallel rank.'),
  planRow(
    'batch.sequence',
    tokens(),
    "the model's `sequence` if it is shorter than 4096, else 4096",
    'Tokens per sequence.',
  ),
  planRow(
    'batch.tokens',
    tokens(),
    '`batch.global` x `batch.sequence`',
    'Tokens per step; states `batch.global` in tokens.',
  ),
  planRow(
    'batch.document',
    tokens(),
    '`batch.sequence`',
    'Mean length of a packed document: attention does not cross its end.',
    {
      priced: false,
    },
  ),
  planRow('batch.per_rank', integer(1, 1e9), '1', 'Requests that one rank serves (decode).', {
    priced: false,
  }),
  planRow('kv.length', tokens(), '`batch.sequence`', 'Tokens already in the cache (decode).', {
    priced: false,
  }),
  planRow('kv.precision', precision, 'the compute precision', 'Format of the key/value cache.', {
    priced: false,
  }),
  planRow('precision.compute', precision, 'bf16', 'Format of the matrix products.'),
  planRow(
    'precision.weights',
    precision,
    '`precision.compute`, but bf16 below 16 bits',
    'Weights as they are gathered and multiplied.',
  ),
  planRow('precision.gradient', precision, 'fp32', 'Gradients as they are accumulated.'),
  planRow('precision.reduce', precision, '`precision.gradient`', 'Gradients as they are sent.'),
  planRow('precision.optimizer', precision, 'fp32', 'Main weights and both moments.'),
  planRow(
    'precision.main',
    precisionOrNone('The weights themselves are updated.'),
    '`precision.optimizer`; none where the weights are as wide',
    'Main weights, which the optimizer updates.',
  ),
  planRow('precision.moments', precision, '`precision.optimizer`', "Each of Adam's two moments."),
  planRow(
    'precision.activation',
    precision,
    '`precision.compute`, but bf16 below 16 bits',
    'Activations as they are kept and sent.',
  ),
  planRow(
    'software',
    choice('software generation', ...SOFTWARE.map(({ name, title }) => option(name, `${title}.`))),
    `${defaultSoftware('gpu').name} on a GPU, ${defaultSoftware('tpu').name} on a TPU`,
    'Declared overheads of a software generation: launches, overlap tax, host time; where it is stated, also what that software holds in memory beside what the formulas say.',
  ),
  planRow(
    'noise',
    quantity('share', ['%'], 1, false),
    'not modelled',
    'Standard deviation of the time that a rank computes in a step, over its mean: the step waits for the slowest of all ranks.',
  ),
  planRow(
    'recompute',
    choice(
      'recomputation',
      option('none', 'Every activation is kept.'),
      option('full', 'Only the input of every layer is kept, or of so many layers of each stage.', {
        args: [
          {
            name: 'layers',
            type: integer(1, 1e5),
            positional: true,
            doc: 'Layers of each stage that are computed again; all of them where it is left out.',
          },
        ],
      }),
      option('selective', 'The named parts are computed again in the backward pass.', {
        args: [
          {
            name: 'items',
            type: list(RECOMPUTE_ITEMS),
            positional: true,
            doc: 'attention, norm, swiglu, mla_up, moe_act, qkv, out, mlp_up, mlp_down, op.',
          },
        ],
        needsArguments: true,
      }),
    ),
    'none',
    'What the backward pass computes again instead of keeping it.',
  ),
  planRow(
    'offload',
    choice(
      'state',
      option('none', 'Everything stays on the chip.'),
      later(
        'optimizer',
        'Optimizer state lives in host memory. The way there and back takes time that is not modelled.',
      ),
      later(
        'activations',
        'Activations live in host memory. The way there and back takes time that is not modelled.',
      ),
      later(
        'weights',
        'Weights live in host memory. The way there and back takes time that is not modelled.',
      ),
    ),
    'none',
    'What lives in host memory.',
  ),
  planRow(
    'loss.chunk',
    either(tokens(), bytes),
    'the whole microbatch',
    'Tokens whose logits are held at once, or the bytes that these may take. Counted in memory; the time stays that of one piece.',
  ),
  planRow(
    'loss.fused',
    bool,
    'true for Megatron-Core, else false',
    'The loss overwrites the logits with their gradient instead of taking a copy in fp32.',
  ),
  planRow('source', text, 'none', 'Where the plan comes from.'),
];
