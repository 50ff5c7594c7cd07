import { describe, expect, it } from 'vitest';
import { dispatchScale, remoteNodes } from '../../../src/engine/plan/dispatch.ts';

/** DeepSeek-V3: 64 ranks on 8 nodes of 32 experts, 8 experts per token (2412.19437, section 3.2.2). */
const deepseek = { nodes: 8, ranksPerNode: 8, experts: 256, topk: 8, maxNodes: 4 };

/** Draws nodes, then experts, and counts; shares no formula with the code. */
function drawn(maxNodes: number, rounds = 40_000): number {
  let state = 1;
  // mulberry32
  const random = (below: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
  let remote = 0;
  for (let round = 0; round < rounds; round++) {
    const nodes = [0, 1, 2, 3, 4, 5, 6, 7];
    for (let i = 7; i > 0; i--) {
      const j = random(i + 1);
      [nodes[i], nodes[j]] = [nodes[j]!, nodes[i]!];
    }
    const allowed = nodes.slice(0, maxNodes);
    const experts = new Set<number>();
    while (experts.size < 8) experts.add(allowed[random(maxNodes)]! * 32 + random(32));
    const home = random(8);
    remote += new Set([...experts].map(expert => Math.floor(expert / 32)).filter(node => node !== home)).size;
  }
  return remote / rounds;
}

describe('deduplicated dispatch', () => {
  it('sends a token to 3.18 remote nodes with a limit of four, 4.63 without one', () => {
    expect(remoteNodes(deepseek)).toBeCloseTo(3.18, 2);
    expect(remoteNodes({ ...deepseek, maxNodes: 8 })).toBeCloseTo(4.63, 2);
  });

  it('agrees with draws', () => {
    for (const maxNodes of [2, 4, 8]) {
      expect(drawn(maxNodes)).toBeCloseTo(remoteNodes({ ...deepseek, maxNodes }), 1);
    }
  });

  it('sends a token to every allowed node that has too few experts for it', () => {
    // 1 node of 4 experts for 8 copies: that node, remote 7 times of 8.
    expect(remoteNodes({ nodes: 8, ranksPerNode: 8, experts: 32, topk: 8, maxNodes: 1 })).toBe(7 / 8);
    expect(remoteNodes({ nodes: 8, ranksPerNode: 8, experts: 32, topk: 8, maxNodes: 2 })).toBe((2 * 7) / 8);
  });

  it('puts 93.2 MB of fp8 tokens on the slow network instead of 205.5 MB', () => {
    const copies = 4096 * 8 * 7168;
    const plain = (copies * 56) / 64;
    expect(plain / 1e6).toBeCloseTo(205.5, 1);
    expect((plain * dispatchScale(deepseek).scaleOut) / 1e6).toBeCloseTo(93.2, 0);
  });
});
