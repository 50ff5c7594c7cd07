/** The packed command line, installed as a stranger would: in a folder of its own, on whatever Node the machine has. */
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from './install.mjs';
import { packed } from './variants.mjs';

/** The machine's own Node where it is 20 or newer: the path without the project's own tools. */
function machineNode() {
  const path = (process.env.PATH ?? '').split(delimiter).filter(part => !part.includes('node_modules'));
  const env = { ...process.env, PATH: path.join(delimiter) };
  const { stdout } = spawnSync('node', ['--version'], { env, encoding: 'utf8' });
  const major = Number(/^v(\d+)/.exec(stdout ?? '')?.[1] ?? 0);
  return major >= 20 ? { node: 'node', env } : { node: process.execPath, env: process.env };
}

describe('the packed command line', () => {
  const folder = mkdtempSync(join(tmpdir(), 'meshwright-npm-'));
  const cli = join(folder, 'node_modules', 'meshwright', 'dist', 'cli.cjs');
  const plan = join('examples', 'llama3-405b-16k-h100.shard');
  const { node, env } = machineNode();
  const meshwright = (...args) => spawnSync(node, [cli, ...args], { cwd: folder, env, encoding: 'utf8' });

  beforeAll(() => {
    writeFileSync(join(folder, 'package.json'), '{ "private": true }');
    cpSync(join(root, 'examples'), join(folder, 'examples'), { recursive: true });
    const install = spawnSync('npm', ['install', '--offline', '--no-audit', '--no-fund', packed('tgz')], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(install.status, install.stderr).toBe(0);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('prices an example', () => {
    const { stdout, stderr } = meshwright('estimate', plan, '--json');
    const { version, estimates } = JSON.parse(stdout || '{}');
    expect(stderr).toBe('');
    expect(version).toBe(1);
    expect(estimates[0].plan).toBe('pretrain');
    expect(estimates[0].step.time_s).toBeGreaterThan(1);
  });

  test('has a command of its own', () => {
    const { stdout, status } = spawnSync(join(folder, 'node_modules', '.bin', 'meshwright'), ['--help'], {
      env,
      encoding: 'utf8',
    });
    expect(status).toBe(0);
    expect(stdout).toContain('estimate');
  });

  test('serves other editors over standard input and output', async () => {
    const server = spawn(node, [cli, 'lsp', '--stdio'], {
      cwd: folder,
      env,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const ended = new Promise(resolve => server.on('exit', resolve));
    const send = message => {
      const body = JSON.stringify({ jsonrpc: '2.0', ...message });
      server.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    };
    const answered = new Promise((resolve, reject) => {
      let output = '';
      server.stdout.on('data', data => {
        output += data;
        if (output.includes('"inlayHintProvider"')) resolve(output);
      });
      ended.then(code => reject(new Error(`The server ended with ${code}: ${output}`)));
    });
    send({
      id: 1,
      method: 'initialize',
      params: { processId: process.pid, rootUri: null, capabilities: {} },
    });
    expect(await answered).toMatch(/^Content-Length: \d+\r\n/);
    send({ method: 'initialized', params: {} });
    send({ id: 2, method: 'shutdown' });
    send({ method: 'exit' });
    expect(await ended).toBe(0);
  });
});
