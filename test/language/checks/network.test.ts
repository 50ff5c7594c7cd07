import { expect, test } from 'vitest';
import { analyse, fixed, invalid, textAt, valid } from '../analysis/support.ts';

const text = (
  cluster: string,
  rest: string,
) => `chip c { peak.bf16: 1PFLOP/s  hbm.capacity: 80GiB  hbm.bandwidth: 3TB/s }
fabric f {
  level node of 8 c { bandwidth: 400GB/s }
  level cluster of 16 node { bandwidth: ${cluster} }
}
model m { layers: 32  hidden: 4096  ffn: 14336  heads: 32  kv_heads: 8  vocab: 32000 }
model x { layers: 16  hidden: 4096  heads: 32  vocab: 32000  experts: 64  topk: 4  expert_ffn: 2048 }
${rest}`;

test('tensor parallelism across nodes is said at its axis, with what another order would bring', async () => {
  const result = await invalid('order-slow-level')`${text(
    '50GB/s',
    'mesh w on f { «tp: 8»  dp: 16  order: dp < tp }\nplan p of m on w { batch.global: 256 }',
  )}`;
  const finding = result.findings.find(f => f.code === 'order-slow-level')!;
  expect(finding.message).toMatch(
    /^'tp' crosses cluster, a scale-out level: .* per chip and step take [\d.]+ .?s there/,
  );
  expect(finding.fixes![0]!.title).toMatch(
    /^Change to 'order: tp < dp' — step [\d.]+ .?s → [\d.]+ .?s \(−\d+ %\)$/,
  );
  const after = await analyse(fixed(result, 'order-slow-level'));
  expect(after.findings.filter(f => f.code === 'order-slow-level')).toEqual([]);
  const step = (r: typeof after) => r.report.plans[0]!.estimate!.step.time;
  expect(step(after)).toBeLessThan(step(result));
});

test('a tensor axis wider than a node has nowhere to go, and is still a warning', async () => {
  const { findings } = await invalid(
    'order-slow-level',
  )`${text('50GB/s', 'mesh w on f { «tp: 16»  dp: 8 }\nplan p of m on w { batch.global: 256 }')}`;
  const finding = findings.find(f => f.code === 'order-slow-level')!;
  expect(finding).toMatchObject({ severity: 'warning' });
  expect(finding.message).toContain('tp 16 is wider than a scale-up unit of 8');
});

test('experts that cannot stay inside are only remarked, those that could are a warning', async () => {
  const wide = await analyse(
    text(
      '50GB/s',
      'mesh w on f { dp: 128  ep: 32 from dp  order: dp }\nplan p of x on w { batch.global: 256 }',
    ),
  );
  expect(wide.findings.find(f => f.code === 'order-slow-level')).toMatchObject({ severity: 'info' });
  const narrow = await analyse(
    text(
      '50GB/s',
      'mesh w on f { pp: 16  dp: 8  ep: 8 from dp  order: pp < dp }\nplan p of x on w { batch.global: 256 }',
    ),
  );
  const finding = narrow.findings.find(f => f.code === 'order-slow-level')!;
  expect(textAt(narrow.text, finding)).toBe('ep: 8 from dp');
  expect(finding).toMatchObject({ severity: 'warning' });
  expect(finding.fixes![0]!.title).toContain('order: dp < pp');
});

test('a fast network has none of these findings', async () => {
  await valid`${text('400GB/s', 'mesh w on f { tp: 8  dp: 16 }\nplan p of m on w { batch.global: 4096 }')}`;
});

test('a slow network binds, and its busiest link is hot', async () => {
  const { findings, text: whole } = await analyse(
    text('1GB/s', 'mesh w on f { tp: 8  dp: 16 }\nplan p of m on w { batch.global: 32\n  dp.zero: 1 }'),
  );
  const bound = findings.find(f => f.code === 'network-bound')!;
  expect(textAt(whole, bound)).toBe('dp.zero: 1');
  expect(bound.message).toMatch(
    /^The network sets the pace: dp moves .* per chip and step through .* of cluster: .* beside .* of work to hide it under; .* of the step\) wait\.$/,
  );
});

test('memory says what fills it', async () => {
  const { findings, text: whole } = await analyse(
    text(
      '50GB/s',
      'mesh w on f { dp: 128 }\nplan p of m on w {\n  batch.global: 512\n  batch.micro: 4\n  recompute: none\n}',
    ),
  );
  const over = findings.find(f => f.code === 'memory-over')!;
  expect(textAt(whole, over)).toBe('recompute: none');
  expect(over.message).toMatch(
    /^'p' needs [\d,.]+ GiB of 80 GiB per chip, [\d.]+ GiB too much: [a-z]+ [\d.]+ GiB, /,
  );
});

test('a plan whose mesh is in another file carries the finding at its own name', async () => {
  const { createAnalysis } = await import('../analysis/support.ts');
  const shared = text('50GB/s', 'mesh w on f { tp: 16  dp: 8 }');
  const { findings, text: whole } = await createAnalysis({ '/plans/shared.shard': shared }).analyse(
    'import "shared"\nplan p of m on w { batch.global: 256 }',
    '/plans/own.shard',
  );
  const finding = findings.find(f => f.code === 'order-slow-level')!;
  expect(textAt(whole, finding)).toBe('p');
});
