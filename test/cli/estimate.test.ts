/** `estimate`: text for people, JSON that its published schema describes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { EXAMPLES, folder, llamaWith, meshwright, root } from './support.ts';

const schema = JSON.parse(readFileSync(join(root, 'schema', 'estimate.schema.json'), 'utf8'));
const validate = new Ajv2020({ strict: true, allErrors: true }).compile(schema);
const text = readFileSync(join(root, EXAMPLES.llama), 'utf8');

async function json(args: readonly string[], cwd = root) {
  const { status, stdout, stderr } = await meshwright(['estimate', ...args, '--json'], { cwd });
  const document = JSON.parse(stdout);
  validate(document);
  expect(validate.errors).toBeNull();
  expect(stderr).toBe('');
  return { status, ...document };
}

describe('estimate --json', () => {
  test.each(Object.values(EXAMPLES))('%s is as the schema says', async path => {
    const { version, status, diagnostics } = await json([path]);
    expect(version).toBe(1);
    const errors = diagnostics.filter((each: { severity: string }) => each.severity === 'error');
    expect(status).toBe(errors.length > 0 ? 1 : 0);
  });

  test('says everything about the first example', async () => {
    const { estimates, diagnostics } = await json([EXAMPLES.llama]);
    const [estimate] = estimates;
    expect(estimate).toMatchObject({
      plan: 'pretrain',
      fabric: 'clos24k',
      mesh: 'm16k',
      model: 'llama3_405b',
      chips: 16384,
      throughput: { mfu_convention: 'causal' },
    });
    expect(diagnostics.filter((each: { severity: string }) => each.severity === 'error')).toEqual([]);
    expect(estimate.claims).toHaveLength(5);
    // One entry per operation, axis and what travels; the line is the most specific one that causes it.
    const gradients = estimate.collectives.find((each: { name: string }) => each.name === 'grad_reduce');
    expect(gradients).toMatchObject({ op: 'reduce_scatter', axis: 'dp', ranks: 128, phase: 'step' });
    const line = text.split('\n').findIndex(each => each.includes('dp.zero')) + 1;
    expect(gradients.source).toEqual({ file: EXAMPLES.llama, line, column: 3 });
  });

  test('says what the bits of a step cost on the fabric, level by level', async () => {
    const [estimate] = (await json([EXAMPLES.llama])).estimates;
    const levels: number[] = estimate.levels.map((each: { energy_j: number }) => each.energy_j);
    // Copper inside the nodes, optics above.
    expect(levels[0]).toBe(0);
    expect(Math.min(...levels.slice(1))).toBeGreaterThan(0);
    expect(levels.reduce((sum, each) => sum + each, 0)).toBeCloseTo(estimate.energy_j, 6);
    const rests = estimate.assumptions.filter(({ key }: { key: string }) => key.endsWith('.energy'));
    expect(rests.map(({ confidence }: { confidence: string }) => confidence)).toEqual(['default', 'default']);
    const [silent] = (await json([EXAMPLES.quickstart])).estimates;
    expect(silent.energy_j === null).toBe(
      silent.levels.some((each: { energy_j: unknown }) => each.energy_j === null),
    );
  });

  test('the parts of a step add up to it', async () => {
    for (const path of [EXAMPLES.llama, EXAMPLES.deepseek, EXAMPLES.quickstart]) {
      const [{ step, collectives }] = (await json([path])).estimates;
      const exposed = Object.values<number>(step.exposed_s).reduce((sum, each) => sum + each, 0);
      const parts = step.compute_s + exposed + step.bubble_s + step.optimizer_s + step.overhead_s;
      expect(parts).toBeCloseTo(step.time_s, 9);
      const waits = collectives.reduce((sum: number, each: { exposed_s: number }) => sum + each.exposed_s, 0);
      expect(waits).toBeCloseTo(exposed, 9);
    }
  });

  test('a plan that is not priced yet is a diagnostic, not a number', async () => {
    const { estimates, diagnostics, status } = await json([EXAMPLES.decode]);
    expect(estimates).toEqual([]);
    expect(status).toBe(0);
    const refusal = diagnostics.find((each: { code: string }) => each.code === 'estimate-refused');
    expect(refusal).toMatchObject({ file: EXAMPLES.decode, severity: 'warning' });
    expect(refusal.message).toContain("'decode'");
  });

  test('a failed assert is an error at its place, and the estimate stays', async () => {
    const cwd = folder({ 'slow.shard': llamaWith(text, 'step_time   < 8s', 'step_time   < 1s') });
    const { estimates, diagnostics, status } = await json(['slow.shard'], cwd);
    expect(status).toBe(1);
    expect(estimates).toHaveLength(1);
    const line = text.split('\n').findIndex(each => each.includes('assert step_time')) + 1;
    expect(diagnostics).toContainEqual(
      expect.objectContaining({
        code: 'assert-failed',
        severity: 'error',
        file: 'slow.shard',
        line,
        column: 3,
      }),
    );
    expect(estimates[0].claims.find((each: { text: string }) => each.text.includes('1s')).holds).toBe(false);
  });

  test('what is left of a damaged plan is not priced, and nothing is said to hold or fail', async () => {
    const cwd = folder({ 'damaged.shard': llamaWith(text, 'batch.global:   2048', 'batch.global:   0') });
    const { estimates, diagnostics, status } = await json(['damaged.shard'], cwd);
    expect(estimates).toEqual([]);
    expect(status).toBe(1);
    expect(diagnostics.map((each: { code: string }) => each.code)).not.toContain('assert-failed');
  });

  test('paths stay as they were given', async () => {
    const cwd = folder();
    const name = 'llama3-405b-16k-h100.shard';
    for (const path of [name, `./${name}`, join(cwd, name)]) {
      const { estimates } = await json([path], cwd);
      expect(estimates[0].collectives[0].source.file).toBe(path);
    }
  });

  test('the same text gives the same bytes', async () => {
    const first = await meshwright(['estimate', EXAMPLES.llama, '--json']);
    const second = await meshwright(['estimate', EXAMPLES.llama, '--json']);
    expect(second.stdout).toBe(first.stdout);
  });
});

test('every field of the schema says what it is', () => {
  const silent: string[] = [];
  const visit = (node: Record<string, unknown>, path: string): void => {
    for (const [name, child] of Object.entries((node.properties ?? {}) as Record<string, object>)) {
      if (!('description' in child) && !JSON.stringify(child).includes('$ref'))
        silent.push(`${path}.${name}`);
      visit(child as Record<string, unknown>, `${path}.${name}`);
    }
    for (const key of ['items', '$defs', 'anyOf'] as const) {
      const inner = node[key] as object | undefined;
      const children = key === 'items' ? (inner ? [inner] : []) : Object.values(inner ?? {});
      for (const child of children) visit(child, `${path}/${key}`);
    }
  };
  visit(schema, '');
  expect(silent).toEqual([]);
});

describe('several plans', () => {
  const cwd = folder({
    'two.shard': `${text}\nplan slower like pretrain {\n  dp.zero: 3\n  assert step_time < 1ms\n}\n`,
  });

  test('all of them, in the sequence of the text', async () => {
    const { estimates, status } = await json(['two.shard'], cwd);
    expect(estimates.map((each: { plan: string }) => each.plan)).toEqual(['pretrain', 'slower']);
    expect(status).toBe(1);
  });

  test('one that was asked for, with its own claims only', async () => {
    const { estimates, status, diagnostics } = await json(['two.shard', '--plan', 'pretrain'], cwd);
    expect(estimates.map((each: { plan: string }) => each.plan)).toEqual(['pretrain']);
    expect(diagnostics.filter((each: { code: string }) => each.code === 'assert-failed')).toEqual([]);
    expect(status).toBe(0);
  });
});

describe('estimate for people', () => {
  test('has the verdict, the step, the collectives and the claims', async () => {
    const { stdout, status } = await meshwright(['estimate', EXAMPLES.llama]);
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^pretrain {2}llama3_405b \(406 B parameters\) on m16k, 16,384 of 24,576 chips of clos24k$/m,
    );
    expect(stdout).toMatch(/^ {2}[\d.]+ s~? · MFU [\d.]+ % · .* · 5 of 5 claims hold$/m);
    for (const title of ['Step', 'Levels', 'Memory', 'Claims', 'Rests on']) {
      expect(stdout).toMatch(new RegExp(`^${title}$`, 'm'));
    }
    expect(stdout).toMatch(/^ {2}grad_reduce .* dp .* pod /m);
    expect(stdout).toMatch(/✓ {2}assert step_time < 8s/);
    expect(stdout).toMatch(
      /^ {2}fabric energy [\d.]+ kJ per step · [\d.]+ kW on average · cluster .* · pod /m,
    );
  });

  test.each([60, 80, 100, 120, 200])('no table is wider than %i columns', async width => {
    const { stdout } = await meshwright(['estimate', EXAMPLES.deepseek], { width });
    const longest = Math.max(...stdout.split('\n').map(line => line.length));
    expect(longest).toBeLessThanOrEqual(width);
  });

  test('colours only where they are wanted', async () => {
    const plain = await meshwright(['estimate', EXAMPLES.llama]);
    const coloured = await meshwright(['estimate', EXAMPLES.llama], { colour: true });
    expect(plain.stdout).not.toContain('\x1b');
    expect(coloured.stdout).toContain('\x1b[1m');
    expect(coloured.stdout.replace(/\x1b\[\d+m/g, '')).toBe(plain.stdout);
  });

  test('a plan without numbers says why', async () => {
    const { stdout, stderr, status } = await meshwright(['estimate', EXAMPLES.decode]);
    expect(stdout).toMatch(/^decode\n {2}No estimate: .*decode/);
    expect(stderr).toContain(`${EXAMPLES.decode}:14:3: warning estimate-refused`);
    expect(status).toBe(0);
  });
});
