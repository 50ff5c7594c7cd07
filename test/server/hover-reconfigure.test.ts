/** Hover on `reconfigure`: when new circuits pay. */
import { expect, test } from 'vitest';
import { analyseWith } from '../../src/server/analyse.ts';
import { hoverAt } from '../../src/server/hover.ts';
import { cursor, open, viewFor } from './support.ts';

const fabric = (name: string, twist: boolean, reconfigure: string) => `fabric ${name} {
  level cube of 64 tpu_v4 { topology: torus(4x4x4)  link: 50GB/s  latency: 1us }
  level slice of 2 cube { topology: ocs(shape: 4x4x8, twist: ${twist})  link: 50GB/s  latency: 1us  ${reconfigure} }
}
`;
const PLANS = `mesh s on straight { fsdp: 128  ep: 128 from fsdp }
mesh t on twisted { fsdp: 128  ep: 128 from fsdp }
plan before of qwen3_30b_a3b on s { batch.global: 256  batch.sequence: 4096  recompute: full }
plan after like before on t { }
`;

async function hover(marked: string): Promise<{ words: string; steps: number[] }> {
  const { text, position } = cursor(`import "std/chips"\nimport "std/models"\n${marked}${PLANS}`);
  const { document, services } = await open(text);
  const report = analyseWith(services.shardplan)(document);
  const view = await viewFor(text, { report });
  const { value } = hoverAt(view, position, view.services.shared)!.contents as { value: string };
  return { words: value, steps: report.plans.map(plan => plan.estimate!.step.time) };
}

test('says what a link must be spared, and after how many steps it pays', async () => {
  const { words, steps } = await hover(
    fabric('straight', false, '') + fabric('twisted', true, 'recon<|>figure: 10s'),
  );
  expect(words).toContain('**reconfigure**');
  // 10 s at 50 GB/s.
  expect(words).toContain('**500 GB**');
  const [before, after] = steps as [number, number];
  const found = Number(/`after` saves .* against `before`: .* after \*\*(\d+)\*\* steps/.exec(words)?.[1]);
  expect(found * (before - after)).toBeGreaterThan(10);
  expect((found - 1) * (before - after)).toBeLessThanOrEqual(10);
});

test('promises nothing where the other circuits are the faster ones', async () => {
  const { words } = await hover(
    fabric('straight', false, 'recon<|>figure: 10ms') + fabric('twisted', true, ''),
  );
  expect(words).toContain('**500 MB**');
  expect(words).not.toContain('saves');
});
