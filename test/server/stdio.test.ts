/** The bundled server as other editors start it: a process that speaks over standard input and output. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  createProtocolConnection,
  type ProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node';
import { bundleServer } from './shipped.ts';
import { LLAMA } from './support.ts';

let folder: string;
let server: ChildProcess;
let connection: ProtocolConnection;
let exited: Promise<number | null>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'meshwright-'));
  const script = await bundleServer(folder);
  writeFileSync(join(folder, 'plan.shard'), LLAMA);
  server = spawn(process.execPath, [script, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  exited = new Promise(done => server.once('exit', done));
  connection = createProtocolConnection(
    new StreamMessageReader(server.stdout!),
    new StreamMessageWriter(server.stdin!),
  );
  connection.listen();
}, 60_000);

afterAll(() => {
  connection.dispose();
  server.kill();
  rmSync(folder, { recursive: true, force: true });
});

test('initialises, answers, shuts down', async () => {
  const uri = pathToFileURL(join(folder, 'plan.shard')).toString();
  const { serverInfo } = await connection.sendRequest<{ serverInfo: { name: string } }>('initialize', {
    processId: process.pid,
    rootUri: pathToFileURL(folder).toString(),
    workspaceFolders: [{ uri: pathToFileURL(folder).toString(), name: 'plans' }],
    capabilities: {},
  });
  expect(serverInfo.name).toBe('meshwright');
  await connection.sendNotification('initialized', {});
  await connection.sendNotification('textDocument/didOpen', {
    textDocument: { uri, languageId: 'shardplan', version: 1, text: LLAMA },
  });
  const line = LLAMA.split('\n').findIndex(l => l.includes('batch.micro'));
  const hover = await connection.sendRequest('textDocument/hover', {
    textDocument: { uri },
    position: { line, character: 5 },
  });
  expect(JSON.stringify(hover)).toContain('Sequences per microbatch');
  await connection.sendRequest('shutdown');
  await connection.sendNotification('exit');
  expect(await exited).toBe(0);
}, 60_000);
