/** What `assert` and `expect` can speak about; each metric is defined here and nowhere else. */
import type { MetricSpec, NameSpec } from './types.ts';

const metric = (
  name: string,
  of: MetricSpec['of'],
  doc: string,
  args: MetricSpec['args'] = [],
  more: Partial<MetricSpec> = {},
): MetricSpec => ({ name, args, of, doc, priced: true, ...more });

const ATTENTION = { optional: ['attention'] } as const;

export const METRICS: readonly MetricSpec[] = [
  metric('step_time', 'time', 'Seconds of one step.'),
  metric(
    'mfu',
    'share',
    'Model FLOPs of a step over the dense peak of all chips in `precision.compute`; attention counted causal unless `attention: full`.',
    ['attention'],
    ATTENTION,
  ),
  metric('hfu', 'share', 'Like `mfu`, with what is recomputed.'),
  metric('tokens_per_second', 'rate', 'Tokens of one step over its time.'),
  metric(
    'peak_memory',
    'bytes',
    'Tensors on the fullest chip at its fullest moment; slack of the allocator and context come on top.',
  ),
  metric(
    'energy',
    'energy',
    'Energy of one step over the links of the fabric: bits that pass every link, times energy per bit of its `media`, at both ends.',
  ),
  metric('cost', 'price', 'Price of one step, from `price` of the chips.'),
  metric('bubble', 'share', 'Waiting for the pipeline over ideal compute time.'),
  metric('ttft', 'time', 'Time to the first token, of `prefill`.', [], { priced: false }),
  metric('tpot', 'time', 'Time per output token, of `decode`.', [], { priced: false }),
  metric('time', 'time', "Seconds of the axis's collectives in a step, hidden or not.", ['axis']),
  metric('exposed', 'time', "Seconds of the axis's collectives that the step waits for.", ['axis']),
  metric(
    'bytes',
    'bytes',
    'Bytes that cross from one child to another there, in a step, all chips together.',
    ['level'],
  ),
  metric('inside', 'share', 'Share of all communicated bytes that never leave a unit of the level.', [
    'level',
  ]),
  metric('crosses', 'bool', 'Whether any group of the axis spans several children there.', ['axis', 'level']),
  metric(
    'critical',
    'time',
    'Seconds of the critical path that wait for a collective whose bottleneck lies there.',
    ['level'],
  ),
  metric('load', 'share', 'Bytes over capacity times step time, over all links of the level.', ['level']),
  metric('max_load', 'share', 'Bytes over capacity times step time, of the busiest link of the level.', [
    'level',
  ]),
  metric(
    'network_bound',
    'bool',
    'Whether doubling the chips (data parallel first, same global batch) would bring less than half of what it brings on a network that costs nothing.',
  ),
];

export const FUNCTIONS: readonly NameSpec[] = [
  { name: 'min', doc: 'The smallest of its arguments.' },
  { name: 'max', doc: 'The largest of its arguments.' },
  { name: 'ceil', doc: 'The next whole number above.' },
  { name: 'floor', doc: 'The next whole number below.' },
  { name: 'round', doc: 'The nearest whole number.' },
];

const BY_NAME = new Map(METRICS.map(m => [m.name, m]));
export const findMetric = (name: string): MetricSpec | undefined => BY_NAME.get(name);
