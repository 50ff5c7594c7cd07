/** What the side panel is told while somebody types. */
import { describe, expect, test } from 'vitest';
import { panelAnswer } from '../../src/server/panel.ts';
import { LLAMA, URI_TEXT, viewFor } from './support.ts';

const nothing = { plans: [], findings: [] };
const modelOf = async (text: string) =>
  panelAnswer(await viewFor(text, { report: nothing }), undefined).model;

describe('a text without a plan', () => {
  test('has none when it is whole', async () => {
    const model = await modelOf(LLAMA.slice(0, LLAMA.indexOf('plan pretrain')));
    expect(model).toMatchObject({ kind: 'empty', uri: URI_TEXT });
    expect(model).not.toHaveProperty('stale');
  });

  test('may have one while its header does not parse, and says where', async () => {
    const line = LLAMA.slice(0, LLAMA.indexOf('plan pretrain')).split('\n').length;
    const model = await modelOf(LLAMA.replace('plan pretrain of', 'pla pretrain of'));
    expect(model).toMatchObject({
      kind: 'empty',
      stale: { reason: expect.stringMatching(/^line \d+ is not complete$/), source: { uri: URI_TEXT } },
    });
    const { start } = (model as { stale: { source: { start: { line: number } } } }).stale.source;
    expect(Math.abs(start.line + 1 - line)).toBeLessThanOrEqual(2);
  });
});
