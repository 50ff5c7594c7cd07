/** Hints are tested by rendering them into the text. */
import { describe, expect, test } from 'vitest';
import { Steady } from '../../src/server/hints/steady.ts';
import { type HintText, inlayHints } from '../../src/server/inlay-hints.ts';
import { pretrain } from '../engine/estimate/samples.ts';
import { handmade } from './estimate.ts';
import { LLAMA, planReport, reportOf, viewFor, withHints } from './support.ts';

const everything = { start: { line: 0, character: 0 }, end: { line: 10_000, character: 0 } };
const fresh = () => new Steady<HintText>();

async function rendered(settings: NonNullable<Parameters<typeof viewFor>[1]>['settings'], text = LLAMA) {
  const view = await viewFor(text, { report: reportOf(text), ...(settings ? { settings } : {}) });
  return withHints(text, inlayHints(view, everything, fresh()));
}

/** The lines of a text that carry a hint. */
const hinted = (text: string) => text.split('\n').filter(line => line.includes('«'));

describe('what stands beside the lines', () => {
  test('totals: one short hint a line', async () => {
    expect(await rendered({})).toMatchInlineSnapshot(`
      "import "std/chips"

      fabric clos24k {
        level node of 8 h100_sxm { «10.3 % used · 4.85 PB cross it»
          topology:  switch(reduce: true)
          bandwidth: 450GB/s
          latency:   0.6us
        }
        level pod of 384 node { «92.4 % used · 6.83 PB cross it»
          topology:  fat_tree(tiers: 2)
          bandwidth: 400Gb/s
          latency:   4us
        }
        level cluster of 8 pod { «26.4 % used · 277 TB cross it»
          topology:  fat_tree(tiers: 1, oversubscription: 7)
          bandwidth: 400Gb/s
          latency:   7us
        }
      }

      model llama3_405b from "config.json"

      mesh m16k on clos24k {
        tp:  8 on node «0.74 s · exposed _5.0 % · node»
        cp:  1
        pp:  16
        dp:  128
        order: tp < cp < pp < dp
      }

      plan pretrain of llama3_405b on m16k {
        batch.global:   2048
        batch.micro:    1
        batch.sequence: 8192
        tp.sequence_parallel: true
        dp.zero:     2 «8.16 s · exposed 27.4 % · pod»
        dp.accumulate: local
        pp.schedule: interleaved(chunks: 8) «0.17 s · exposed _1.9 % · pod»
        recompute:   selective(swiglu, norm)
        assert step_time < 8s «6.64 s  ✓»
        expect exposed(dp) < 2% * step_time «?»
      }
      "
    `);
  });

  test('all: every field, as wide as its widest value', async () => {
    expect(await rendered({ density: 'all', units: true })).toMatchInlineSnapshot(`
      "import "std/chips"

      fabric clos24k {
        level node of 8 h100_sxm { «10.3 % used · 4.85 PB cross it»
          topology:  switch(reduce: true)
          bandwidth: 450GB/s
          latency:   0.6us
        }
        level pod of 384 node { «92.4 % used · 6.83 PB cross it»
          topology:  fat_tree(tiers: 2)
          bandwidth: 400Gb/s «= 50 GB/s»
          latency:   4us
        }
        level cluster of 8 pod { «26.4 % used · 277 TB cross it»
          topology:  fat_tree(tiers: 1, oversubscription: 7)
          bandwidth: 400Gb/s «= 50 GB/s»
          latency:   7us
        }
      }

      model llama3_405b from "config.json"

      mesh m16k on clos24k {
        tp:  8 on node «AG+RS · _256 MiB ×1,280 · node___ · 0.58 ms → _0.74 s · exposed _5.0 % · _90 % of limit»
        cp:  1
        pp:  16
        dp:  128
        order: tp < cp < pp < dp
      }

      plan pretrain of llama3_405b on m16k {
        batch.global:   2048
        batch.micro:    1
        batch.sequence: 8192
        tp.sequence_parallel: true
        dp.zero:     2 «AG+RS · 23.8 GiB ×___16 · pod____ · _0.51 s → _8.16 s · exposed 27.4 % · 100 % of limit»
        dp.accumulate: local
        pp.schedule: interleaved(chunks: 8) «send_ · __32 MiB ×__256 · pod____ · 0.67 ms → _0.17 s · exposed _1.9 % · 100 % of limit»
        recompute:   selective(swiglu, norm)
        assert step_time < 8s «6.64 s  ✓»
        expect exposed(dp) < 2% * step_time «?»
      }
      "
    `);
  });

  test('all: of collectives that differ, only what is true of all of them', async () => {
    const estimate = handmade();
    const gather = estimate.collectives.find(c => c.name === 'param_gather')!;
    gather.bytes /= 2;
    gather.price = { ...gather.price, time: 0.25, limit: 0.25 };
    gather.total = 2;
    const report = { plans: [planReport(LLAMA, pretrain(), { ok: true, estimate })], findings: [] };
    const view = await viewFor(LLAMA, { report, settings: { density: 'all' } });
    const lines = hinted(withHints(LLAMA, inlayHints(view, everything, fresh())));
    expect(lines.find(line => line.includes('dp.zero'))).toBe(
      '  dp.zero:     2 «AG+RS · 2 collectives · up to 23.8 GiB · pod____ · ______… → _6.08 s · exposed 27.4 % · 100 % of limit»',
    );
  });

  test('off', async () => {
    expect(hinted(await rendered({ density: 'off', units: true }))).toEqual([]);
  });

  test('fields can be switched off, and the last ones go first when the hint is too long', async () => {
    expect(hinted(await rendered({ exposed: false, bytes: false }))).toMatchInlineSnapshot(`
      [
        "  level node of 8 h100_sxm { «10.3 % used»",
        "  level pod of 384 node { «92.4 % used»",
        "  level cluster of 8 pod { «26.4 % used»",
        "  tp:  8 on node «0.74 s · node»",
        "  dp.zero:     2 «8.16 s · pod»",
        "  pp.schedule: interleaved(chunks: 8) «0.17 s · pod»",
        "  assert step_time < 8s «6.64 s  ✓»",
        "  expect exposed(dp) < 2% * step_time «?»",
      ]
    `);
    expect(hinted(await rendered({ density: 'all', maxLength: 40 }))).toMatchInlineSnapshot(`
      [
        "  level node of 8 h100_sxm { «10.3 % used · 4.85 PB cross it»",
        "  level pod of 384 node { «92.4 % used · 6.83 PB cross it»",
        "  level cluster of 8 pod { «26.4 % used · 277 TB cross it»",
        "  tp:  8 on node «0.58 ms → _0.74 s · exposed _5.0 %»",
        "  dp.zero:     2 «_0.51 s → _8.16 s · exposed 27.4 %»",
        "  pp.schedule: interleaved(chunks: 8) «0.67 ms → _0.17 s · exposed _1.9 %»",
        "  assert step_time < 8s «6.64 s  ✓»",
        "  expect exposed(dp) < 2% * step_time «?»",
      ]
    `);
    for (const line of hinted(await rendered({ maxLength: 12 })))
      expect(/«(.*)»/.exec(line)![1]!.length).toBeLessThanOrEqual(12);
  });

  test('hints stand behind comments and survive carriage returns', async () => {
    const text = LLAMA.replace('  pp:  16', '  pp:  16   // stages').replaceAll('\n', '\r\n');
    const view = await viewFor(text, { report: reportOf(text.replaceAll('\r\n', '\n')) });
    const hints = inlayHints(view, everything, fresh());
    const line = text.split('\r\n').findIndex(l => l.includes('// stages'));
    const schedule = text.split('\r\n').findIndex(l => l.includes('pp.schedule'));
    expect(hints.some(h => h.position.line === line)).toBe(false);
    expect(hints.find(h => h.position.line === schedule)?.position.character).toBe(
      '  pp.schedule: interleaved(chunks: 8)'.length,
    );
  });

  test('only the lines that were asked for', async () => {
    const view = await viewFor(LLAMA, { report: reportOf(LLAMA) });
    const line = LLAMA.split('\n').findIndex(l => l.startsWith('  tp:'));
    const hints = inlayHints(view, { start: { line, character: 0 }, end: { line, character: 99 } }, fresh());
    expect(hints).toHaveLength(1);
  });

  test('the tooltip says how the time comes about', async () => {
    const view = await viewFor(LLAMA, { report: reportOf(LLAMA) });
    const zero = LLAMA.split('\n').findIndex(l => l.includes('dp.zero'));
    const hint = inlayHints(view, everything, fresh()).find(h => h.position.line === zero)!;
    expect((hint.tooltip as { value: string }).value).toMatchInlineSnapshot(`
      "**param_gather**: all-gather of weights over \`dp\` (128 ranks)
      - **4.08 s** a step: 23.8 GiB × 8, 0.51 s each
      - exposed **1.24 s**, 13.7 % of the step, the rest hidden under the forward pass
      - ring (tree would take 0.77 s), bound by the chip to leaf on **pod**
      - **100 %** of the fabric's limit (0.51 s at line rate: port of a chip, which some schedule reaches)

      **grad_reduce**: reduce-scatter of gradients over \`dp\` (128 ranks)
      - **4.08 s** a step: 23.8 GiB × 8, 0.51 s each
      - exposed **1.23 s**, 13.7 % of the step, the rest hidden under the backward pass
      - ring (tree would take 0.77 s), bound by the chip to leaf on **pod**
      - **100 %** of the fabric's limit (0.51 s at line rate: port of a chip, which some schedule reaches)

      [Open topology](command:meshwright.openTopology?%5B%22file%3A%2F%2F%2Fplans%2Fllama.shard%22%2C%22pretrain%22%5D) · [Why?](command:meshwright.showDerivation?%5B%22file%3A%2F%2F%2Fplans%2Fllama.shard%22%2C%22pretrain%22%5D)"
    `);
  });
});

