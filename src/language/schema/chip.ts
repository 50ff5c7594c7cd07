/** Keys of `chip`. */
import {
  bandwidth,
  bytes,
  call,
  choice,
  either,
  flops,
  integer,
  later,
  option,
  power,
  pricePerHour,
  share,
  text,
} from './kinds.ts';
import type { KeySpec, ValueType } from './types.ts';

const row = (
  key: string,
  type: ValueType,
  def: string,
  doc: string,
  more: Partial<KeySpec> = {},
): KeySpec => ({
  block: 'chip',
  key,
  type,
  default: def,
  doc,
  priced: true,
  ...more,
});

const peak = (precision: string, def: string): KeySpec =>
  row(`peak.${precision}`, flops, def, `Dense ${precision} peak of one chip, without sparsity.`);

const table = call(
  later('table', 'A measured table, by shape.', {
    args: [
      {
        name: 'file',
        type: { kind: 'string', what: 'file' },
        positional: true,
        required: true,
        doc: 'A CSV file.',
      },
    ],
  }),
);

export const CHIP_KEYS: readonly KeySpec[] = [
  row(
    'kind',
    choice(
      'kind of chip',
      option('gpu', 'Launches kernels from a host; software defaults of Megatron-Core.'),
      option('tpu', 'Runs one compiled program; software defaults of MaxText.'),
    ),
    'gpu',
    'Decides which software habits are assumed where a plan does not name them.',
  ),
  peak('bf16', 'the fp16 peak'),
  peak('fp16', 'the bf16 peak'),
  peak('fp8', 'none: fp8 plans are priced at the 16-bit peak'),
  peak('mxfp8', 'the fp8 peak'),
  peak('int8', 'none'),
  peak('fp6', 'none'),
  peak('fp4', 'none'),
  peak('tf32', 'none'),
  peak('fp32', 'none'),
  peak('fp64', 'none'),
  row('hbm.capacity', bytes, 'required', 'Memory of one chip; what a plan may fill.', { required: true }),
  row('hbm.bandwidth', bandwidth, 'required', 'Peak memory bandwidth of one chip.', { required: true }),
  row(
    'sms',
    integer(1, 1e6),
    'left out: no wave quantisation',
    'Streaming multiprocessors (or cores) that share the tiles of one matrix product.',
  ),
  row('power', power, 'not stated', 'Power of the whole module, for those who read the file.'),
  row('price', pricePerHour, 'not stated', 'Rent per hour (`2usd/h`); used by `cost`.'),
  row(
    'efficiency.gemm',
    either(share, table),
    'by the class of the chip',
    'Share of the 16-bit peak that large matrix products reach.',
  ),
  row(
    'efficiency.gemm8',
    share,
    'by the class of the chip',
    'Share of the 8-bit peak that large matrix products reach.',
  ),
  row(
    'efficiency.attention',
    share,
    'by the class of the chip',
    'Share of the 16-bit peak of fused attention, forward.',
  ),
  row(
    'efficiency.hbm',
    share,
    'by the class of the chip',
    'Share of the memory bandwidth that kernels reach.',
  ),
  row(
    'efficiency.scale_up',
    share,
    '100 %',
    'Share of the line rate that collectives reach on scale-up levels; a level may state its own `efficiency`.',
  ),
  row(
    'efficiency.in_switch',
    share,
    '100 %',
    'Of what `efficiency.scale_up` leaves, the share that reduction inside the switches keeps.',
  ),
  row(
    'efficiency.scale_out',
    share,
    '100 %',
    'Share of the line rate that collectives reach on scale-out levels; a level may state its own `efficiency`.',
  ),
  row('source', text, 'none', 'Where the numbers come from: a data sheet, a measurement.'),
];
