/** Hints are tested by rendering them into the text. */
import { describe, expect, test } from 'vitest';
import { Steady } from '../../src/server/hints/steady.ts';
import { type HintText, inlayHints } from '../../src/server/inlay-hints.ts';
import { LLAMA, viewFor, withHints } from './support.ts';

const everything = { start: { line: 0, character: 0 }, end: { line: 10_000, character: 0 } };
const fresh = () => new Steady<HintText>();

describe('what stands beside the lines', () => {
  test('totals', async () => {
    const view = await viewFor(LLAMA);
    expect(withHints(LLAMA, inlayHints(view, everything, fresh()))).toMatchInlineSnapshot(`
      "import "std/chips"

      fabric clos24k {
        level node of 8 h100_sxm { «10.3 % used · 4.85 PB cross it»
          topology:  switch(reduce: true)
          bandwidth: 450GB/s
          latency:   0.6us
        }
        level pod of 384 node { «_8.5 % used · 428 TB cross it»
          topology:  fat_tree(tiers: 2)
          bandwidth: 400Gb/s
          latency:   4us
        }
        level cluster of 8 pod { «_1.7 % used · 14.6 TB cross it»
          topology:  fat_tree(tiers: 1, oversubscription: 7)
          bandwidth: 400Gb/s
          latency:   7us
        }
      }

      model llama3_405b from "config.json"

      mesh m16k on clos24k {
        tp:  8 on node «0.82 s · exposed _7.8 % · node»
        cp:  1
        pp:  16 «0.17 s · exposed _2.6 % · pod»
        dp:  128
        order: tp < cp < pp < dp
      }

      plan pretrain of llama3_405b on m16k {
        batch.global:   2048
        batch.micro:    1
        batch.sequence: 8192
        tp.sequence_parallel: true
        dp.zero:     2 «0.38 s · exposed _0.4 % · pod»
        dp.accumulate: local
        pp.schedule: interleaved(chunks: 8)
        recompute:   selective(swiglu, norm)
        assert step_time < 8s «6.47 s  ✓»
        expect exposed(dp) < 2% * step_time «?»
      }
      "
    `);
  });

  test('all', async () => {
    const view = await viewFor(LLAMA, { settings: { density: 'all', units: true } });
    expect(withHints(LLAMA, inlayHints(view, everything, fresh()))).toMatchInlineSnapshot(`
      "import "std/chips"

      fabric clos24k {
        level node of 8 h100_sxm { «10.3 % used · 4.85 PB cross it»
          topology:  switch(reduce: true)
          bandwidth: 450GB/s
          latency:   0.6us
        }
        level pod of 384 node { «_8.5 % used · 428 TB cross it»
          topology:  fat_tree(tiers: 2)
          bandwidth: 400Gb/s «= 50 GB/s»
          latency:   4us
        }
        level cluster of 8 pod { «_1.7 % used · 14.6 TB cross it»
          topology:  fat_tree(tiers: 1, oversubscription: 7)
          bandwidth: 400Gb/s «= 50 GB/s»
          latency:   7us
        }
      }

      model llama3_405b from "config.json"

      mesh m16k on clos24k {
        tp:  8 on node «AG+AR+RS · _256 MiB ×1,281 · node___ · 0.64 ms → _0.82 s · exposed _7.8 % · _82 % of limit»
        cp:  1
        pp:  16 «send_ · __32 MiB ×__256 · pod____ · 0.68 ms → _0.17 s · exposed _2.6 % · _99 % of limit»
        dp:  128
        order: tp < cp < pp < dp
      }

      plan pretrain of llama3_405b on m16k {
        batch.global:   2048
        batch.micro:    1
        batch.sequence: 8192
        tp.sequence_parallel: true
        dp.zero:     2 «AG+RS · 11.9 GiB ×____2 · pod____ · _0.19 s → _0.38 s · exposed _0.4 % · 100 % of limit»
        dp.accumulate: local
        pp.schedule: interleaved(chunks: 8)
        recompute:   selective(swiglu, norm)
        assert step_time < 8s «6.47 s  ✓»
        expect exposed(dp) < 2% * step_time «?»
      }
      "
    `);
  });
});