describe('plans that share lines', () => {
  const two = `${LLAMA}\nplan wide like pretrain {\n  dp.zero: 3\n}\n`;
  const report = (text: string) => ({
    plans: [
      { ...planReport(text, pretrain()), estimate: handmade() },
      {
        ...planReport(text, pretrain({ name: 'wide' })),
        estimate: handmade({ plan: 'wide', step: { ...handmade().step, time: 20 } }),
      },
    ],
    findings: [],
  });

  test('the active plan speaks, by its name', async () => {
    const lines = async (active: string) => {
      const view = await viewFor(two, { report: report(two), active });
      return hinted(withHints(two, inlayHints(view, everything, fresh())));
    };
    expect((await lines('pretrain')).filter(l => /^\s*(tp:|level pod)/.test(l))).toMatchInlineSnapshot(`
      [
        "  level pod of 384 node { «92.4 % used · 6.83 PB cross it · pretrain»",
        "  tp:  8 on node «0.74 s · exposed _5.0 % · node · pretrain»",
      ]
    `);
    expect((await lines('wide')).filter(l => /^\s*(tp:|level pod)/.test(l))).toMatchInlineSnapshot(`
      [
        "  level pod of 384 node { «92.4 % used · 6.83 PB cross it · wide»",
        "  tp:  8 on node «0.74 s · exposed _2.3 % · node · wide»",
      ]
    `);
    // Its own lines keep a plan's own numbers, whichever is active.
    expect((await lines('wide')).filter(l => l.includes('dp.zero'))).toMatchInlineSnapshot(`
      [
        "  dp.zero:     2 «8.16 s · exposed 27.4 % · pod»",
        "  dp.zero: 3 «8.16 s · exposed 12.4 % · pod»",
      ]
    `);
  });
});

describe('while somebody types', () => {
  test('hints stay where they were until new ones are ready', async () => {
    const steady = fresh();
    const before = await viewFor(LLAMA, { report: reportOf(LLAMA) });
    const whole = hinted(withHints(LLAMA, inlayHints(before, everything, steady)));
    // A line above was added and the plan's text is broken: there is no estimate for a moment.
    const typed = LLAMA.replace('mesh m16k', '// a remark\nmesh m16k').replace(
      '  dp.accumulate: local',
      '  dp.accumulate:',
    );
    const during = await viewFor(typed, { report: { plans: [], findings: [] } });
    expect(during.damaged).toBe(true);
    expect(hinted(withHints(typed, inlayHints(during, everything, steady)))).toEqual(whole);
  });

  test('a whole text without an estimate has no old hints', async () => {
    const steady = fresh();
    inlayHints(await viewFor(LLAMA, { report: reportOf(LLAMA) }), everything, steady);
    const after = await viewFor(LLAMA, { report: { plans: [], findings: [] } });
    expect(inlayHints(after, everything, steady)).toEqual([]);
  });
});
