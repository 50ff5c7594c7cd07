/** The server's one script as the extension starts it: in a Node process, and in a web worker that knows nothing of Node. */
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundleServer } from './shipped.ts';

interface Message {
  id?: number;
  result?: { serverInfo: { name: string } };
}

const initialize = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { processId: null, rootUri: null, capabilities: {} },
};

let folder: string;
let script: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'meshwright-'));
  script = await bundleServer(folder);
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('answers in a Node process', async () => {
  const server = fork(script, ['--node-ipc']);
  try {
    const answer = await new Promise<Message>((resolve, reject) => {
      server.on('message', (message: Message) => message.id === 1 && resolve(message));
      server.on('exit', code => reject(new Error(`ended with ${code}`)));
      server.send(initialize);
    });
    expect(answer.result?.serverInfo.name).toBe('meshwright');
  } finally {
    server.kill();
  }
});

test('answers in a web worker, and makes nothing of its own global', async () => {
  const text = await readFile(script, 'utf8');
  const answer = await new Promise<Message>((resolve, reject) => {
    // What a worker has and the language does not; no `process`, no `require`, no `module`.
    const scope: Record<string, unknown> = {
      ...{ console, setTimeout, clearTimeout, setInterval, clearInterval, queueMicrotask, performance },
      ...{ TextEncoder, TextDecoder, URL, crypto, MessageChannel, AbortController },
      addEventListener: () => {},
      postMessage: (message: Message) => message.id === 1 && resolve(message),
    };
    scope.self = scope;
    const before = Object.keys(scope);
    try {
      runInContext(text, createContext(scope), { filename: script });
      expect(Object.keys(scope)).toEqual(before);
    } catch (error) {
      return reject(error);
    }
    // A worker hears its first message after its script and what that has left to settle.
    setImmediate(() => {
      const hear = scope.onmessage as ((event: { data: unknown }) => void) | undefined;
      if (hear) hear({ data: initialize });
      else reject(new Error('nobody listens'));
    });
  });
  expect(answer.result?.serverInfo.name).toBe('meshwright');
});
