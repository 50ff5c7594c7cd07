/** The whole server, asked as an editor asks it. */
import { readFileSync } from 'node:fs';
import type { LangiumDocument } from 'langium';
import { afterEach, describe, expect, test } from 'vitest';
import { type Client, connect } from './client.ts';
import { LLAMA, reportOf, URI_TEXT } from './support.ts';

const clients: Client[] = [];
async function start(options: Parameters<typeof connect>[0] = {}): Promise<Client> {
  const analyse = (document: LangiumDocument) => {
    const text = document.textDocument.getText();
    return text.includes('plan pretrain') ? reportOf(text) : { plans: [], findings: [] };
  };
  const client = await connect({ analyse, ...options });
  clients.push(client);
  return client;
}
afterEach(() => {
  for (const client of clients.splice(0)) client.connection.dispose();
});

const textDocument = { uri: URI_TEXT };
const lineOf = (text: string) => LLAMA.split('\n').findIndex(line => line.includes(text));

describe('a session', () => {
  test('announces what it can do', async () => {
    const { capabilities } = (await start()).initialized;
    expect(capabilities).toMatchObject({
      inlayHintProvider: {},
      codeLensProvider: {},
      hoverProvider: true,
      completionProvider: { triggerCharacters: expect.arrayContaining([':', '.']) },
      signatureHelpProvider: {},
      codeActionProvider: {
        codeActionKinds: expect.arrayContaining(['quickfix', 'source.fixAll.meshwright']),
      },
      definitionProvider: true,
      renameProvider: {},
    });
  });

  test('answers hints, lenses, hovers and completions of an open document', async () => {
    const client = await start();
    client.open(URI_TEXT, LLAMA);
    const { connection } = client;
    const range = { start: { line: 0, character: 0 }, end: { line: 999, character: 0 } };
    const hints = await connection.sendRequest<{ label: string }[]>('textDocument/inlayHint', {
      textDocument,
      range,
    });
    expect(hints.length).toBeGreaterThan(5);
    const lenses = await connection.sendRequest<{ command: { title: string } }[]>('textDocument/codeLens', {
      textDocument,
    });
    expect(lenses.map(l => l.command.title)).toEqual(expect.arrayContaining(['Open topology', 'Why?']));
    const position = { line: lineOf('dp.zero'), character: 4 };
    expect(await connection.sendRequest('textDocument/hover', { textDocument, position })).not.toBeNull();
    expect(
      await connection.sendRequest('textDocument/completion', { textDocument, position }),
    ).not.toBeNull();
  });

  test('answers for a text that was never saved', async () => {
    const client = await start();
    client.open('untitled:Untitled-1', LLAMA);
    await client.next('meshwright/changed');
    const answer = await client.connection.sendRequest('textDocument/documentSymbol', {
      textDocument: { uri: 'untitled:Untitled-1' },
    });
    expect(JSON.stringify(answer)).toContain('pretrain');
  });

  test('forgets what was typed and not saved when the document closes', async () => {
    const files = { '/plans/other.shard': 'let saved = 1\n' };
    const client = await start({ files });
    const uri = 'file:///plans/other.shard';
    client.open(uri, 'let typed = 1\n');
    client.open(URI_TEXT, `import "other"\n${LLAMA}`);
    await client.connection.sendRequest('textDocument/codeLens', { textDocument });
    void client.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
    const symbols = () => client.connection.sendRequest('workspace/symbol', { query: 'saved' });
    await expect.poll(async () => JSON.stringify(await symbols())).toContain('saved');
  });

  test('answers its own requests', async () => {
    const client = await start();
    client.open(URI_TEXT, LLAMA);
    const { connection } = client;
    expect(await connection.sendRequest('meshwright/status', { uri: URI_TEXT })).toMatchObject({
      plan: 'pretrain',
      state: 'priced',
    });
    expect(await connection.sendRequest('meshwright/panel', { uri: URI_TEXT })).toMatchObject({
      plan: 'pretrain',
      plans: ['pretrain'],
      hash: expect.any(String),
    });
    expect(
      await connection.sendRequest('meshwright/derivation', { uri: URI_TEXT, plan: 'pretrain' }),
    ).toMatchObject({ text: expect.stringContaining('# pretrain') });
    expect(
      await connection.sendRequest('meshwright/libraryText', { uri: 'meshwright-lib:/std/chips.shard' }),
    ).toMatchObject({ text: expect.stringContaining('chip ') });
    expect(
      await connection.sendRequest('meshwright/libraryText', { uri: 'meshwright-lib:/docs/unit-missing.md' }),
    ).toMatchObject({ text: expect.stringContaining('# unit-missing') });
    expect(await connection.sendRequest('meshwright/libraryText', { uri: 'file:///etc/passwd' })).toBeNull();
    expect(
      await connection.sendRequest('meshwright/panel', { uri: 'file:///nobody.shard' }).catch(() => null),
    ).toBeNull();
  });

  test('says that numbers changed, with a name that changes with them', async () => {
    const client = await start();
    client.open(URI_TEXT, LLAMA);
    const first = await client.next<{ uri: string; hash: string; version: number }>('meshwright/changed');
    expect(first).toMatchObject({ uri: URI_TEXT, version: 1 });
    client.change(URI_TEXT, `// a remark\n${LLAMA}`);
    const second = await client.next<{ hash: string; version: number }>('meshwright/changed');
    expect(second.version).toBe(2);
    expect(second.hash).not.toBe(first.hash);
  });

  test('a feature that throws answers null and leaves the others alone', async () => {
    let broken = false;
    const client = await start({
      analyse: document => {
        if (broken) throw new Error('broken on purpose');
        return reportOf(document.textDocument.getText());
      },
    });
    client.open(URI_TEXT, LLAMA);
    await client.next('meshwright/changed');
    broken = true;
    expect(await client.connection.sendRequest('textDocument/codeLens', { textDocument })).toBeNull();
    expect(
      await client.connection.sendRequest('textDocument/documentSymbol', { textDocument }),
    ).not.toBeNull();
    expect(JSON.stringify(client.received)).toContain('broken on purpose');
    broken = false;
    expect(await client.connection.sendRequest('textDocument/codeLens', { textDocument })).not.toBeNull();
  });
});

