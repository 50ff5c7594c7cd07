/** `check`: diagnostics and claims, for people and in the formats of others. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { EXAMPLES, folder, llamaWith, meshwright, root } from './support.ts';

const text = readFileSync(join(root, EXAMPLES.llama), 'utf8');
const slow = llamaWith(text, 'step_time   < 8s', 'step_time   < 1s "100% sure:\\na, b"');
const cwd = folder({ 'slow plan,1.shard': slow, 'expects.shard': llamaWith(text, '< 2% *', '< 0.0001% *') });
const lineOf = (piece: string) => slow.split('\n').findIndex(line => line.includes(piece)) + 1;
const check = (args: string[]) => meshwright(['check', ...args], { cwd });

describe('exit status', () => {
  test('0 when all asserts hold', async () => {
    const { status, stdout } = await check(['llama3-405b-16k-h100.shard']);
    expect(status).toBe(0);
    expect(stdout).toContain('✓ llama3-405b-16k-h100.shard  5 of 5 claims hold');
  });

  test('1 when one of several files fails', async () => {
    const { status, stdout } = await check(['llama3-405b-16k-h100.shard', 'slow plan,1.shard']);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^✗ slow plan,1\.shard {2}1 error.*, 1 of 5 claims fails$/m);
  });

  test('0 when only an expect fails: that is a warning', async () => {
    const { status, stdout } = await check(['expects.shard']);
    expect(stdout).toMatch(/warning expect-failed: exposed\(dp\)/);
    expect(status).toBe(0);
  });

  test('0 for claims that cannot be judged yet', async () => {
    const { status, stdout } = await check(['deepseek-v3-decode.shard']);
    expect(stdout).toContain('2 claims not judged');
    expect(status).toBe(0);
  });
});

test('lines are those of a compiler, as the problem matcher of the extension reads them', async () => {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const pattern = new RegExp(manifest.contributes.problemMatchers[0].pattern.regexp);
  const { stdout } = await check(['slow plan,1.shard']);
  const found = pattern.exec(stdout.split('\n').find(line => line.includes('assert-failed'))!)!;
  expect(found.slice(1, 6)).toEqual([
    'slow plan,1.shard',
    `${lineOf('assert step_time')}`,
    '3',
    'error',
    'assert-failed',
  ]);
});

test('json: diagnostics and claims', async () => {
  const { stdout, status } = await check(['slow plan,1.shard', '--format', 'json']);
  const { version, diagnostics, claims } = JSON.parse(stdout);
  expect(status).toBe(1);
  expect(version).toBe(1);
  expect(diagnostics).toContainEqual(
    expect.objectContaining({ code: 'assert-failed', file: 'slow plan,1.shard' }),
  );
  expect(claims.map((each: { holds: boolean }) => each.holds)).toEqual([true, false, true, true, true]);
});

describe('sarif', () => {
  interface Result {
    ruleId: string;
    ruleIndex: number;
    level: string;
    message: { text: string };
    locations: { physicalLocation: { artifactLocation: { uri: string }; region: Record<string, number> } }[];
  }

  test('has rules, results and places', async () => {
    const { stdout } = await check([
      'slow plan,1.shard',
      'deepseek-v3-decode.shard',
      'missing.shard',
      '--format=sarif',
    ]);
    const log = JSON.parse(stdout);
    expect(log.version).toBe('2.1.0');
    const [run] = log.runs;
    const { rules, name } = run.tool.driver;
    expect(name).toBe('meshwright');
    expect(new Set(rules.map((rule: { id: string }) => rule.id)).size).toBe(rules.length);
    for (const result of run.results as Result[]) {
      expect(rules[result.ruleIndex].id).toBe(result.ruleId);
      expect(rules[result.ruleIndex].shortDescription.text).not.toBe('');
      expect(['error', 'warning', 'note']).toContain(result.level);
      const { artifactLocation, region } = result.locations[0]!.physicalLocation;
      expect(() => new URL(artifactLocation.uri, 'file:///project/')).not.toThrow();
      expect(region.startLine).toBeGreaterThan(0);
      expect(region.startColumn).toBeGreaterThan(0);
      expect(region.endLine).toBeGreaterThanOrEqual(region.startLine!);
    }
    const failed = (run.results as Result[]).find(result => result.ruleId === 'assert-failed')!;
    expect(failed.level).toBe('error');
    expect(failed.locations[0]!.physicalLocation.artifactLocation.uri).toBe('slow%20plan%2C1.shard');
    expect(failed.locations[0]!.physicalLocation.region.startLine).toBe(lineOf('assert step_time'));
    expect((run.results as Result[]).map(result => result.ruleId)).toContain('file-missing');
  });

  test('a file without findings has an empty list', async () => {
    const { stdout } = await check(['quickstart.shard', '--format', 'sarif']);
    expect(JSON.parse(stdout).runs[0].results).toEqual([]);
  });
});

describe('github', () => {
  test('one workflow command per diagnostic, with what the format needs escaped', async () => {
    const { stdout, status } = await check(['slow plan,1.shard', '--format', 'github']);
    expect(status).toBe(1);
    const lines = stdout.trimEnd().split('\n');
    for (const line of lines) expect(line).toMatch(/^::(error|warning|notice) file=[^:,]+,line=\d+,[^:]*::./);
    const failed = lines.find(line => line.includes('assert-failed'))!;
    // In properties also comma and colon; in messages per cent and line breaks only.
    expect(failed).toContain('file=slow plan%2C1.shard,');
    expect(failed).toContain('100%25 sure:');
    expect(failed).toContain('a, b');
    expect(failed).not.toMatch(/%(?!25|0A|0D|2C|3A)/);
  });
});

test('a file that is given twice is said once', async () => {
  const { stdout } = await check(['slow plan,1.shard', 'slow plan,1.shard']);
  expect(stdout.match(/error assert-failed/g)).toHaveLength(1);
});
