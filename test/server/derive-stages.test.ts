/** Collectives of several networks, and limits, in words. */
import { expect, test } from 'vitest';
import type { CollectivePrice, PriceStage } from '../../src/engine/estimate/result.ts';
import { collectiveBrief, collectiveDerivation } from '../../src/server/derive/collective.ts';
import { algorithmWords, stagesWords } from '../../src/server/derive/stages.ts';
import { collective, handmade } from './estimate.ts';

const part = (op: PriceStage['op'], level: string, time: number): PriceStage => ({
  op,
  group: [{ stride: 1, size: 8 }],
  bytes: 2 ** 30,
  algorithm: 'ring',
  levels: [level],
  time,
});

const layered: Pick<CollectivePrice, 'stages' | 'chunks' | 'levels' | 'algorithm'> = {
  algorithm: 'hierarchical',
  levels: ['node', 'pod'],
  stages: [
    part('reduce_scatter', 'node', 2e-3),
    part('all_reduce', 'pod', 4e-3),
    part('all_gather', 'node', 2e-3),
  ],
  chunks: 8,
};

test('level by level, as an engineer says it', () => {
  expect(stagesWords(layered)).toBe(
    'reduce-scatter inside node, all-reduce across pod, all-gather inside node, in 8 chunks',
  );
  expect(stagesWords({ levels: ['node'] })).toBe('');
});

test('the derivation shows each part with its share, and the tooltip the sentence', () => {
  const c = collective({ op: 'all_reduce', time: 5e-3, limit: 4e-3, level: 'pod' });
  c.price = { ...c.price, ...layered, limitBy: 'min-cut', limitExact: false, reachable: 4.5e-3 };
  const words = collectiveDerivation(c, handmade());
  expect(words).toContain('| all-reduce across pod | 4.00 ms | 1 GiB over 8 by ring: 50 % of');
  expect(words).toContain('at line rate without latency: 80 % of it reached');
  expect(words).toContain('| limit set by | | min-cut, a lower bound |');
  expect(words).toContain('| reachable | 4.50 ms |');
  expect(collectiveBrief(c, handmade())).toContain('inside node, in 8 chunks)');
});

test('a protocol is named as the library prints it', () => {
  expect(algorithmWords({ algorithm: 'ring', protocol: 'll128' })).toBe('ring, LL128');
  expect(algorithmWords({ algorithm: 'ring' })).toBe('ring');
});

test('a time that rests on a sample of the endpoints is marked, with the reason', () => {
  const c = collective({ op: 'all_to_all', time: 5e-3, limit: 4e-3, level: 'pod' });
  expect(collectiveBrief(c, handmade())).not.toContain('~');
  expect(collectiveDerivation(c, handmade())).not.toContain('~');
  c.price = { ...c.price, sampled: true };
  for (const words of [collectiveBrief(c, handmade()), collectiveDerivation(c, handmade())]) {
    expect(words).toMatch(/5\.00 ms(\*\*)?~/);
    expect(words).toContain('estimated from a sample of the endpoints');
  }
});