describe('several plans on one mesh', () => {
  const two = `${LLAMA}\nplan wide like pretrain {\n  dp.zero: 3\n}\n`;
  const config = readFileSync(new URL('../../examples/Llama-3.1-405B/config.json', import.meta.url), 'utf8');
  const range = { start: { line: 0, character: 0 }, end: { line: 999, character: 0 } };
  const axis = lineOf('  tp:  8');

  /** The hint at the axis line names the plan whose numbers it shows. */
  async function shown(client: Client): Promise<string | undefined> {
    const hints = await client.connection.sendRequest<{ position: { line: number }; label: string }[]>(
      'textDocument/inlayHint',
      { textDocument, range },
    );
    return hints
      .find(h => h.position.line === axis)
      ?.label.split(' · ')
      .at(-1);
  }

  test('the plan at the cursor speaks, and hints are asked for again when it changes', async () => {
    const client = await connect({ files: { '/plans/config.json': config } });
    clients.push(client);
    client.open(URI_TEXT, two);
    expect(await shown(client)).toBe('pretrain');
    const before = client.received.length;
    void client.connection.sendNotification('meshwright/activePlan', {
      uri: URI_TEXT,
      line: two.split('\n').findIndex(l => l.startsWith('plan wide')),
    });
    await expect
      .poll(() => client.received.slice(before).map(m => m.method))
      .toContain('workspace/inlayHint/refresh');
    expect(await shown(client)).toBe('wide');
    expect(await client.connection.sendRequest('meshwright/status', { uri: URI_TEXT })).toMatchObject({
      plan: 'wide',
    });
    // On lines that no plan owns the last one stays.
    void client.connection.sendNotification('meshwright/activePlan', { uri: URI_TEXT, line: axis });
    expect(await shown(client)).toBe('wide');
  });

  test('the settings can name the plan', async () => {
    const client = await connect({
      files: { '/plans/config.json': config },
      settings: { plan: { active: 'wide' } },
    });
    clients.push(client);
    client.open(URI_TEXT, two);
    await expect.poll(() => shown(client)).toBe('wide');
  });
});

