import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readNcclTests } from '../../src/interop/nccl-tests.ts';
import { doubling, ncclLog } from './nccl-log.ts';

const MIB = 2 ** 20;
const linear = (rate: number) => (bytes: number) => 20e-6 + bytes / rate;

describe('what the tool prints', () => {
  test('every size gives a time out of place and one in place, in SI units', () => {
    const text = ncclLog(doubling(8, 1024 * MIB), linear(200e9), { ranks: 8, perHost: 8 });
    const { rows, problems } = readNcclTests(text);
    expect(problems).toEqual([]);
    expect(rows).toHaveLength(2 * 28);
    const last = rows.at(-1)!;
    expect(last).toMatchObject({
      op: 'all_reduce',
      ranks: 8,
      hosts: 1,
      bytes: 2 ** 30,
      wrong: 0,
      inPlace: true,
    });
    expect(last.timeSeconds).toBeCloseTo(20e-6 + 2 ** 30 / 200e9, 6);
    expect(last.algbw / 1e9).toBeCloseTo(2 ** 30 / last.timeSeconds / 1e9, 1);
    expect(last.busbw / last.algbw).toBeCloseTo(1.75, 3);
  });

  test.each([
    ['all_gather', 'all_gather', 'none'],
    ['reduce_scatter', 'reduce_scatter', 'sum'],
    ['alltoall', 'all_to_all', 'none'],
    ['sendrecv', 'send_recv', 'sum'],
    ['broadcast', 'broadcast', 'none'],
  ])('%s_perf', (binary, op, redop) => {
    const text = ncclLog([MIB, 16 * MIB], linear(50e9), { binary, ranks: 16, perHost: 8, redop });
    const [row] = readNcclTests(text).rows;
    expect(row).toMatchObject({ op, ranks: 16, hosts: 2 });
  });

  test('several runs in one file, each with its own operation and ranks', () => {
    const text = [
      '+ mpirun -np 8 ./build/all_reduce_perf -b 1M -e 16M',
      ncclLog([MIB, 16 * MIB], linear(300e9), { ranks: 8, perHost: 8 }),
      '+ mpirun -np 16 ./build/all_gather_perf -b 1M -e 16M',
      ncclLog([MIB, 16 * MIB], linear(40e9), { binary: 'all_gather', ranks: 16, perHost: 8, redop: 'none' }),
    ].join('\n');
    const { rows } = readNcclTests(text);
    expect([...new Set(rows.map(row => `${row.op} ${row.ranks} ${row.hosts}`))]).toEqual([
      'all_reduce 8 1',
      'all_gather 16 2',
    ]);
  });

  test('checks switched off (-c 0), Windows line ends, tabs, colours and prefixes of launchers', () => {
    const plain = ncclLog([MIB, 16 * MIB], linear(300e9), { ranks: 8, unchecked: true });
    const { rows } = readNcclTests(plain);
    expect(rows).toHaveLength(4);
    expect(rows[0]!.wrong).toBeUndefined();
    const dressed = plain
      .split('\n')
      .map(line => `[1,0]<stdout>: \u001b[32m${line.replace(/ +/g, '\t')}\u001b[0m`)
      .join('\r\n');
    expect(readNcclTests(dressed).rows).toEqual(rows);
  });

  test('messages of NCCL between the rows change nothing', () => {
    const text = ncclLog(doubling(MIB, 16 * MIB), linear(300e9), { ranks: 8, perHost: 8 });
    const noisy = text.replaceAll(
      '\n1',
      '\nhost-0:4000:4123 [3] NCCL INFO Channel 03/0 : 3[3] -> 4[4] via P2P/CUMEM\nhost-0:1:2 [0] misc/socket.cc:50 NCCL WARN all_reduce_perf: retry\n1',
    );
    expect(readNcclTests(noisy).rows).toEqual(readNcclTests(text).rows);
  });

  test('old versions without a root, and with an error in place of a count', () => {
    const text = `#       size         count    type   redop     time   algbw   busbw  error     time   algbw   busbw  error
     1048576        262144   float     sum    52.43   20.00   35.00  5e-07    52.43   20.00   35.00  5e-07`;
    expect(readNcclTests(text).rows).toMatchObject([
      { op: 'all_reduce', ranks: 8, bytes: MIB },
      { op: 'all_reduce', ranks: 8, inPlace: true },
    ]);
  });
});

