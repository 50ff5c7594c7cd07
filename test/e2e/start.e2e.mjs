/** `npm start` where there is no desktop: an address that answers until Ctrl-C, and nothing left behind. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { root } from './install.mjs';

const answers = address =>
  fetch(address).then(
    response => response.ok,
    () => false,
  );

describe('npm start', () => {
  test('serves a real workbench until it is interrupted', async () => {
    const start = spawn(process.execPath, [join(root, 'scripts', 'start.mjs'), '--browser'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void start.kill('SIGKILL'));
    const ended = new Promise(resolve => start.on('exit', resolve));
    const address = await new Promise((resolve, reject) => {
      let output = '';
      start.stdout.on('data', data => {
        output += data;
        const found = /http:\/\/127\.0\.0\.1:\d+\/\?folder=\S+/.exec(output);
        if (found) resolve(found[0]);
      });
      ended.then(code => reject(new Error(`npm start ended with ${code}:\n${output}`)));
    });
    expect(await answers(address)).toBe(true);
    start.kill('SIGINT');
    expect(await ended).toBe(0);
    expect(await answers(address)).toBe(false);
  });
});
