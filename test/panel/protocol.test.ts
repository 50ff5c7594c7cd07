import { describe, expect, test } from 'vitest';
import { panelTimeline } from '../../src/layout/model/timeline.ts';
import { hostMessage, PROTOCOL_VERSION, panelMessage } from '../../src/panel/protocol.ts';
import { priced } from '../layout/estimates.ts';
import { llama405b } from './fixture.ts';

const source = { uri: 'file:///a.shard', start: { line: 1, character: 0 }, end: { line: 1, character: 4 } };

const timeline = panelTimeline(priced());

describe('messages are checked on arrival', () => {
  test.each([
    { type: 'changed', hash: 'a', version: PROTOCOL_VERSION },
    { type: 'model', hash: 'a', model: llama405b() },
    { type: 'timeline', hash: 'a', timeline: null },
    { type: 'timeline', hash: 'a', timeline },
    { type: 'select', target: { kind: 'axis', name: 'dp' } },
    { type: 'select', target: { kind: 'cursor', uri: 'file:///a', line: 3, character: 0 } },
  ])('the host may say $type', message => {
    expect(hostMessage(message)).toBe(message);
  });

  test.each([
    ['nothing', undefined],
    ['a text', 'changed'],
    ['a list', []],
    ['an unknown type', { type: 'run', code: '1' }],
    ['another version', { type: 'changed', hash: 'a', version: PROTOCOL_VERSION + 1 }],
    ['a model without levels', { type: 'model', hash: 'a', model: { ...llama405b(), levels: undefined } }],
    [
      'a model with a broken link',
      { type: 'model', hash: 'a', model: { ...llama405b(), links: [{ name: 3 }] } },
    ],
    ['a step with a block too few', { type: 'timeline', hash: 'a', timeline: { ...timeline, gap: [] } }],
    [
      'a step with a path beyond it',
      { type: 'timeline', hash: 'a', timeline: { ...timeline, critical: [1e6] } },
    ],
    ['a selection of nothing', { type: 'select', target: { kind: 'axis' } }],
    [
      'a cursor before the text',
      { type: 'select', target: { kind: 'cursor', uri: 'a', line: -1, character: 0 } },
    ],
  ])('the panel drops %s', (_, message) => {
    expect(hostMessage(message)).toBeUndefined();
  });

  test.each([
    { type: 'ready', version: PROTOCOL_VERSION },
    { type: 'pull', view: 'placement', hash: 'a' },
    { type: 'pull', view: 'memory', hash: '', plan: 'pretrain' },
    { type: 'play', hash: 'a' },
    { type: 'reveal', uri: source.uri, range: { start: source.start, end: source.end } },
    { type: 'hover', source },
    { type: 'hover' },
    { type: 'export', kind: 'svg', name: 'plan-placement.svg', data: '<svg/>' },
    { type: 'insertExample', text: 'plan p {}' },
  ])('the panel may say $type', message => {
    expect(panelMessage(message)).toBe(message);
  });

  test.each([
    ['an unknown view', { type: 'pull', view: 'map', hash: 'a' }],
    ['a place without a line', { type: 'reveal', uri: 'a', range: { start: {}, end: {} } }],
    ['a file in another folder', { type: 'export', kind: 'svg', name: '../x.svg', data: '' }],
    ['a picture of another kind', { type: 'export', kind: 'exe', name: 'x', data: '' }],
    ['a number for a text', { type: 'insertExample', text: 5 }],
  ])('the host drops %s', (_, message) => {
    expect(panelMessage(message)).toBeUndefined();
  });
});
