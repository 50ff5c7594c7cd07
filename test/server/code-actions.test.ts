/** Changes that make a plan faster, with the gain that the analysis confirms. */

import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import type { CodeAction } from 'vscode-languageserver';
import { otherOrders, placesHold } from '../../src/server/suggest/orders.ts';
import { pretrain } from '../engine/estimate/samples.ts';
import { type Client, connect } from './client.ts';
import { LLAMA, URI_TEXT } from './support.ts';

const config = readFileSync(new URL('../../examples/Llama-3.1-405B/config.json', import.meta.url), 'utf8');

const clients: Client[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.connection.dispose();
});

async function actionsAt(text: string, marker: string): Promise<CodeAction[]> {
  const client = await connect({ files: { '/plans/config.json': config } });
  clients.push(client);
  client.open(URI_TEXT, text);
  const line = text.split('\n').findIndex(l => l.includes(marker));
  const range = { start: { line, character: 2 }, end: { line, character: 2 } };
  return (
    (await client.connection.sendRequest<CodeAction[] | null>('textDocument/codeAction', {
      textDocument: { uri: URI_TEXT },
      range,
      context: { diagnostics: [] },
    })) ?? []
  );
}

const slow = LLAMA.replace('tp:  8 on node', 'tp:  8').replace(
  'order: tp < cp < pp < dp',
  'order: dp < cp < pp < tp',
);

describe('a better rank order', () => {
  test('is offered with what it brings, and edits the order alone', async () => {
    const actions = await actionsAt(slow, 'order:');
    const order = actions.find(a => a.title.startsWith('Set order:'))!;
    expect(order.title).toMatch(/^Set order: tp < cp < \w+ < \w+ — step [\d.]+ → [\d.]+ s \(−\d+ %\)$/);
    expect(order.edit?.changes?.[URI_TEXT]).toHaveLength(1);
    expect(order.edit?.changes?.[URI_TEXT]?.[0]?.newText).toMatch(/^order: tp < cp/);
    expect(actions.filter(a => a.title.startsWith('Set order:'))).toHaveLength(1);
  });

  test('is not offered where it would break a claim that holds', async () => {
    const claimed = slow.replace('assert step_time < 8s', 'assert crosses(tp, cluster)');
    expect((await actionsAt(slow, 'order:')).map(a => a.title).join()).toContain('Set order');
    expect((await actionsAt(claimed, 'order:')).map(a => a.title).join()).not.toContain('Set order: tp');
  });

  test('nothing is offered far from the plan', async () => {
    expect(await actionsAt(slow, 'import')).toEqual([]);
  });
});

describe('another setting', () => {
  test('is offered at the line it is about, the best gain first', async () => {
    const text = LLAMA.replace('dp.zero:     2', 'dp.zero:     3');
    const actions = await actionsAt(text, 'dp.zero');
    const gains = actions.map(a => Number(/\(−([\d.]+) %\)/.exec(a.title)?.[1]));
    expect(actions.length).toBeGreaterThan(0);
    expect(gains).toEqual([...gains].sort((a, b) => b - a));
    const zero = actions.find(a => /^Set dp\.zero: \d — step .*, memory \d+ → \d+ GiB$/.test(a.title));
    expect(zero?.edit?.changes?.[URI_TEXT]?.[0]?.newText).toMatch(/^[012]$/);
  });
});

describe('a plan that does not fit', () => {
  test('is offered what makes it fit, with its price in time', async () => {
    const text = LLAMA.replace('recompute:   selective(swiglu, norm)', 'recompute: none').replace(
      'batch.micro:    1',
      'batch.micro:    2',
    );
    const actions = await actionsAt(text, 'plan pretrain');
    expect(actions.length).toBeGreaterThan(0);
    for (const action of actions) {
      const [, before, after] = /— memory (\d+) → (\d+) GiB, step [\d.]+ → [\d.]+ s \([−+][\d.]+ %\)$/.exec(
        action.title,
      )!;
      expect(Number(before)).toBeGreaterThan(80);
      expect(Number(after)).toBeLessThanOrEqual(80);
    }
  });
});

describe('orders', () => {
  test('every other order of the axes that have ranks, `on` respected', () => {
    const base = pretrain();
    // cp has one rank: 3! - 1 orders of the rest.
    expect(otherOrders(base.mesh, base.fabric)).toHaveLength(5);
    const axes = base.mesh.axes.map(a => (a.name === 'tp' ? { ...a, on: [{ level: 'node' }] } : a));
    const held = otherOrders({ ...base.mesh, axes }, base.fabric);
    expect(held).toEqual([['tp', 'cp', 'dp', 'pp']]);
  });

  test('`on` says that one group lies in one unit, in different children', () => {
    const base = pretrain();
    const mesh = (level: string, order: string[]) => ({
      ...base.mesh,
      order,
      axes: base.mesh.axes.map(a => (a.name === 'pp' ? { ...a, on: [{ level }] } : a)),
    });
    expect(placesHold(mesh('pod', ['tp', 'cp', 'pp', 'dp']), base.fabric)).toBe(true);
    // Innermost, two ranks of a group would share a node.
    expect(placesHold(mesh('pod', ['pp', 'cp', 'tp', 'dp']), base.fabric)).toBe(false);
    expect(placesHold(mesh('node', ['tp', 'cp', 'pp', 'dp']), base.fabric)).toBe(false);
  });
});
