/** Hover on a table of measured products, from the file to the words. */
import { expect, test } from 'vitest';
import { analyseWith } from '../../src/server/analyse.ts';
import { hoverAt } from '../../src/server/hover.ts';
import { cursor, open, viewFor } from './support.ts';

const text = (efficiency: string): string => `chip c {
  peak.bf16: 1000TFLOP/s  hbm.capacity: 80GiB  hbm.bandwidth: 3TB/s
  ${efficiency}
}
fabric f { level node of 8 c { bandwidth: 450GB/s } }
model m { layers: 8  hidden: 4096  heads: 32  vocab: 32000 }
mesh w on f { tp: 8 }
plan p of m on w { batch.global: 64 }
`;
const CSV = 'm,n,k,tflops\n512,4096,4096,300\n2048,4096,4096,500\n8192,4096,8192,700\n';

test.each(['efficiency.ge<|>mm: table("gemm.csv")', 'efficiency.gemm: ta<|>ble("gemm.csv")'])(
  '%s says what the file holds',
  async line => {
    const { text: written, position } = cursor(text(line));
    const { document, services } = await open(written, { '/plans/gemm.csv': CSV });
    const view = await viewFor(written, { report: analyseWith(services.shardplan)(document) });
    const words = (hoverAt(view, position, view.services.shared)!.contents as { value: string }).value;
    expect(words).toContain('From `gemm.csv`, 3 shapes');
    expect(words).toContain('| m | 512 to 8,192 |');
    expect(words).toContain('| n | 4,096 |');
    expect(words).toContain('**30 %** to **70 %**');
    expect(words).not.toContain('Not priced');
  },
);
