/** Options of an axis inside a plan: `dp.zero`, `pp.schedule`. The first segment names the axis. */
import type { Role } from '../../engine/plan/spec.ts';
import { bool, bytes, choice, either, integer, list, number, option, precision } from './kinds.ts';
import type { KeySpec, ValueType } from './types.ts';

const row = (
  roles: readonly Role[],
  key: string,
  type: ValueType,
  def: string,
  doc: string,
  more: Partial<KeySpec> = {},
): KeySpec => ({ block: 'plan', roles, key, type, default: def, doc, priced: true, ...more });

const passes = choice(
  'pass',
  option('forward', 'The gather of weights runs under the next forward pass.'),
  option('backward', 'The reduction of gradients runs under the backward pass.'),
);
const passOverlap = either(bool, passes, list(passes));

export const SCHEDULES = choice(
  'schedule',
  option('1f1b', 'One forward, one backward: bubble (p-1)/m.'),
  option('gpipe', 'All forward, then all backward.'),
  option('interleaved', 'Several chunks of layers per stage: bubble (p-1)/(mv).', {
    args: [
      { name: 'chunks', type: integer(1, 1e4), required: true, positional: true, doc: 'Chunks per stage.' },
    ],
    needsArguments: true,
  }),
  option('zero_bubble', 'Weight gradients fill the bubble, which is a third of that of 1f1b.', {
    args: [
      {
        name: 'variant',
        type: choice(
          'variant',
          option('h1', 'With the activations of 1f1b.'),
          option('h2', 'With almost twice as many, and no bubble where all passes take equally long.'),
          option('v', 'In two chunks per stage that form a V: no bubble, with the activations of 1f1b.'),
        ),
        positional: true,
        doc: 'h1 unless stated.',
      },
    ],
  }),
  option('v_half', 'Two chunks per stage that form a V: half of the activations and of the bubble of 1f1b.'),
  option('v_min', 'Two chunks per stage that form a V: a third of the activations of 1f1b.'),
  option('dualpipe', 'From both ends at once, with every weight held twice (DeepSeek-V3).'),
  option('circular', 'All microbatches through one chunk of every stage, then through the next (MaxText).', {
    args: [
      { name: 'chunks', type: integer(1, 1e4), required: true, positional: true, doc: 'Chunks per stage.' },
    ],
    needsArguments: true,
  }),
);

export const AXIS_KEYS: readonly KeySpec[] = [
  row(
    ['tp'],
    'sequence_parallel',
    bool,
    'false on a GPU, true on a TPU',
    'Norms and residuals are split over the sequence too: all-reduces become gather and scatter.',
  ),
  row(
    ['tp'],
    'overlap',
    bool,
    'false',
    "Gathers and scatters run in pieces under the matrix product beside them: torchtitan's async TP, Megatron's user buffers, XLA's collective matmul.",
  ),
  row(
    ['cp'],
    'method',
    choice(
      'method',
      option('ring', 'Keys and values walk around a ring, under attention.'),
      option('all_gather', 'Keys and values are gathered before attention.'),
      option('ulysses', 'Heads instead of sequence inside attention: all-to-alls.'),
      option('hierarchical', 'Heads inside the fast level, a ring of keys and values across.', {
        args: [
          {
            name: 'ulysses',
            type: integer(1, 1e6),
            default: 'the most ranks of one unit of the first level on which heads come out even',
            doc: 'Ranks of the all-to-all, the innermost of the axis.',
          },
          { name: 'ring', type: integer(1, 1e6), default: 'cp / ulysses', doc: 'Ranks of the ring.' },
        ],
      }),
    ),
    'ring',
    'How attention sees the other parts of the sequence.',
  ),
  row(
    ['cp'],
    'balance',
    choice(
      'balance',
      option('head_tail', 'Rank i has blocks i and 2c-1-i.'),
      option('none', 'Contiguous blocks: the last of c ranks has (2c-1)/c of the mean of a causal mask.'),
    ),
    'head_tail',
    'How a causal mask is evened out.',
  ),
  row(['pp'], 'schedule', SCHEDULES, '1f1b', 'In which sequence microbatches pass the stages.'),
  row(
    ['pp'],
    'layers',
    either(
      list(integer(0, 1e5)),
      choice(
        'split',
        option('balanced', 'As even as it goes, with own counts for the ends.', {
          args: [
            { name: 'first', type: integer(0, 1e5), doc: 'Layers of the first stage.' },
            { name: 'last', type: integer(0, 1e5), doc: 'Layers of the last stage.' },
          ],
        }),
      ),
    ),
    'balanced()',
    'Layers of each stage, first stage first.',
  ),
  row(
    ['dp', 'fsdp'],
    'zero',
    integer(0, 3),
    '1 for dp (0 beside fsdp), 3 for fsdp',
    'What is sharded over the axis: 1 optimizer state, 2 gradients too, 3 weights too.',
  ),
  row(
    ['dp', 'fsdp'],
    'accumulate',
    choice(
      'accumulation',
      option('local', 'Gradients stay whole until the step ends and are reduced once.'),
      option('sharded', 'Gradients are reduced and sharded after every microbatch.'),
    ),
    'local up to zero 1, sharded from zero 2 and for fsdp',
    'Where gradients of several microbatches are summed.',
  ),
  row(
    ['dp', 'fsdp'],
    'overlap',
    passOverlap,
    'true',
    'Which passes hide the collectives of the axis: true, false, forward, backward, or a list.',
  ),
  row(
    ['dp', 'fsdp'],
    'bucket',
    bytes,
    "the software generation's",
    'Bytes of gradients that are reduced together.',
  ),
  row(
    ['dp', 'fsdp'],
    'gather',
    precision,
    'precision.weights',
    'Format in which matrices of layers are gathered; embedding, head and norms keep theirs.',
  ),
  row(['fsdp'], 'reshard', bool, 'true', 'Weights are dropped after the forward pass and gathered again.'),
  row(
    ['fsdp'],
    'prefetch',
    integer(0, 1e4),
    '1',
    'Layers whose weights are gathered ahead, and held; with 0 every gather is waited for.',
  ),
  row(
    ['ep'],
    'dispatch',
    precision,
    'the activation precision',
    'Format of tokens on their way to the experts.',
  ),
  row(['ep'], 'combine', precision, 'the activation precision', 'Format of results on their way back.'),
  row(
    ['ep'],
    'max_nodes',
    integer(0, 1e6),
    '0: no limit',
    'Nodes that one token may be sent to. With a limit a token also crosses to each node once, however many of its experts are there.',
  ),
  row(['ep'], 'imbalance', number(1, 1e4), '1', 'Tokens of the hottest rank over the mean.'),
  row(
    ['ep'],
    'overlap',
    either(
      bool,
      choice(
        'cover',
        option('microbatch', "Another microbatch's attention and MLP; the same as true."),
        option(
          'shared_experts',
          'The shared experts of the same layer, which hide no more than their own time.',
        ),
      ),
    ),
    'false',
    'Under what dispatch and combine run.',
  ),
  row(
    ['ep'],
    'dispatcher',
    choice(
      'dispatcher',
      option('all_to_all', 'Every token goes to the ranks of its experts.'),
      option('all_gather', 'Every token goes to all ranks, and outputs are summed on the way back.'),
    ),
    'all_to_all',
    'How tokens reach their experts.',
  ),
  row(
    ['ep'],
    'sms',
    integer(0, 1e6),
    "0: the software generation's tax",
    'Multiprocessors that move tokens instead of computing while dispatch and combine run beside compute.',
  ),
];
