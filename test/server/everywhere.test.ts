/** Every feature, at every place of the examples, whole and cut off: nothing may throw, whatever is half typed. */
import { readdirSync, readFileSync } from 'node:fs';
import { URI } from 'langium';
import { NodeFileSystem } from 'langium/node';
import { describe, expect, test } from 'vitest';
import { createShardplanServices } from '../../src/language/module.ts';
import { FileSystemSource } from '../../src/language/workspace/file-system.ts';
import { analyseWith } from '../../src/server/analyse.ts';
import { codeLenses } from '../../src/server/code-lens.ts';
import { completions } from '../../src/server/completion.ts';
import { derivationDocument } from '../../src/server/derivation.ts';
import { Steady } from '../../src/server/hints/steady.ts';
import { hoverAt } from '../../src/server/hover.ts';
import { inlayHints } from '../../src/server/inlay-hints.ts';
import { panelAnswer } from '../../src/server/panel.ts';
import { DEFAULT_SETTINGS } from '../../src/server/settings.ts';
import { signatureHelp } from '../../src/server/signature-help.ts';
import { statusOf } from '../../src/server/status.ts';
import { type View, viewOf } from '../../src/server/view.ts';

const folder = new URL('../../examples/', import.meta.url);
const names = readdirSync(folder).filter(name => name.endsWith('.shard'));

function server() {
  const services = createShardplanServices({
    source: new FileSystemSource(NodeFileSystem.fileSystemProvider()),
  });
  const analyse = analyseWith(services.shardplan);
  let count = 0;
  return {
    shared: services.shared,
    async view(text: string): Promise<View> {
      const uri = URI.parse(new URL(`cut-${count++}.shard`, folder).toString());
      const document = services.shared.workspace.LangiumDocumentFactory.fromString(text, uri);
      services.shared.workspace.LangiumDocuments.addDocument(document);
      await services.shared.workspace.DocumentBuilder.build([document], { validation: false });
      const report = analyse(document);
      return viewOf(document, report, report.plans[0], {
        ...DEFAULT_SETTINGS,
        hints: { ...DEFAULT_SETTINGS.hints, density: 'all', units: true },
      });
    },
  };
}

const everything = { start: { line: 0, character: 0 }, end: { line: 10_000, character: 0 } };

function documentFeatures(view: View): void {
  inlayHints(view, everything, new Steady());
  codeLenses(view, new Steady());
  statusOf(view);
  panelAnswer(view, undefined);
  for (const plan of view.report.plans) derivationDocument(view.report, plan);
}

describe.each(names)('%s', name => {
  const text = readFileSync(new URL(name, folder), 'utf8');

  test('hover, completion and signature help at every place', async () => {
    const { view, shared } = server();
    const whole = await view(text);
    documentFeatures(whole);
    for (let offset = 0; offset <= text.length; offset += 3) {
      const position = whole.text.positionAt(offset);
      hoverAt(whole, position, shared);
      await completions(whole, position, shared);
      signatureHelp(whole, position, shared);
    }
    expect(whole.report.plans.length).toBeGreaterThan(0);
  });

  test('the text cut off anywhere', async () => {
    const { view, shared } = server();
    for (let offset = 1; offset < text.length; offset += 97) {
      const cut = await view(text.slice(0, offset));
      documentFeatures(cut);
      const position = cut.text.positionAt(offset);
      hoverAt(cut, position, shared);
      expect(await completions(cut, position, shared)).toBeDefined();
      signatureHelp(cut, position, shared);
    }
  });
});
