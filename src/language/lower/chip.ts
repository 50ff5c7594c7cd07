/** `chip` to engine input. */
import type { ChipSpec, Generation, Precision, ShareBasis } from '../../engine/fabric/spec.ts';
import { PRECISION_BYTES } from '../../engine/fabric/spec.ts';
import { rangeOfProperty } from '../analysis/source.ts';
import type { Chip } from '../generated/ast.ts';
import type { Env } from '../values/value.ts';
import { type GemmTables, gemmTableOf } from './gemm-table.ts';
import { numberAt, readProperties, wordAt } from './properties.ts';

/** Formats that share a unit: where only one peak is stated, the other has it too. */
const SAME_PEAK: readonly [Precision, Precision][] = [
  ['bf16', 'fp16'],
  ['fp16', 'bf16'],
  ['mxfp8', 'fp8'],
  ['fp8', 'mxfp8'],
];

export function lowerChip(chip: Chip, tables: GemmTables, env: Env): ChipSpec | undefined {
  const entries = readProperties(chip.props, 'chip', env);
  const number = (key: string) => numberAt(entries, key);
  const peak: ChipSpec['peak'] = {};
  for (const precision of Object.keys(PRECISION_BYTES) as Precision[]) {
    const value = number(`peak.${precision}`);
    if (value !== undefined) peak[precision] = value;
  }
  for (const [to, from] of SAME_PEAK) peak[to] ??= peak[from];
  for (const key of Object.keys(peak) as Precision[]) if (peak[key] === undefined) delete peak[key];

  const missing = ['hbm.capacity', 'hbm.bandwidth'].filter(key => !entries.has(key));
  if (Object.keys(peak).length === 0 && ![...entries.keys()].some(key => key.startsWith('peak.'))) {
    missing.unshift('peak.bf16');
  }
  if (missing.length > 0) {
    const list = missing.map(key => `'${key}'`).join(', ');
    env.findings.add('key-missing', rangeOfProperty(chip, 'name'), `The chip '${chip.name}' lacks ${list}.`);
  }
  const capacity = number('hbm.capacity');
  const bandwidth = number('hbm.bandwidth');
  if (capacity === undefined || bandwidth === undefined || Object.keys(peak).length === 0) return undefined;
  const price = number('price');
  const table16 = gemmTableOf(entries, 'efficiency.gemm', peak, tables, env);
  const table8 = gemmTableOf(entries, 'efficiency.gemm8', peak, tables, env);
  const basis = wordAt(entries, 'efficiency.basis');
  const generation = wordAt(entries, 'generation');
  return {
    name: chip.name,
    kind: wordAt(entries, 'kind') === 'tpu' ? 'tpu' : 'gpu',
    ...(generation && { generation: generation as Generation }),
    peak,
    hbm: { capacity, bandwidth },
    sms: number('sms'),
    ...(number('launch') !== undefined && { launch: number('launch') }),
    power: number('power'),
    // Per hour; twelve digits survive the way through seconds.
    price: price === undefined ? undefined : Number((price * 3600).toPrecision(12)),
    efficiency: {
      gemm: number('efficiency.gemm'),
      gemm8: number('efficiency.gemm8'),
      ...(table16 && { gemmTable: table16 }),
      ...(table8 && { gemm8Table: table8 }),
      attention: number('efficiency.attention'),
      hbm: number('efficiency.hbm'),
      scaleUp: number('efficiency.scale_up'),
      inSwitch: number('efficiency.in_switch'),
      scaleOut: number('efficiency.scale_out'),
    },
    ...(basis && { shareBasis: basis as ShareBasis }),
  };
}
