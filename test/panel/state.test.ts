import { describe, expect, test } from 'vitest';
import { collectiveKey, defaultAxis, defaultCollective } from '../../src/panel/look.ts';
import { applySelect, levelOf } from '../../src/panel/select.ts';
import { fitState, initialState, restore } from '../../src/panel/state.ts';
import {
  clos24k,
  fabric,
  fatTree,
  level,
  llama405b,
  MESH_405B,
  mesh,
  node,
  placement,
  URI,
} from './fixture.ts';

const cursor = (line: number) => ({ kind: 'cursor' as const, uri: URI, line, character: 3 });

describe('what the panel keeps', () => {
  const model = llama405b();
  const chosen = {
    ...fitState(initialState(), model),
    path: [2, 341],
    selected: { level: -1, unit: 8875 },
    zoom: { x: -4, y: -80, k: 1.7 },
  };

  test('survives every edit of axes and numbers', () => {
    expect(fitState(chosen, placement(clos24k(), mesh({ tp: 4, pp: 8, dp: 512 })))).toBe(chosen);
  });

  test('survives a plan that cannot be priced and has no fabric yet', () => {
    expect(fitState(chosen, { ...model, levels: [], links: [] })).toBe(chosen);
  });

  test('a smaller fabric closes only what is gone', () => {
    const smaller = placement(
      fabric('f', [node(), level('pod', 300, fatTree(2)), level('cluster', 8, fatTree(1))]),
      mesh(MESH_405B),
    );
    const fitted = fitState(chosen, smaller);
    expect(fitted.path).toEqual([2]);
    expect(fitted.zoom).toEqual(chosen.zoom);
  });

  test('comes back after a reload, with the last picture', () => {
    const stored = JSON.parse(JSON.stringify({ version: 1, state: chosen, hash: 'h', model }));
    expect(restore(stored)).toEqual(stored);
  });

  test.each([
    ['nothing', undefined],
    ['another version', { version: 2, state: chosen, hash: '' }],
    ['a broken path', { version: 1, state: { ...chosen, path: ['a'] }, hash: '' }],
    ['a broken zoom', { version: 1, state: { ...chosen, zoom: { x: 0, y: null, k: 1 } }, hash: '' }],
    ['an unknown view', { version: 1, state: { ...chosen, view: 'map' }, hash: '' }],
    ['a part of no step', { version: 1, state: { ...chosen, time: { from: 1, to: 0.5 } } }],
  ])('starts afresh from %s', (_, value) => {
    expect(restore(value)).toBeUndefined();
  });
});

describe('the cursor', () => {
  const model = llama405b();

  test('on an axis colours by it and selects what it waits for longest', () => {
    const change = applySelect(model, cursor(29));
    expect(change?.axis).toBe('pp');
    expect(change?.collective).toContain('stage_send');
  });

  test('on an option selects its collective and leaves the colour alone', () => {
    expect(applySelect(model, cursor(44))).toEqual({
      collective: collectiveKey(model.collectives.find(({ name }) => name === 'grad_reduce')!),
    });
  });

  test('elsewhere changes nothing', () => {
    expect(applySelect(model, cursor(0))).toBeUndefined();
    expect(applySelect(model, { ...cursor(29), uri: 'file:///other.shard' })).toBeUndefined();
  });

  test('finds levels by their line', () => {
    expect(levelOf(model, cursor(11))?.name).toBe('pod');
  });
});

test('without a choice the longest wait is shown, coloured by pipeline stage', () => {
  const model = llama405b();
  expect(defaultCollective(model)?.exposed).toBe(
    Math.max(...model.collectives.map(({ exposed }) => exposed)),
  );
  expect(defaultAxis(model)?.name).toBe('pp');
});
