/** Peaks of memory on the public rows, and what decides how a row is read. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ChipSpec } from '../../src/engine/fabric/spec.ts';
import { type CsvRecord, readCsv } from './csv.ts';
import { libraryChips } from './library.ts';
import { predictMemory, quantityOf } from './memory.ts';
import { measuredOf, rowOf } from './row.ts';
import { quantile } from './score.ts';

let chips: Map<string, ChipSpec>;
beforeAll(async () => {
  chips = await libraryChips(process.cwd());
});

const records = readCsv(readFileSync(new URL('measured.csv', import.meta.url), 'utf8')).filter(
  ({ kind, trust }) => kind === 'memory' && trust === 'A',
);
const predicted = (record: CsvRecord) => predictMemory(rowOf(record), chips, record);

function errors(wanted: 'allocated' | 'reserved'): number[] {
  return records.flatMap(record => {
    const prediction = predicted(record);
    if (!('value' in prediction)) throw new Error(`${record.id}: ${prediction.reason}`);
    if (prediction.memory !== wanted) return [];
    return [Math.abs(prediction.value / measuredOf(record)!.value - 1)];
  });
}

describe('peaks of memory, trust A', () => {
  it('allocated: median within 3 %, every row within 8 %', () => {
    const all = errors('allocated');
    expect(all).toHaveLength(5);
    expect(quantile(all, 0.5)).toBeLessThan(0.03);
    expect(Math.max(...all)).toBeLessThan(0.08);
  });

  it('reserved: median within 10 %, every row within 25 %, for slack varies from run to run', () => {
    const all = errors('reserved');
    expect(all).toHaveLength(10);
    expect(quantile(all, 0.5)).toBeLessThan(0.1);
    expect(Math.max(...all)).toBeLessThan(0.25);
  });
});

describe('a row', () => {
  const known = records.find(({ id }) => id === 'MBM-009')!;

  it('is predicted in its own unit', () => {
    const inGB = predicted(known) as { value: number };
    const inGiB = predicted({ ...known, unit: 'GiB peak' }) as { value: number };
    expect(inGB.value / inGiB.value).toBeCloseTo(2 ** 30 / 1e9, 9);
    expect(predicted({ ...known, unit: 'percent' })).toEqual({
      reason: "the unit 'percent' is no amount of bytes",
    });
  });

  it('is of what its unit names, or of what its software logs', () => {
    expect(quantityOf('GB peak allocated', 'torchtitan')).toBe('allocated');
    expect(quantityOf('GiB reserved', 'megatron_2024')).toBe('reserved');
    expect(quantityOf('GiB peak (max over ranks, active/reserved as logged)', 'torchtitan')).toBe('reserved');
    expect(quantityOf('GB peak', 'megatron_2024')).toBe('allocated');
  });

  it('does not depend on what was measured', () => {
    for (const record of records) {
      const blind = { ...record, measured: '', measured2: '', step_time_s: '', step_time_basis: '' };
      expect(predicted(blind), record.id).toEqual(predicted(record));
    }
  });
});
