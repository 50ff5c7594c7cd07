import { describe, expect, test } from 'vitest';
import { ranksOf } from '../../src/layout/ranks.ts';
import {
  carriedOf,
  coordinates,
  heatText,
  levelMedium,
  levelSize,
  lineText,
  outerAxis,
  plural,
  topologyName,
} from '../../src/panel/words.ts';
import { llama405b, URI } from './fixture.ts';

describe('numbers beside the picture', () => {
  test.each([
    [6.4e12, (3072 * 50e9) / 7, '6.4 of 21.9 TB/s'],
    [50e9, 50e9, '50 of 50 GB/s'],
    [0.8e12, 0.8e12, '800 of 800 GB/s'],
    [0, 450e9, '0 of 450 GB/s'],
    [405e9, 450e9, '405 of 450 GB/s'],
    [1e6, 50e9, '< 0.1 of 50 GB/s'],
  ])('%d of %d reads %s', (carried, capacity, words) => {
    expect(carriedOf(carried, capacity)).toBe(words);
  });

  test('a share stands beside idle zero', () => {
    expect(heatText(0.292, 6.4e12, 'running')).toBe('29 %');
    expect(heatText(0, 0, 'running')).toBe('0');
    expect(heatText(8, 1e9, 'running')).toBe('800 %');
    expect(heatText(1, 2.43e12, 'bytes')).toBe('2.43 TB');
  });

  test('levels say size, ratio, medium and latency', () => {
    const { levels } = llama405b();
    expect(levels.map(levelSize)).toEqual(['8 chips', '384 nodes · 1:1', '8 pods · 7:1']);
    expect(levels.map(levelMedium)).toEqual(['copper · 0.6 µs', 'optics · 4 µs', 'optics · 7 µs']);
  });

  test('a pod says what it does not hold whole', () => {
    const { axes, levels, ranks } = llama405b();
    const pod = ranksOf(levels, 1, 2, ranks);
    expect(coordinates(axes, pod)).toBe('dp 48–71');
    expect(outerAxis(axes, pod)?.name).toBe('dp');
    expect(coordinates(axes, ranksOf(levels, 0, 1109, ranks))).toBe('pp 5 · dp 69');
  });

  test('lines count from one, and name the file when it is another', () => {
    const source = { uri: URI, start: { line: 44, character: 0 }, end: { line: 44, character: 3 } };
    expect(lineText(source, URI)).toBe('line 45');
    expect(lineText({ ...source, uri: 'file:///lib/my%20chips.shard' }, URI)).toBe('my chips.shard, line 45');
  });

  test('plurals of what levels are called', () => {
    expect(['pod', 'box', 'switch', 'assembly', 'tray'].map(word => plural(word, 2))).toEqual([
      'pods',
      'boxes',
      'switches',
      'assemblies',
      'trays',
    ]);
    expect(plural('pod', 1)).toBe('pod');
  });
});

describe('a topology is named as its builders name it', () => {
  const torus = (dims: number[], wrap: boolean[], twist = false) =>
    topologyName({ kind: 'torus', dims, wrap, twist });

  test('a torus by its sides, and by what of it is open or twisted', () => {
    expect(torus([8], [true])).toBe('ring');
    expect(torus([8], [false])).toBe('line');
    expect(torus([16, 16], [true, true])).toBe('torus 16×16');
    expect(torus([8, 16], [false, false])).toBe('mesh 8×16');
    expect(torus([4, 4, 4], [true, true, false])).toBe('torus 4×4×4 · z open');
    // Two places have no wrap to leave out.
    expect(torus([4, 2], [true, false])).toBe('torus 4×2');
    expect(torus([4, 4, 8], [true, true, true], true)).toBe('torus 4×4×8 · twisted');
  });

  test('the others by their parts', () => {
    expect(topologyName({ kind: 'rail', rails: 8, spine: false })).toBe('8 rails · no spine');
    expect(topologyName({ kind: 'hamming_mesh', board: [2, 2], boards: [4, 4] })).toBe(
      'HammingMesh · 4×4 boards · of 2×2',
    );
    expect(topologyName({ kind: 'switch', reduce: true })).toBe('');
  });
});
