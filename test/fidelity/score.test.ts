/** The public rows: how far off the engine is, and that it cannot look at the answers. */
import { readFileSync } from 'node:fs';
import { cwd } from 'node:process';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { readCsv } from './csv.ts';
import { libraryChips } from './library.ts';
import type { Chips } from './machine.ts';
import { quantile, type ScoredRow, score } from './score.ts';

const text = readFileSync(fileURLToPath(new URL('measured.csv', import.meta.url)), 'utf8');
const records = readCsv(text);
const bytesOf = new Map(records.map(each => [each.id!, Number(each.message_bytes) || 0]));
let chips: Chips;
let rows: ScoredRow[];

beforeAll(async () => {
  chips = await libraryChips(cwd());
  rows = score(text, chips).rows;
});

const write = (table: readonly Readonly<Record<string, string>>[]): string => {
  const columns = Object.keys(table[0]!);
  const line = (fields: readonly string[]) => fields.map(each => `"${each.replaceAll('"', '""')}"`).join(',');
  return [line(columns), ...table.map(row => line(columns.map(key => row[key] ?? '')))].join('\n');
};

describe('public measurements', () => {
  const errors = (from: number, to: number) =>
    rows
      .filter(({ id, kind, trust }) => {
        const bytes = bytesOf.get(id)!;
        return kind === 'collective_bandwidth' && trust === 'A' && bytes >= from && bytes < to;
      })
      .map(({ error }) => (error === null ? 1 : Math.abs(error)));

  it('16 MiB and more: half within 8 %, nine of ten within 20 %', () => {
    const large = errors(2 ** 24, Number.POSITIVE_INFINITY);
    expect(large.length).toBeGreaterThan(60);
    expect(quantile(large, 0.5)).toBeLessThan(0.08);
    expect(quantile(large, 0.9)).toBeLessThan(0.2);
  });

  it('less than 1 MiB: half within 25 %', () => {
    const small = errors(1, 2 ** 20);
    expect(small.length).toBeGreaterThan(20);
    expect(quantile(small, 0.5)).toBeLessThan(0.25);
  });

  it('theory is met to half a percent', () => {
    const exact = rows.filter(({ id }) => /theor/.test(records.find(each => each.id === id)!.unit!));
    expect(exact.length).toBeGreaterThan(5);
    for (const { id, error } of exact) expect(Math.abs(error!), id).toBeLessThan(0.005);
  });

  it('every row has an answer, but for the one that asks for a training step', () => {
    expect(rows.filter(each => each.predicted === null).map(each => each.id)).toEqual(['TOP-015']);
  });
});

describe('predictions', () => {
  it('are the same without what was measured', () => {
    const hidden = ['measured', 'measured2', 'step_time_s'];
    const blank = records.map(record => {
      const row: Record<string, string> = { ...record };
      for (const column of hidden) if (column in row) row[column] = '';
      // Sources repeat results in their notes; what is left describes the job.
      row.notes = (row.notes ?? '').replace(/[\d.]+ ?(GB\/s|us|%|ms)/g, '');
      return row;
    });
    const again = score(write(blank), chips).rows;
    expect(again.map(each => each.predicted)).toEqual(rows.map(each => each.predicted));
    expect(again.every(each => each.measured === null && each.error === null)).toBe(true);
  });

  it('do not depend on the row’s name, family, source or trust', () => {
    const other = records.map((record, at) => ({
      ...record,
      id: `X-${at}`,
      set_family: 'other',
      source: '',
      trust: 'A',
      verified: '',
    }));
    expect(score(write(other), chips).rows.map(each => each.predicted)).toEqual(
      rows.map(each => each.predicted),
    );
  });
});

describe('rows that nobody has seen', () => {
  const row = (more: Readonly<Record<string, string>>) => ({
    id: 'NEW',
    set_family: 'new',
    kind: 'collective_bandwidth',
    hardware: 'H100 SXM 80GB',
    scaleup_domain: '8',
    scaleup_gbps_per_dir: '450',
    scaleout_gbps_per_gpu: '50',
    topology: 'NVSwitch node + 400G NDR IB fat tree',
    collective: 'all_reduce',
    ranks: '8',
    message_bytes: '1073741824',
    unit: 'GB/s busbw',
    ...more,
  });
  const predicted = (more: Readonly<Record<string, string>>) => score(write([row(more)]), chips).rows[0]!;

  it.each<Readonly<Record<string, string>>>([
    { hardware: 'H20' },
    { hardware: 'B300 HGX', scaleup_gbps_per_dir: '900', scaleout_gbps_per_gpu: '100', ranks: '64' },
    { hardware: 'GB300 NVL72', scaleup_domain: '72', scaleup_gbps_per_dir: '900', ranks: '36' },
    { hardware: 'MI325X', topology: 'full mesh', scaleup_gbps_per_dir: '448' },
    { hardware: 'MI355X', topology: 'full mesh', scaleup_gbps_per_dir: '535.5', ranks: '16' },
    { hardware: 'Gaudi3', topology: 'full mesh', scaleup_gbps_per_dir: '525' },
    {
      hardware: 'Trainium2',
      topology: '2D torus 4x4',
      scaleup_domain: '16',
      scaleup_gbps_per_dir: '128',
      ranks: '16',
    },
    {
      hardware: 'TPU v5p',
      topology: '3D torus 4x4x4',
      scaleup_domain: 'slice',
      scaleup_gbps_per_dir: '100',
      ranks: '64',
    },
    { topology: 'NVSwitch node + 400G IB fat tree 2:1', ranks: '512', collective: 'alltoall' },
    { collective: 'broadcast' },
    { collective: 'sendrecv', ranks: '2' },
    { ranks: '12' },
  ])('%o', more => {
    const { predicted: value, reason } = predicted(more);
    expect(reason).toBeUndefined();
    expect(value).toBeGreaterThan(0);
  });

  it('of a chip that is not known have a reason', () => {
    expect(predicted({ hardware: 'Abacus' })).toMatchObject({
      predicted: null,
      reason: "no chip is known by the name 'Abacus'",
    });
  });

  it('of kinds that nothing scores yet are counted, not failed', () => {
    const scores = score(write([row({ kind: 'memory' }), row({})]), chips);
    expect(scores.skipped).toEqual([{ kind: 'memory', n: 1 }]);
    expect(scores.rows).toHaveLength(1);
  });
});

it('reads fields in quotes', () =>
  expect(readCsv('a,b\n"1, ""x""",2\n\n3\n')).toEqual([
    { a: '1, "x"', b: '2' },
    { a: '3', b: '' },
  ]));
