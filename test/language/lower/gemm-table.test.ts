/** `efficiency.gemm: table("gemm.csv")`, from the file to the price and to what is said about it. */
import { describe, expect, test } from 'vitest';
import { createAnalysis, textAt } from '../analysis/support.ts';

const PEAKS = 'peak.bf16: 1000TFLOP/s  peak.fp8: 2000TFLOP/s  hbm.capacity: 80GiB  hbm.bandwidth: 3TB/s';
const plan = (efficiency: string, more = ''): string => `chip c { ${PEAKS}  ${efficiency} }
fabric f { level node of 8 c { bandwidth: 450GB/s } }
model m { layers: 8  hidden: 4096  heads: 32  vocab: 32000 }
mesh w on f { tp: 8 }
plan p of m on w { batch.global: 64  ${more} }
`;
const BOTH = `m,n,k,tflops,dtype
4096,4096,4096,600,bf16
4096,4096,4096,620,bf16
4096,4096,4096,700,bf16
512,4096,4096,300,fp16
4096,4096,4096,1400,fp8
4096,4096,4096,40,fp32
`;
const analysed = (text: string, csv = BOTH) => createAnalysis({ '/plans/gemm.csv': csv }).analyse(text);
const chipOf = ({ report }: Awaited<ReturnType<typeof analysed>>) => report.plans[0]!.spec!.fabric.chip;
const TABLE = 'efficiency.gemm: table("gemm.csv")';

describe('a table', () => {
  test('gives shares of the peak by shape: rows of the same width, the median of repeated ones', async () => {
    const result = await analysed(plan(TABLE));
    expect(result.findings).toEqual((await analysed(plan('efficiency.gemm: 60%'))).findings);
    expect(chipOf(result).efficiency.gemm).toBeUndefined();
    expect(chipOf(result).efficiency.gemmTable).toEqual({
      file: 'gemm.csv',
      shapes: [
        { m: 4096, n: 4096, k: 4096, count: 1, share: 0.62 },
        { m: 512, n: 4096, k: 4096, count: 1, share: 0.3 },
      ],
    });
    const { assumptions } = result.report.plans[0]!.estimate!;
    expect(assumptions.find(a => a.key === 'efficiency.gemm')).toEqual({
      key: 'efficiency.gemm',
      text: 'gemm.csv: 2 measured shapes, 30 to 62 % of peak',
      confidence: 'measured',
    });
  });

  test('of 8-bit products counts for plans in 8 bit, against the 8-bit peak', async () => {
    const keys = `${TABLE}  efficiency.gemm8: table("gemm.csv")`;
    const of = async (more: string, csv?: string) =>
      (await analysed(plan(keys, more), csv)).report.plans[0]!.estimate!;
    const result = await analysed(plan(keys));
    expect(chipOf(result).efficiency.gemm8Table!.shapes).toEqual([
      { m: 4096, n: 4096, k: 4096, count: 1, share: 0.7 },
    ]);
    const slower = BOTH.replace('1400', '700');
    expect((await of('', slower)).step.time).toBe((await of('')).step.time);
    const fp8 = 'precision.compute: fp8';
    expect((await of(fp8, slower)).step.time).toBeGreaterThan((await of(fp8)).step.time);
    const words = (await of(fp8)).assumptions.find(a => a.key === 'efficiency.gemm8');
    expect(words?.text).toContain('1 measured shape,');
  });

  test('makes a plan as slow as it is, and follows the file', async () => {
    const analysis = createAnalysis({ '/plans/gemm.csv': BOTH });
    await analysis.analyse(plan(TABLE), '/plans/p.shard');
    const step = () => analysis.report(analysis.document('/plans/p.shard')!).plans[0]!.estimate!.step.time;
    const before = step();
    await analysis.update({ '/plans/gemm.csv': BOTH.replace(/,(\d)\d\d,(bf16|fp16)/g, ',$10,$2') });
    expect(step()).toBeGreaterThan(3 * before);
  });

  test('may stand behind a name, and in an imported file', async () => {
    const named = await analysed(`let t = table("gemm.csv")\n${plan('efficiency.gemm: t')}`);
    expect(chipOf(named).efficiency.gemmTable!.shapes).toHaveLength(2);
    const [chip, ...rest] = plan(TABLE).split('\n');
    const analysis = createAnalysis({ '/plans/chips/gemm.csv': BOTH, '/plans/chips/own.shard': `${chip}\n` });
    const imported = await analysis.analyse(`import "chips/own"\n${rest.join('\n')}`);
    expect(chipOf(imported).efficiency.gemmTable!.shapes).toHaveLength(2);
  });

  test('costs no more to tell apart than a number, however long it is', async () => {
    const long = `m,n,k,share\n${Array.from({ length: 5000 }, (_, i) => `${i + 1},4096,4096,0.5\n`).join('')}`;
    const chip = chipOf(await analysed(plan(TABLE), long));
    expect(chip.efficiency.gemmTable!.shapes).toHaveLength(5000);
    expect(JSON.stringify(chip).length).toBeLessThan(1000);
    // Another table of the same name is another chip.
    const other = chipOf(await analysed(plan(TABLE), long.replace('0.5', '0.6')));
    expect(JSON.stringify(other)).not.toBe(JSON.stringify(chip));
  });
});

describe('a table that cannot be used is an error at its name, and the chip stays as it would be without', () => {
  test.each([
    ['table("gone.csv")', BOTH, 'The file gone.csv does not exist.'],
    [TABLE, 'x'.repeat(11 * 1024 * 1024), 'larger than 10 MB'],
    [TABLE, '\u0000', 'not text'],
    [TABLE, 'm,n,tflops\n1,2,3\n', "gemm.csv: line 1: the header has no column for 'k'"],
    [TABLE, 'm,n,k,tflops,dtype\n8,8,8,3,fp8\n', 'no 16-bit product among its rows, they are fp8'],
    [TABLE, 'm,n,k,tflops\n8,8,8,600000\n', 'line 2: 8 x 8 x 8 at 600 times of the peak cannot be'],
    [TABLE, 'm,n,k,seconds\n8,8,8,900\n', 'line 2: 8 x 8 x 8 at 1.1e-15 of the peak cannot be'],
  ])('%s %.40j', async (value, csv, words) => {
    const key = value.startsWith('table') ? `efficiency.gemm: ${value}` : value;
    const { text, findings, report } = await analysed(plan(key), csv);
    const found = findings.filter(f => f.code === 'chip-table');
    expect(found.map(f => f.severity)).toEqual(['error']);
    expect(found[0]!.message).toContain(words);
    expect(textAt(text, found[0]!)).toBe(key.slice('efficiency.gemm: '.length));
    expect(report.plans[0]!.spec!.fabric.chip.efficiency.gemmTable).toBeUndefined();
    expect(report.plans[0]!.estimate).toBeDefined();
  });

  test('single rows are warnings, and the others count', async () => {
    const csv = 'm,n,k,share\n8,8,8,0.5\n16,16,16,1.04\n32,32,32,1.06\n64,64,64,x\n';
    const result = await analysed(plan(TABLE), csv);
    const found = result.findings.filter(f => f.code === 'chip-table');
    expect(found.map(f => [f.severity, f.message])).toEqual([
      ['warning', "gemm.csv: line 5: share is 'x', which is not a number."],
      [
        'warning',
        'gemm.csv: line 4: 32 x 32 x 32 at 106 % of the peak cannot be: its unit or the stated peak is wrong.',
      ],
    ]);
    expect(chipOf(result).efficiency.gemmTable!.shapes.map(({ m }) => m)).toEqual([8, 16]);
  });
});
