import { expect, test } from 'vitest';
import { LIBRARY } from '../../../src/language/library.ts';
import { createAnalysis } from './support.ts';

test.each(Object.entries(LIBRARY))('%s of the standard library has nothing wrong', async (name, text) => {
  const { findings } = await createAnalysis().analyse(text, `/plans/${name}.shard`);
  expect(findings.filter(f => f.severity === 'error' || f.severity === 'warning')).toEqual([]);
});

const MODEL = (layers: number) =>
  JSON.stringify({
    model_type: 'llama',
    hidden_size: 4096,
    intermediate_size: 14336,
    num_hidden_layers: layers,
    num_attention_heads: 32,
    num_key_value_heads: 8,
    vocab_size: 128256,
    hidden_act: 'silu',
  });
const FABRIC = (rate: string) => `chip c { peak.bf16: 1PFLOP/s  hbm.capacity: 80GiB  hbm.bandwidth: 3TB/s }
fabric f { level node of 8 c { bandwidth: ${rate} } }`;

test('a report follows the files it rests on', async () => {
  const analysis = createAnalysis({
    '/plans/fabric.shard': FABRIC('400GB/s'),
    '/plans/config.json': MODEL(32),
  });
  const uri = '/plans/own.shard';
  await analysis.analyse(
    'import "fabric"\nmodel m from "config.json"\nmesh w on f { tp: 8 }\nplan p of m on w { batch.global: 8 }',
    uri,
  );
  const plan = () => analysis.report(analysis.document(uri)!).plans[0]!;
  const before = plan().estimate!.step.time;
  expect(plan()).toBe(plan());
  await analysis.update({ '/plans/fabric.shard': FABRIC('4GB/s') });
  const slower = plan().estimate!.step.time;
  expect(slower).toBeGreaterThan(before);
  await analysis.update({ '/plans/config.json': MODEL(16) });
  expect(plan().spec!.model.layers).toBe(16);
  expect(plan().estimate!.step.time).toBeLessThan(slower);
  await analysis.update({}, ['/plans/fabric.shard']);
  expect(plan().estimate).toBeUndefined();
});
