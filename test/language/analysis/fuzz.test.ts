/** Damaged texts: every analysis ends, and no check of ours falls over. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createAnalysis } from './support.ts';

const EXAMPLE = readFileSync(join(import.meta.dirname, '../../../examples/quickstart.shard'), 'utf8');
const BASE = `chip c { peak.bf16: 1PFLOP/s  hbm.capacity: 80GiB  hbm.bandwidth: 3TB/s }
fabric f {
  level node of 8 c { topology: switch(reduce: true)  bandwidth: 400GB/s }
  level cluster of 4 node { topology: fat_tree(tiers: 2, oversubscription: 3)  bandwidth: 50GB/s }
}
let layers_of_m = 8
model m { layers: layers_of_m  hidden: 4096  heads: 32  vocab: 32000  experts: 16  topk: 2 }
mesh w on f { tp: 4 on node  pp: 2  dp: chips / tp / pp  ep: 2 from dp  order: tp < pp < dp }
plan p of m on w {
  batch.global: 64
  dp.zero: 2
  ep.dispatch: fp8
  pp.schedule: interleaved(chunks: 2)
  recompute: selective(norm, swiglu)
  collective extra: all_gather(over: dp, size: tokens * hidden * 2B, per: layer, overlap: [mlp])
  shard W[D/dp, F/tp] -> W[D, F/tp]
  assert exposed(dp) < 2% * step_time and not network_bound
  sweep dp.zero in [0, 1, 2]
}
plan q like p { dp.zero: 3 }
`;
const tokens = BASE.split(/(\s+|[{}()[\]:,<>*/.=-])/).filter(t => t !== '');
const numbers = [
  '0',
  '1',
  '3',
  '7',
  '0.5',
  '1e30',
  '1e999',
  '2GB',
  '5%',
  '-1',
  '4x4',
  '99999999999999999999',
];

const damage = fc.array(
  fc.record({
    at: fc.nat(tokens.length - 1),
    how: fc.constantFrom('drop', 'double', 'swap', 'number'),
    other: fc.nat(tokens.length - 1),
    number: fc.constantFrom(...numbers),
  }),
  { minLength: 1, maxLength: 4 },
);

test('whatever is dropped, doubled, swapped or replaced', async () => {
  const analysis = createAnalysis();
  expect((await analysis.analyse(EXAMPLE, '/plans/fuzz.shard')).findings.map(f => f.code)).not.toContain(
    'check-failed',
  );
  await fc.assert(
    fc.asyncProperty(damage, async changes => {
      const text = [...tokens];
      for (const { at, how, other, number } of changes) {
        if (how === 'drop') text[at] = '';
        else if (how === 'double') text[at] += ` ${text[at]}`;
        else if (how === 'swap') [text[at], text[other]] = [text[other]!, text[at]!];
        else if (/^[0-9]/.test(text[at]!)) text[at] = number;
      }
      const { findings, report } = await analysis.analyse(text.join(''), '/plans/fuzz.shard');
      expect(findings.filter(f => f.code === 'check-failed').map(f => f.message)).toEqual([]);
      for (const plan of report.plans) {
        if (plan.estimate) expect(Number.isFinite(plan.estimate.step.time)).toBe(true);
      }
    }),
    { numRuns: 150 },
  );
}, 60_000);
