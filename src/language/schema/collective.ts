/** Arguments of `collective NAME: op(…)`, options of `shard`, and the names that sizes may use. */
import { bool, choice, either, list, option, precision } from './kinds.ts';
import type { Argument, KeySpec, NameSpec, Option, ValueType } from './types.ts';

const PER = choice(
  'repetition',
  option('layer', 'Once per layer and microbatch.'),
  option('microbatch', 'Once per microbatch.'),
  option('step', 'Once per step.'),
  option('moe_layer', 'Once per layer with experts and microbatch.'),
  option('dense_layer', 'Once per dense layer and microbatch.'),
);
const PHASE = choice(
  'phase',
  option('forward', 'In the forward pass.'),
  option('backward', 'In the backward pass.'),
  option('optimizer', 'Before the next step begins.'),
  option('step', 'Once, anywhere in the step.'),
);
const under = choice(
  'work',
  option('attention', 'The attention block.'),
  option('mlp', 'The MLP.'),
  option('forward', 'The forward pass.'),
  option('backward', 'The backward pass.'),
);
const OVERLAP: ValueType = either(bool, under, list(under));
const ALGORITHM = choice(
  'algorithm',
  option('ring', 'Neighbour to neighbour: least bytes, most steps.'),
  option('tree', 'Up and down a tree: few steps.'),
  option('bucket', 'Along all dimensions of a torus at once, one stream starting on each.'),
  option('hierarchical', 'Inside the nearer network, then across the farther one.'),
  option('packed_trees', 'Over a graph, in as many spanning trees as its links allow.'),
  option('bruck', 'All-to-all in log2 n rounds: few messages, each block several times on its way.'),
  option('pat', 'Gather and scatter in log2 n rounds, far partners first (NCCL, one rank per node).'),
  option('halving_doubling', 'Exchange with partners at doubling distance.'),
  option('recursive_doubling', 'Everything with partners at doubling distance.'),
  option('direct', 'Everyone to everyone at once.'),
  option('direct_two_shot', 'Direct scatter, then direct gather.'),
  option('pairwise', 'One partner after the other.'),
  option('in_switch', 'The switch adds up.'),
);

export const COLLECTIVE_ARGUMENTS: readonly Argument[] = [
  { name: 'over', type: { kind: 'axes' }, required: true, doc: 'The axis, or several as `a * b`.' },
  {
    name: 'size',
    type: { kind: 'size' },
    required: true,
    doc: 'Bytes as nccl-tests counts them: the whole gathered tensor, the whole input of a reduction, the send buffer of an all-to-all.',
  },
  { name: 'per', type: PER, default: 'microbatch', doc: 'How often it happens.' },
  { name: 'phase', type: PHASE, default: 'forward, step where it is once per step', doc: 'When it happens.' },
  { name: 'overlap', type: OVERLAP, default: 'false', doc: 'What it hides under.' },
  { name: 'algorithm', type: ALGORITHM, default: 'the fastest', doc: 'How it is carried out.' },
];

const op = (name: string, doc: string): Option =>
  option(name, doc, { args: COLLECTIVE_ARGUMENTS, needsArguments: true });

export const COLLECTIVE_OPS: readonly Option[] = [
  op('all_reduce', 'Everyone gets the sum.'),
  op('all_gather', 'Everyone gets all parts.'),
  op('reduce_scatter', 'Everyone gets a part of the sum.'),
  op('all_to_all', 'Everyone sends a different part to everyone.'),
  op('broadcast', 'One sends to all.'),
  op('send_recv', 'Neighbour to neighbour.'),
];

/** Names of the collectives that a plan causes; a stated one of the same name takes its place. */
export const INFERRED: readonly NameSpec[] = [
  { name: 'tp_gather', doc: 'Activations gathered over tp before a matrix product (sequence parallelism).' },
  { name: 'tp_scatter', doc: 'Partial sums reduced and scattered over tp (sequence parallelism).' },
  { name: 'tp_reduce', doc: 'Partial sums reduced over tp.' },
  { name: 'grad_reduce', doc: 'Gradients reduced over the data-parallel ranks.' },
  { name: 'param_gather', doc: 'Weights gathered over the ranks that shard them.' },
  { name: 'cp_exchange', doc: 'Keys and values among the parts of a sequence.' },
  { name: 'stage_send', doc: 'Activations and their gradients between pipeline stages.' },
  { name: 'dispatch', doc: 'Tokens to their experts.' },
  { name: 'combine', doc: 'Results back from the experts.' },
  { name: 'embed_reduce', doc: 'Gradients of tied embeddings between first and last stage.' },
];

const row = (key: string, type: ValueType, def: string, doc: string): KeySpec => ({
  block: 'shard',
  key,
  type,
  default: def,
  doc,
  priced: true,
});

export const SHARD_KEYS: readonly KeySpec[] = [
  row('per', PER, 'layer', 'How often the resharding happens.'),
  row('phase', PHASE, 'forward', 'When it happens.'),
  row(
    'precision',
    precision,
    'the activation precision; the weight precision for tensors without B or S',
    'Format on the wire.',
  ),
  row('overlap', OVERLAP, 'false', 'What it hides under.'),
  row('algorithm', ALGORITHM, 'the fastest', 'How it is carried out.'),
];

/** Names that `size:` may use, besides axes and `let` names. */
export const SIZES: readonly NameSpec[] = [
  { name: 'tokens', doc: 'Tokens per rank and microbatch.' },
  { name: 'hidden', doc: 'Width of the residual stream.' },
  { name: 'ffn', doc: 'Width of a dense MLP.' },
  { name: 'heads', doc: 'Query heads.' },
  { name: 'kv_heads', doc: 'Key/value heads.' },
  { name: 'head_dim', doc: 'Width of one head.' },
  { name: 'vocab', doc: 'Entries of the vocabulary.' },
  { name: 'layers', doc: 'Transformer layers.' },
  { name: 'topk', doc: 'Experts per token.' },
  { name: 'experts', doc: 'Routed experts.' },
  { name: 'expert_ffn', doc: 'Width of one routed expert.' },
  { name: 'params', doc: 'Parameters of the whole model.' },
  { name: 'chips', doc: 'Chips of the mesh.' },
];

/** Dimensions of tensors in `shard` lines. */
export const TENSOR_DIMENSIONS: readonly NameSpec[] = [
  { name: 'B', doc: 'Batch: sequences of one microbatch.' },
  { name: 'S', doc: 'Sequence: tokens.' },
  { name: 'D', doc: 'Hidden width.' },
  { name: 'F', doc: 'Width of the MLP.' },
  { name: 'N', doc: 'Query heads.' },
  { name: 'K', doc: 'Key/value heads.' },
  { name: 'H', doc: 'Width of one head.' },
  { name: 'E', doc: 'Experts.' },
  { name: 'V', doc: 'Vocabulary.' },
];
