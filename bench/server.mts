/** The language server as other editors start it: from an edit on the wire to the hints that answer it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node';
import { median } from './measure.mts';
import { grayDigits, LINES, planText } from './plan-text.mts';

/** Milliseconds, median. @param cli the bundled command line */
export async function editToHints(cli: string, root: string): Promise<number> {
  const server = spawn(process.execPath, [cli, 'lsp', '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    return await session(server, root);
  } finally {
    server.kill();
  }
}

async function session(server: ChildProcess, root: string): Promise<number> {
  const connection = createProtocolConnection(
    new StreamMessageReader(server.stdout!),
    new StreamMessageWriter(server.stdin!),
  );
  connection.onRequest('client/registerCapability', () => null);
  connection.onRequest('workspace/configuration', (params: { items: unknown[] }) =>
    params.items.map(() => null),
  );
  connection.onRequest('workspace/inlayHint/refresh', () => null);
  connection.onRequest('workspace/codeLens/refresh', () => null);
  connection.listen();
  await connection.sendRequest('initialize', { processId: process.pid, rootUri: null, capabilities: {} });
  await connection.sendNotification('initialized', {});

  const uri = pathToFileURL(join(root, 'examples', 'bench.shard')).href;
  const text = planText(root);
  const lines = text.split('\n');
  // A latency is a number of every plan's price: nothing that was computed before helps.
  const line = lines.findIndex(each => /^\s*latency: +4us/.test(each));
  const start = lines[line]!.indexOf('4us');
  const digits = 6;
  lines[line] = `${lines[line]!.slice(0, start)}4.${grayDigits(0, digits)}us`;
  await connection.sendNotification('textDocument/didOpen', {
    textDocument: { uri, languageId: 'shardplan', version: 0, text: lines.join('\n') },
  });
  const hints = () =>
    connection.sendRequest<unknown[] | null>('textDocument/inlayHint', {
      textDocument: { uri },
      range: { start: { line: 0, character: 0 }, end: { line: LINES, character: 0 } },
    });
  const first = await hints();
  if (!first || first.length < 5) throw new Error('The server gives no hints.');

  let before = grayDigits(0, digits);
  return median(async round => {
    const after = grayDigits(round + 1, digits);
    const place = [...after].findIndex((digit, index) => digit !== before[index]);
    const character = start + 2 + place;
    await connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version: round + 1 },
      contentChanges: [
        {
          range: { start: { line, character }, end: { line, character: character + 1 } },
          text: after[place],
        },
      ],
    });
    before = after;
    await hints();
  });
}
