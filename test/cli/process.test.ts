/** The command as a process: one file, on the oldest Node at hand, without a terminal. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { lineWidth, wantsColour } from '../../src/cli/io.ts';
import { bundle, EXAMPLES, expectCalm, folder, llamaWith, root, type Spawned } from './support.ts';

const text = readFileSync(join(root, EXAMPLES.llama), 'utf8');
let command: Spawned;
beforeAll(async () => {
  command = await bundle();
}, 60_000);

describe('the process', () => {
  const cwd = folder({
    'slow.shard': llamaWith(text, 'step_time   < 8s', 'step_time   < 1s'),
    'large.shard': 'a'.repeat(10 * 2 ** 20 + 1),
  });

  test.each<[number, string[]]>([
    [0, ['estimate', 'llama3-405b-16k-h100.shard']],
    [0, ['check', 'llama3-405b-16k-h100.shard', 'quickstart.shard']],
    [0, ['--help']],
    [0, ['--version']],
    [1, ['check', 'slow.shard']],
    [1, ['estimate', 'slow.shard', '--json']],
    [1, ['estimate', 'missing.shard']],
    [1, ['estimate', '.']],
    [1, ['estimate', 'large.shard']],
    [2, ['estimate']],
    [2, ['nonsense']],
    [2, ['search', 'slow.shard']],
  ])('ends with %i: %j', (status, args) => {
    const outcome = command(args, cwd);
    expectCalm(outcome);
    expect(outcome.status).toBe(status);
  });

  test('what is longer than a pipe holds arrives whole', () => {
    const { stdout } = command(['estimate', 'llama3-405b-16k-h100.shard', '--json'], cwd);
    expect(JSON.parse(stdout).estimates).toHaveLength(1);
  });

  test('neither colours nor control characters reach a file', () => {
    const { stdout } = command(['estimate', 'llama3-405b-16k-h100.shard'], cwd);
    expect(stdout).not.toContain('\x1b');
    const forced = command(['estimate', 'llama3-405b-16k-h100.shard'], cwd, { FORCE_COLOR: '1' });
    expect(forced.stdout).toContain('\x1b[1m');
    const refused = command(['estimate', 'llama3-405b-16k-h100.shard'], cwd, {
      FORCE_COLOR: '1',
      NO_COLOR: '1',
    });
    expect(refused.stdout).toBe(stdout);
  });

  test('numbers do not depend on locale or time zone', () => {
    const args = ['estimate', 'llama3-405b-16k-h100.shard'];
    const there = command(args, cwd, { LC_ALL: 'de_DE.UTF-8', LANG: 'de_DE.UTF-8', TZ: 'Asia/Tokyo' });
    expect(there.stdout).toBe(command(args, cwd, { LC_ALL: 'C', TZ: 'UTC' }).stdout);
  });
});

test('serves the language over standard input and output until it is told to end', async () => {
  const server = command.start(['lsp', '--stdio']);
  const ended = new Promise<number | null>(resolve => {
    server.on('exit', resolve);
  });
  const send = (message: object) => {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    server.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  };
  let output = '';
  const answered = new Promise<void>(resolve => {
    server.stdout.on('data', data => {
      output += data;
      if (output.includes('"inlayHintProvider"')) resolve();
    });
  });
  send({ id: 1, method: 'initialize', params: { processId: null, rootUri: null, capabilities: {} } });
  await answered;
  expect(output).toMatch(/^Content-Length: \d+\r\n/);
  send({ method: 'initialized', params: {} });
  send({ id: 2, method: 'shutdown' });
  send({ method: 'exit' });
  expect(await ended).toBe(0);
});

describe('the terminal', () => {
  test('colours: NO_COLOR, then FORCE_COLOR, then whether it is one', () => {
    expect(wantsColour({}, true)).toBe(true);
    expect(wantsColour({}, false)).toBe(false);
    expect(wantsColour({ NO_COLOR: '1' }, true)).toBe(false);
    expect(wantsColour({ NO_COLOR: '' }, true)).toBe(true);
    expect(wantsColour({ FORCE_COLOR: '1' }, false)).toBe(true);
    expect(wantsColour({ FORCE_COLOR: '0' }, true)).toBe(false);
    expect(wantsColour({ TERM: 'dumb' }, true)).toBe(false);
  });

  test('width: the terminal’s, then COLUMNS, then a usual one', () => {
    expect(lineWidth({ COLUMNS: '70' }, 132)).toBe(132);
    expect(lineWidth({ COLUMNS: '70' }, undefined)).toBe(70);
    expect(lineWidth({ COLUMNS: 'wide' }, undefined)).toBe(120);
    expect(lineWidth({}, 5)).toBe(40);
  });
});
