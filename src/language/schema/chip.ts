/** Keys of `chip`. */
import {
  bandwidth,
  bytes,
  call,
  choice,
  either,
  flops,
  integer,
  option,
  power,
  pricePerHour,
  share,
  text,
  time,
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
  option('table', 'Products as they were measured: each takes its time from the shapes nearest to its own.', {
    args: [
      {
        name: 'file',
        type: { kind: 'string', what: 'file' },
        positional: true,
        required: true,
        doc: 'A CSV file with the columns `m`, `n`, `k` and one of `tflops`, `us`, `ms`, `seconds` or `share`; `precision` and `count` where needed. Output of hipblaslt-bench and mamf-finder.py works, too.',
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
  row(
    'generation',
    choice(
      'generation of chips',
      option('volta', 'V100: NCCL, NVLink 2.'),
      option('ampere', 'A100: NCCL, NVLink 3.'),
      option('hopper', 'H100, H200, H800, H20: NCCL, NVLink 4.'),
      option('blackwell', 'B200, B300, GB200, GB300: NCCL, NVLink 5.'),
      option('cdna2', 'MI200: RCCL.'),
      option('cdna3', 'MI300X, MI325X: RCCL.'),
      option('cdna4', 'MI350X, MI355X: RCCL.'),
    ),
    'not stated: plain formulas, without the habits of a collective library',
    'Chips with the same links and the same collective library: its choice of algorithm and protocol, and the rates that it is known to reach.',
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
  row(
    'launch',
    time,
    'what the library of its `generation` takes; none without one',
    'Time before the first step of a collective: starting it and waiting for all ranks. For chips without a `generation`.',
  ),
  row('power', power, 'not stated', 'Power of the whole module, for those who read the file.'),
  row('price', pricePerHour, 'not stated', 'Rent per hour (`2usd/h`); used by `cost`.'),
  row(
    'efficiency.gemm',
    either(share, table),
    'by the class of the chip',
    'Share of the 16-bit peak that large matrix products reach; or measured ones by shape, `table("gemm.csv")` with the columns `m,n,k,tflops`.',
  ),
  row(
    'efficiency.gemm8',
    either(share, table),
    'by the class of the chip',
    'Share of the 8-bit peak that large matrix products reach; or measured ones by shape.',
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
  row(
    'efficiency.basis',
    choice(
      'basis of a share',
      option('measured', 'Collectives were timed on such links.'),
      option('documented', 'The vendor, or the collective library, counts on it.'),
      option('assumed', 'Nobody published a measurement: what rests on it is marked with `~`.'),
    ),
    'measured',
    'What `efficiency.scale_up` and `efficiency.scale_out` rest on.',
  ),
  row('source', text, 'none', 'Where the numbers come from: a data sheet, a measurement.'),
];
