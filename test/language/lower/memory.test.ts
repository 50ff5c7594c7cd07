/** What a plan says of types in memory and of the loss, as the engine takes it, and what the estimate makes of it. */
import { expect, test } from 'vitest';
import { analyse } from '../analysis/support.ts';

const BASE = `chip c { peak.bf16: 1PFLOP/s  hbm.capacity: 80GiB  hbm.bandwidth: 3TB/s }
fabric f { level node of 8 c { bandwidth: 400GB/s } }
model m { layers: 8  hidden: 4096  heads: 32  vocab: 32000 }
mesh w on f { dp: 8 }
`;

async function parts(keys: string): Promise<Record<string, number>> {
  const { report, findings } = await analyse(
    `${BASE}plan p of m on w { batch.global: 8  dp.zero: 0  ${keys} }\n`,
  );
  expect(findings.filter(({ code }) => code !== 'memory-tight')).toEqual([]);
  const { memory } = report.plans[0]!.estimate!;
  return Object.fromEntries(memory.parts.map(({ name, bytes }) => [name, bytes]));
}

test('main weights and moments have types of their own', async () => {
  const wide = await parts('');
  const parameters = wide.weights! / 2;
  expect(wide.optimizer).toBeCloseTo(12 * parameters, 0);
  expect((await parts('precision.moments: bf16')).optimizer).toBeCloseTo(8 * parameters, 0);
  expect((await parts('precision.main: none')).optimizer).toBeCloseTo(8 * parameters, 0);
  expect((await parts('precision.main: none  precision.moments: bf16')).optimizer).toBeCloseTo(
    4 * parameters,
    0,
  );
  expect((await parts('precision.weights: fp32')).optimizer).toBeCloseTo(8 * parameters, 0);
  expect((await parts('precision.gradient: bf16')).gradients).toBeCloseTo(2 * parameters, 0);
});

test('gradients are sent in a type of their own', async () => {
  const sent = async (keys: string): Promise<[number, number]> => {
    const { report } = await analyse(`${BASE}plan p of m on w { batch.global: 8  ${keys} }\n`);
    const { collectives, memory } = report.plans[0]!.estimate!;
    const reduce = collectives.find(({ name }) => name === 'grad_reduce')!.bytes;
    return [reduce, memory.parts.find(({ name }) => name === 'gradients')!.bytes];
  };
  const [wide, held] = await sent('');
  expect(await sent('precision.reduce: bf16')).toEqual([wide / 2, held]);
});

test('the loss takes the logits whole, in pieces of tokens or of bytes, or overwrites them', async () => {
  // 4096 tokens x 32,000 words, at 16 and 32 bit.
  const whole = 4096 * 32000 * 6;
  expect((await parts('')).logits).toBe(whole);
  expect((await parts('loss.chunk: 1024')).logits).toBe(whole / 4);
  expect((await parts('loss.chunk: 100MB')).logits).toBe(100e6);
  expect((await parts('loss.chunk: 1TB')).logits).toBe(whole);
  expect((await parts('loss.fused: true')).logits).toBe(whole / 3);
});

test('a stated software brings what it holds beside the formulas', async () => {
  const plain = await parts('');
  const core = await parts('software: megatron_2024');
  expect(core.buffers).toBeGreaterThan(plain.buffers!);
  expect(core.logits).toBe(plain.logits! / 3);
  expect((await parts('software: torchtitan')).logits).toBe(2 * plain.logits!);
});

test('state in host memory is kept, and refused a price at its line', async () => {
  const { findings } = await analyse(`${BASE}plan p of m on w { batch.global: 8  offload: optimizer }\n`);
  expect(findings.map(({ code }) => code)).toContain('not-priced');
});
