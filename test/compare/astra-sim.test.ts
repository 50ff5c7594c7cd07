/** The comparison with recorded runs, as a user sees it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Comparison, compare } from '../../scripts/astra-sim/compare.ts';
import { run } from '../../scripts/astra-sim/main.ts';
import { readTable } from '../../scripts/astra-sim/table.ts';

const file = readFileSync(join(import.meta.dirname, 'fixtures/astra-sim-runs.csv'), 'utf8');
const [header, ...lines] = file.trim().split('\n');
const columns = header!.split(',');
const TIMES = ['finish_ns_max', 'finish_ns_min', 'status'];

/** The file with cells changed. */
function changed(change: (cells: Record<string, string>) => Record<string, string>, rows = lines): string {
  const made = rows.map(line => {
    const cells = line.split(',');
    const now = change(Object.fromEntries(columns.map((name, at) => [name, cells[at]!])));
    return columns.map(name => now[name]).join(',');
  });
  return [header, ...made].join('\n');
}

const compared = (text: string): Comparison => compare(readTable(text));

describe('recorded runs', () => {
  const result = compared(file);

  it('leave nothing unexplained', () => {
    expect(result.counts.rows).toBe(lines.length);
    expect(result.counts.observed.unexplained).toBe(0);
    expect(result.counts.predicted.unexplained).toBe(0);
  });

  it('are in the class that their settings say', () => {
    for (const row of result.rows) expect(row.observed_class, row.id).toBe(row.predicted_class);
  });

  it('end when the model of the simulator ends, to the nanosecond', () => {
    for (const { id, model_ns, measured } of result.rows) expect(model_ns, id).toBe(measured);
  });

  it('agree within 2 % where nothing but links and latency is at work', () => {
    expect(result.must_agree.rows).toBe(32);
    for (const row of result.rows.filter(each => each.must_agree))
      expect(Math.abs(row.predicted! / row.measured! - 1), row.id).toBeLessThanOrEqual(0.02);
  });

  it('have a reason wherever they do not agree', () => {
    for (const row of result.rows)
      expect(row.reasons.length > 0, row.id).toBe(row.predicted_class !== 'agree');
  });
});

describe('the prediction', () => {
  it('is the same when the columns of times are empty', () => {
    const blind = compared(
      changed(cells => ({ ...cells, ...Object.fromEntries(TIMES.map(name => [name, ''])) })),
    );
    const seen = compared(file);
    const said = ({ rows }: Comparison) =>
      rows.map(row => [row.id, row.predicted_class, row.reasons, row.predicted, row.limit_ns, row.model_ns]);
    expect(said(blind)).toEqual(said(seen));
    expect(blind.counts.predicted).toEqual(seen.counts.predicted);
    expect(blind.counts.without_time).toBe(lines.length);
    expect(blind.rows.every(row => row.observed_class === null && row.error === null)).toBe(true);
  });

  it('does not follow a time that is wrong', () => {
    const late = compared(
      changed(cells => ({ ...cells, finish_ns_max: `${Math.round(Number(cells.finish_ns_max) * 1.3)}` })),
    );
    expect(late.counts.predicted).toEqual(compared(file).counts.predicted);
    expect(late.counts.observed.unexplained).toBeGreaterThan(lines.length / 2);
    const early = compared(changed(cells => ({ ...cells, finish_ns_max: '1' })));
    expect(early.counts.observed.below_limit).toBe(lines.length);
  });
});

describe('a row that cannot be read', () => {
  it.each([
    ['algorithm_per_dim', 'bruck'],
    ['topology_per_dim', 'Mesh'],
    ['topology_per_dim', 'RingxRing'],
    ['npus_per_dim', 'eight'],
    ['npus_per_dim', '1'],
    ['bandwidth_GiBps_per_link_per_dim', '0'],
    ['latency_ns_per_link_per_dim', ''],
    ['comm_size_bytes', '0'],
    ['preferred_dataset_splits', '0'],
    ['collective', 'broadcast'],
    ['backend', 'ns3'],
  ])('is unexplained with the reason: %s = "%s"', (name, value) => {
    const { rows, counts } = compared(changed(cells => ({ ...cells, [name]: value }), lines.slice(0, 1)));
    expect(counts.predicted.unexplained).toBe(1);
    expect(rows[0]!.predicted).toBeNull();
    expect(rows[0]!.reason).toMatch(/_per_dim|comm_size|splits|collective|backend/);
  });

  it('says so where the simulator itself does not finish', () => {
    const six = { npus_per_dim: '6', algorithm_per_dim: 'halvingDoubling' };
    const { rows } = compared(changed(cells => ({ ...cells, ...six }), lines.slice(0, 1)));
    expect(rows[0]!.reason).toContain('power of two');
  });
});

describe('the command', () => {
  const read = (text: string) => () => text;

  it('prints both counts and the confusion', () => {
    const { status, out, error } = run(['runs.csv'], read(file));
    expect({ status, error }).toEqual({ status: 0, error: '' });
    expect(out).toContain('predicted \\ observed');
    expect(out).toMatch(/unexplained +0 +0\n/);
  });

  it('prints rows and families as JSON', () => {
    const { status, out } = run(['runs.csv', '--json'], read(file));
    const result = JSON.parse(out) as Comparison;
    expect(status).toBe(0);
    expect(result.rows).toHaveLength(lines.length);
    expect(result.families.reduce((sum, { n }) => sum + n, 0)).toBe(lines.length);
    const [row] = result.rows;
    expect(row!.error).toBeCloseTo(row!.predicted! / row!.measured! - 1, 12);
  });

  it('names the columns that a wrong file lacks', () => {
    const { status, out, error } = run(['other.csv'], read('case_id,backend\n1,congestion_aware\n'));
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(error).toContain('topology_per_dim');
    expect(error).not.toContain('backend');
  });

  it.each([[[]], [['a.csv', 'b.csv']], [['a.csv', '--fast']]])('says how it is used: %j', args => {
    expect(run(args, read(file))).toMatchObject({
      status: 2,
      out: '',
      error: expect.stringContaining('usage'),
    });
  });

  it('says so when the file is not there or has no rows', () => {
    const gone = () => {
      throw new Error('no such file');
    };
    expect(run(['a.csv'], gone)).toMatchObject({ status: 2, error: 'a.csv: no such file' });
    expect(run(['a.csv'], read(`${header}\n`))).toMatchObject({ status: 2 });
  });
});