describe('a log that does not say what ran', () => {
  test('the two bandwidths say the operation and the ranks', () => {
    const text = ncclLog([256 * MIB, 1024 * MIB], linear(200e9), { binary: 'none', ranks: 48 });
    expect(readNcclTests(text).rows[0]).toMatchObject({
      op: 'all_reduce',
      ranks: 48,
      ranksBetween: [48, 48],
    });
  });

  test('a large group is known as well as the printed digits allow', () => {
    const text = ncclLog([256 * MIB], linear(20e9), { binary: 'none', ranks: 1000 });
    const [low, high] = readNcclTests(text).rows[0]!.ranksBetween;
    expect(low).toBeLessThan(1000);
    expect(high).toBeGreaterThan(1000);
  });

  test('a list of ranks with gaps does not count; a list that contradicts the bandwidths is reported', () => {
    const text = ncclLog([256 * MIB], linear(200e9), { binary: 'none', ranks: 64 });
    const gaps = `#  Rank 143 Group  0 Pid  1 on gb-7 device  3 [0x01] GPU\n${text}`;
    expect(readNcclTests(gaps).rows[0]).toMatchObject({ ranks: 64 });
    const wrong = `#  Rank 0 Group  0 Pid  1 on a device 0\n#  Rank 1 Group  0 Pid  2 on a device 1\n${text}`;
    const { rows, problems } = readNcclTests(wrong);
    expect(rows[0]!.ranks).toBe(64);
    expect(problems[0]).toMatchObject({ severity: 'warning' });
    expect(problems[0]!.message).toContain('2 ranks');
  });
});

describe('what cannot be used', () => {
  const message = (text: string) => {
    const { rows, problems } = readNcclTests(text);
    expect(rows).toEqual([]);
    expect(problems[0]!.severity).toBe('error');
    return problems[0]!.message;
  };

  test('is refused with what was expected', () => {
    expect(message('')).toContain('empty');
    expect(message('chip h100 { }\n')).toContain('nccl-tests');
    expect(message('\u0000\u0001ELF')).toContain('not text');
    expect(message('{"results": []}')).toContain('algbw');
  });

  test('a run that was killed in the first row', () => {
    expect(message('# all_reduce_perf\n 1048576 262144 float sum -1  52.')).toContain('cut off');
  });

  test('wrong results, contradictory columns and operations that no plan causes', () => {
    expect(message('1048576 262144 float sum -1 52.43 20.00 35.00 7')).toContain('wrong results');
    expect(message('1048576 262144 float sum -1 52.43 90.00 157.5 0')).toContain('algbw');
    expect(message('./hypercube_perf\n1048576 262144 float none -1 52.43 20.00 17.5 0')).toContain(
      'hypercube',
    );
    expect(message('./all_gather_perf\n1048576 262144 float none -1 52.43 20.00 35.0 0')).toContain(
      'all_gather',
    );
  });

  test('one bad row does not take the others with it', () => {
    const text = ncclLog(doubling(MIB, 16 * MIB), linear(300e9), { ranks: 8 });
    const { rows, problems } = readNcclTests(`${text}\n33554432 8388608 float sum -1 12`);
    expect(rows).toHaveLength(10);
    expect(problems).toMatchObject([{ severity: 'warning' }]);
  });
});

test('no text makes it throw, and every row that it gives holds together', () => {
  const log = ncclLog(doubling(8, 64 * MIB), linear(100e9), { ranks: 8, perHost: 4 });
  const mangled = fc
    .tuple(fc.nat(log.length), fc.nat(60), fc.string({ unit: 'binary' }))
    .map(([at, length, junk]) => log.slice(0, at) + junk + log.slice(at + length));
  const words = fc
    .array(
      fc.constantFrom(
        '8',
        '1048576',
        'float',
        'sum',
        '-1',
        '0.00',
        '1e999',
        'N/A',
        '#',
        'Rank',
        '\n',
        'nranks',
      ),
    )
    .map(parts => parts.join(' '));
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), mangled, words), text => {
      const { rows, problems } = readNcclTests(text);
      expect(rows.length === 0).toBe(problems.some(problem => problem.severity === 'error'));
      for (const row of rows) {
        expect(row.timeSeconds).toBeGreaterThan(0);
        expect(row.bytes).toBeGreaterThan(0);
        expect(row.ranks).toBeGreaterThanOrEqual(row.ranksBetween[0]);
        expect(row.ranks).toBeLessThanOrEqual(row.ranksBetween[1]);
      }
    }),
    { numRuns: 500 },
  );
});