describe('findings', () => {
  const finding = {
    code: 'unit-missing',
    severity: 'error' as const,
    message: 'A bandwidth needs a unit.',
    range: { uri: URI_TEXT, start: { line: 5, character: 4 }, end: { line: 5, character: 9 } },
    fixes: [
      {
        title: 'Write GB/s',
        safe: true,
        preferred: true,
        edits: [
          {
            range: { uri: URI_TEXT, start: { line: 5, character: 9 }, end: { line: 5, character: 9 } },
            newText: 'GB/s',
          },
        ],
      },
    ],
  };
  const analyse = () => ({ plans: [], findings: [finding] });

  test('are published with code and page, at the severity of the settings', async () => {
    const client = await start({ analyse, initializationOptions: { libraryScheme: true } });
    client.open(URI_TEXT, LLAMA);
    const { diagnostics } = await client.next<{ diagnostics: unknown[] }>('textDocument/publishDiagnostics');
    expect(diagnostics).toMatchObject([
      {
        code: 'unit-missing',
        severity: 1,
        source: 'meshwright',
        codeDescription: { href: 'meshwright-lib:/docs/unit-missing.md' },
      },
    ]);

    const quiet = await start({
      analyse,
      settings: { diagnostics: { severity: { 'unit-missing': 'off' } } },
    });
    quiet.open(URI_TEXT, LLAMA);
    const published = () =>
      quiet.received.filter(m => m.method === 'textDocument/publishDiagnostics').at(-1)?.params;
    await expect.poll(published).toMatchObject({ diagnostics: [] });
  });

  test('offer their fixes, and all safe ones at once', async () => {
    const client = await start({ analyse });
    client.open(URI_TEXT, LLAMA);
    const { diagnostics } = await client.next<{ diagnostics: unknown[] }>('textDocument/publishDiagnostics');
    const range = { start: { line: 5, character: 6 }, end: { line: 5, character: 6 } };
    const fixes = await client.connection.sendRequest('textDocument/codeAction', {
      textDocument,
      range,
      context: { diagnostics },
    });
    expect(fixes).toMatchObject([
      { title: 'Write GB/s', kind: 'quickfix', isPreferred: true, diagnostics: [{ code: 'unit-missing' }] },
    ]);
    const all = await client.connection.sendRequest('textDocument/codeAction', {
      textDocument,
      range,
      context: { diagnostics: [], only: ['source.fixAll'] },
    });
    expect(all).toMatchObject([
      { kind: 'source.fixAll.meshwright', edit: { changes: { [URI_TEXT]: [{ newText: 'GB/s' }] } } },
    ]);
  });
});

describe('what the client cannot see', () => {
  test('only files of the language and mentioned files are watched', async () => {
    const client = await start();
    client.open(URI_TEXT, LLAMA);
    await client.connection.sendRequest('textDocument/codeLens', { textDocument });
    await expect.poll(() => JSON.stringify(client.received)).toContain('"pattern":"config.json"');
    const watchers = client.received
      .filter(m => m.method === 'client/registerCapability')
      .map(m => JSON.stringify(m.params));
    expect(watchers.join()).toContain('"globPattern":"**/*.shard"');
    expect(watchers.join()).not.toContain('"**/*"');
  });

  test('an imported file that changes refreshes hints and lenses', async () => {
    const files = { '/plans/other.shard': 'let x = 1\n' };
    const client = await start({ files });
    client.open(URI_TEXT, `import "other"\n${LLAMA}`);
    await client.next('meshwright/changed');
    client.files.set('/plans/other.shard', 'let x = 2\n');
    const before = client.received.length;
    void client.connection.sendNotification('workspace/didChangeWatchedFiles', {
      changes: [{ uri: 'file:///plans/other.shard', type: 2 }],
    });
    await expect
      .poll(() => client.received.slice(before).map(m => m.method))
      .toEqual(expect.arrayContaining(['workspace/inlayHint/refresh', 'workspace/codeLens/refresh']));
  });

  test('files are read through a client that asks for it', async () => {
    const files = {
      'file:///plans/other.shard': 'fabric far { level node of 2 h100_sxm { bandwidth: 1GB/s } }\n',
    };
    const client = await start({ files, own: false });
    client.open(URI_TEXT, 'import "other"\nmesh m on far { tp: 2 }\n');
    const position = { line: 1, character: 11 };
    const definition = await client.connection.sendRequest('textDocument/definition', {
      textDocument,
      position,
    });
    expect(JSON.stringify(definition)).toContain('other.shard');
  });
});
