/** Tables of measured products: written by hand, printed by tools, and not tables at all. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readGemmTable } from '../../src/interop/gemm-table.ts';

const rowsOf = (text: string) => {
  const { rows, problems } = readGemmTable(text);
  expect(problems).toEqual([]);
  return rows;
};
const saysOf = (text: string) => readGemmTable(text).problems.map(p => `${p.severity}: ${p.message}`);

describe('a table by hand', () => {
  test('in TFLOP/s, with comments, a precision and blanks', () => {
    const text =
      '# H100, cuBLAS\n\nm, n, k, tflops, precision\n8192, 4096, 4096, 701, bf16\n# slow\n64,128,256,1.5,\n';
    expect(rowsOf(text)).toEqual([
      { line: 4, m: 8192, n: 4096, k: 4096, count: 1, precision: 'bf16', achieved: { rate: 701e12 } },
      { line: 6, m: 64, n: 128, k: 256, count: 1, achieved: { rate: 1.5e12 } },
    ]);
  });

  test.each([
    ['us', '250', 250e-6],
    ['Time (µs)', '250', 250e-6],
    ['time_ms', '0.25', 250e-6],
    ['seconds', '2.5e-4', 250e-6],
  ])('timed in %s: of all products of the launch', (heading, value, seconds) => {
    const [row] = rowsOf(`K,N,M,count,${heading}\r\n512,1024,2048,8,${value}\r\n`);
    expect(row).toMatchObject({ m: 2048, n: 1024, k: 512, count: 8 });
    expect((row!.achieved as { rate: number }).rate).toBeCloseTo((2 * 2048 * 1024 * 512 * 8) / seconds, -3);
  });

  test.each([
    ['m;n;k;share\n64;64;64;0.25', 0.25],
    ['m\tn\tk\tshare\n64\t64\t64\t25%', 0.25],
    ['"m","n","k","share"\n"64","64","64","25 %"', 0.25],
    ['\uFEFFm,n,k,share\r64,64,64,.25', 0.25],
    ['# m,n,k,share\n64,64,64,2.5e-1', 0.25],
  ])('as a share of the peak: %j', (text, share) => {
    expect(rowsOf(text)).toEqual([expect.objectContaining({ m: 64, n: 64, k: 64, achieved: { share } })]);
  });

  test.each([
    ['torch.bfloat16', 'bf16'],
    ['FP16', 'fp16'],
    ['float8_e4m3fn', 'fp8'],
    ['bf16_r', 'bf16'],
    ['mxfp8', 'mxfp8'],
    ['nvfp4', 'fp4'],
  ])('%s is %s', (written, precision) => {
    expect(rowsOf(`m,n,k,dtype,us\n64,64,64,${written},10`)[0]!.precision).toBe(precision);
  });

  test('a time counts where there are rates beside it', () => {
    expect(rowsOf('m,n,k,tflops,us\n1000,1000,1000,1,1000')[0]!.achieved).toEqual({ rate: 2e12 });
  });
});

describe('what tools print', () => {
  // The columns of https://rocm.docs.amd.com/projects/hipBLASLt/clients.html and of ROCm/hipBLASLt pull request 1544.
  test('hipblaslt-bench, its header anew for every shape', () => {
    const header =
      'transA,transB,grouped_gemm,batch_count,m,n,k,alpha,lda,stride_a,beta,ldb,stride_b,ldc,stride_c,ldd,stride_d,a_type,b_type,c_type,d_type,compute_type,activation_type,bias_vector,hipblaslt-Gflops,hipblaslt-GB/s,us';
    const row = (m: number, us: number) =>
      `    N,N,0,1,${m},4864,32896,1,4096,134742016,0,32896,160006144,4096,19922944,4096,19922944,f16_r,f16_r,f16_r,f16_r,f32_r,none,0,555009,248.176,${us}`;
    const text = `hipBLASLt version: 1000\nQuery device success: there are 8 devices\n[0]:${header}\n${row(4096, 2361.71)}\n[0]:${header}\n${row(2048, 1200)}\n`;
    const rows = rowsOf(text);
    expect(rows.map(({ m, n, k, precision }) => [m, n, k, precision])).toEqual([
      [4096, 4864, 32896, 'fp16'],
      [2048, 4864, 32896, 'fp16'],
    ]);
    expect((rows[0]!.achieved as { rate: number }).rate / 1e12).toBeCloseTo(555.01, 1);
  });

  test('mamf-finder.py, version 2: the mean', () => {
    const line = (i: number, m: number, mean: string) =>
      `${String(i).padStart(6)} | ${mean.padStart(6)}(mean)  610.8(median)  640.3(max) @ ${`${m}x4096x4096`.padEnd(20)} | best:  601.2(mean)  610.8(median)  640.3(max) TFLOPS`;
    const text = `\nBenchmark started on 2024-10-01\n\n** Dtype: torch.bfloat16\n\n** Platform/Device info:\nLinux\n${'-'.repeat(80)}\n\nWarming up the accelerator for 30 secs ... accelerator warmup finished\n${line(1, 256, '401.2')}\n${line(2, 512, '601.2')}\n\nTried  2 shapes => the best outcomes were:\nmean:   601.2 TFLOPS @ 512x4096x4096 (MxNxK)\nmedian: 610.8 TFLOPS @ 512x4096x4096 (MxNxK)\n`;
    expect(rowsOf(text)).toEqual([
      expect.objectContaining({ m: 256, n: 4096, k: 4096, precision: 'bf16', achieved: { rate: 401.2e12 } }),
      expect.objectContaining({ m: 512, achieved: { rate: 601.2e12 } }),
    ]);
  });

  test('mamf-finder.py, version 4, with power and clock', () => {
    const text = `** Dtype: float8_e4m3fn\n     #  MxNxK                mean median    max   best     W   MHz\n     1  256x4096x4096       401.2  410.0  430.5  401.2   650  1980\n     2  512x4096x20480     1201.2 1210.0 1230.5 1201.2\n`;
    expect(rowsOf(text)).toEqual([
      expect.objectContaining({ m: 256, n: 4096, k: 4096, precision: 'fp8', achieved: { rate: 401.2e12 } }),
      expect.objectContaining({ m: 512, k: 20480, achieved: { rate: 1201.2e12 } }),
    ]);
  });
});

describe('what cannot be used is said, with its line', () => {
  test.each([
    ['', 'The file is empty'],
    ['\u0000\u0001', 'not text'],
    ['# nothing\n', 'nothing but comments'],
    ['{"m": 1}\n', 'line 1: this is no header'],
    ['a,b\n1,2\n', 'line 1: this is no header'],
    ['# x\nm,n,tflops\n1,2,3\n', "line 2: the header has no column for 'k'"],
    ['m,n,k,tokens\n1,2,3,4\n', "line 1: the header has no column for what was measured ('tflops',"],
    ['m,n,k,time\n1,2,3,4\n', 'what was measured'],
    ['m,n,k,us\n', 'No row can be used: there is none below the header'],
    ['m,n,k,us\n1,2,3,x\n', "No row can be used: line 2: us is 'x', which is not a number"],
  ])('%j', (text, words) => {
    expect(saysOf(text)).toEqual([expect.stringMatching(/^error: /)]);
    expect(saysOf(text)[0]).toContain(words);
    expect(readGemmTable(text).rows).toEqual([]);
  });

  test.each([
    ['8,8,8,', 'line 3: us is missing'],
    ['8,8', 'line 3: k is missing'],
    ['8,8,8,-3', 'line 3: us is -3, it must be more than 0'],
    ['8,8,8,0', 'line 3: us is 0, it must be more than 0'],
    ['8,8,8,nan', "line 3: us is 'nan', which is not a number"],
    ['8,8,8,inf', "line 3: us is 'inf', which is not a number"],
    ['8,8,8,1e-320', 'line 3: us is 1e-320, which no chip reaches'],
    ['-8,8,8,1', 'line 3: m is -8, it must be a whole number from 1'],
    ['8,8.5,8,1', 'line 3: n is 8.5, it must be a whole number from 1'],
    ['8,8,1e300,1', 'line 3: k is 1e300, it must be a whole number from 1'],
    ['8,8,8,1,fp7', "line 3: the precision 'fp7' is not known"],
  ])('the row %j alone is left out', (row, words) => {
    const { rows } = readGemmTable(`m,n,k,us,dtype\n16,16,16,5\n${row}\n`);
    expect(rows.map(({ line }) => line)).toEqual([2]);
    expect(saysOf(`m,n,k,us,dtype\n16,16,16,5\n${row}\n`)).toEqual([
      expect.stringContaining(`warning: ${words}`),
    ]);
  });

  test('many wrong rows are counted', () => {
    const text = `m,n,k,us\n8,8,8,1\n${'8,8,8,x\n'.repeat(500)}`;
    const says = saysOf(text);
    expect(says).toHaveLength(4);
    expect(says.at(-1)).toContain('497 more rows');
  });

  test('whatever the text, only numbers that can be come out, and nothing is thrown', () => {
    const cell = fc.oneof(
      fc.constantFrom(
        'm',
        'n',
        'k',
        'us',
        'tflops',
        'share',
        'dtype',
        'count',
        '"',
        '',
        'bf16',
        '1e999',
        '-1',
        '0',
        '7%',
      ),
      fc.integer().map(String),
      fc.double().map(String),
      fc.string({ maxLength: 8 }),
    );
    const line = fc.array(cell, { maxLength: 8 }).map(cells => cells.join(','));
    const csv = fc.array(line, { maxLength: 12 }).map(lines => ['m,n,k,us', ...lines].join('\n'));
    fc.assert(
      fc.property(fc.oneof(csv, fc.string({ unit: 'binary', maxLength: 300 })), text => {
        const { rows, problems } = readGemmTable(text);
        expect(rows.length > 0 || problems.some(({ severity }) => severity === 'error')).toBe(true);
        for (const { m, n, k, count, achieved } of rows)
          for (const each of [m, n, k, count, ...Object.values(achieved)]) {
            expect(each).toBeGreaterThan(0);
            expect(each).toBeLessThan(Number.POSITIVE_INFINITY);
          }
        for (const { message } of problems) expect(message).not.toMatch(/undefined|NaN/);
      }),
    );
  });

  test('ten megabytes on one line, and ten of rows, come to an end', () => {
    expect(readGemmTable('1 '.repeat(5e6)).rows).toEqual([]);
    expect(readGemmTable(`m,n,k,us\n${'8192,4096,4096,250\n'.repeat(5e5)}`).rows).toHaveLength(5e5);
  });
});
