import { describe, expect, test } from 'vitest';
import { codeLenses, type LensText } from '../../src/server/code-lens.ts';
import { derivationDocument } from '../../src/server/derivation.ts';
import { Steady } from '../../src/server/hints/steady.ts';
import { panelAnswer } from '../../src/server/panel.ts';
import { statusOf } from '../../src/server/status.ts';
import { handmade } from './estimate.ts';
import { LLAMA, reportOf, viewFor } from './support.ts';

const titles = (lenses: ReturnType<typeof codeLenses>) => lenses.map(l => l.command!.title);

describe('the verdict above a plan', () => {
  test('one line, then the ways on', async () => {
    const view = await viewFor(LLAMA, { report: reportOf(LLAMA) });
    const lenses = codeLenses(view, new Steady<LensText>());
    expect(titles(lenses)).toEqual([
      '9.02 s · MFU 30.1 % · dp on pod binds · network exposed 34.3 % · 45 of 80 GiB',
      'Open topology',
      'Why?',
    ]);
    expect(lenses[1]!.command).toMatchObject({
      command: 'meshwright.openTopology',
      arguments: [view.uri, 'pretrain'],
    });
    expect(lenses[0]!.range.start.line).toBe(LLAMA.split('\n').findIndex(l => l.startsWith('plan ')));
  });

  test('an estimate that rests on a default of ours says so', async () => {
    const report = reportOf(LLAMA);
    report.plans[0]!.estimate = handmade({
      assumptions: [{ key: 'efficiency.gemm', text: '78 %', confidence: 'default' }],
    });
    const view = await viewFor(LLAMA, { report });
    expect(titles(codeLenses(view, new Steady<LensText>()))[0]).toMatch(/^9\.02 s~ · /);
    // Its energy may be unsure without the time being so.
    report.plans[0]!.estimate = handmade({
      assumptions: [{ key: 'pod.energy', text: '18 pJ/bit', confidence: 'default', of: 'energy' }],
    });
    const other = await viewFor(LLAMA, { report });
    expect(titles(codeLenses(other, new Steady<LensText>()))[0]).toMatch(/^9\.02 s · /);
  });

  test('a refusal says why there is no estimate', async () => {
    const report = reportOf(LLAMA);
    report.plans[0] = {
      ...report.plans[0]!,
      estimate: undefined,
      refusals: [{ code: 'x', message: 'torus is not priced yet', cause: { kind: 'level', key: 'pod' } }],
    };
    const view = await viewFor(LLAMA, { report });
    expect(titles(codeLenses(view, new Steady<LensText>()))[0]).toBe('No estimate: torus is not priced yet');
    expect(statusOf(view)).toMatchObject({ state: 'refused', text: 'pretrain: no estimate' });
  });

  test('a stale verdict says what it rests on', async () => {
    const report = reportOf(LLAMA);
    report.plans[0]!.stale = { reason: 'line 12 is not complete', range: report.plans[0]!.range };
    const view = await viewFor(LLAMA, { report });
    expect(titles(codeLenses(view, new Steady<LensText>()))[0]).toMatch(
      /with the last good version: line 12 is not complete$/,
    );
    expect(statusOf(view).state).toBe('stale');
  });

  test('the lens stays while the plan does not parse', async () => {
    const steady = new Steady<LensText>();
    const before = titles(codeLenses(await viewFor(LLAMA, { report: reportOf(LLAMA) }), steady));
    const typed = LLAMA.replace('recompute:   selective(swiglu, norm)', 'recompute:   selective(swiglu,');
    const during = await viewFor(typed, { report: { plans: [], findings: [] } });
    expect(titles(codeLenses(during, steady))).toEqual(before);
  });
});

describe('all surfaces read one result', () => {
  test('hints, lens, status, panel and derivation show the same unrounded numbers', async () => {
    const report = reportOf(LLAMA);
    const estimate = report.plans[0]!.estimate!;
    const view = await viewFor(LLAMA, { report });
    const { model, hash } = panelAnswer(view, undefined);
    const panel = model as {
      verdict: { time: number; mfu: number };
      collectives: { name: string; total: number; exposed: number }[];
    };
    expect(panel.verdict.time).toBe(estimate.step.time);
    expect(panel.verdict.mfu).toBe(estimate.throughput.mfu);
    for (const shown of panel.collectives) {
      const source = estimate.collectives.find(c => c.name === shown.name)!;
      expect([shown.total, shown.exposed]).toEqual([source.total, source.exposed]);
    }
    expect(statusOf(view).text).toBe('pretrain 9.02 s · dp on pod binds');
    expect(derivationDocument(report, report.plans[0]!)).toContain('9.02 s · MFU 30.1 % · dp on pod binds');
    expect(panelAnswer(view, 'pretrain').hash).toBe(hash);
  });

  test('the derivation reads as a document', async () => {
    const report = reportOf(LLAMA);
    const { collectives } = handmade();
    report.plans[0]!.estimate = handmade({
      collectives: collectives.filter(c => ['param_gather', 'cp_exchange'].includes(c.name)),
    });
    expect(derivationDocument(report, report.plans[0]!)).toMatchInlineSnapshot(`
      "# pretrain: 9.02 s a step

      9.02 s · MFU 30.1 % · dp on pod binds · network exposed 34.3 % · 45 of 80 GiB

      Model \`llama3_405b\` (406 B parameters) on mesh \`m16k\` of fabric \`clos24k\`, 16,384 chips.

      ## Where the step goes

      | | time | of the step | |
      |---|---:|---:|---|
      | compute | 5.24 s | 58.1 % | kernels of stage 1, 16 microbatches |
      | waits for tp | 0.45 s | 5.0 % | what nothing hides |
      | waits for pp | 0.17 s | 1.9 % | what nothing hides |
      | waits for dp | 2.47 s | 27.4 % | what nothing hides |
      | bubble | 0.67 s | 7.4 % | waiting for the pipeline, 13 % of compute |
      | optimizer | 20.0 ms | 0.2 % | update of the own shard |
      | **step** | **9.02 s** | | |

      ## Throughput

      - 1,860,000 tokens/s, 114 per chip
      - 298 TFLOP/s of model FLOPs per chip: **MFU 30.1 %** (attention counted causal), 31.8 % (counted full), HFU 33.0 %

      ## What binds

      Network-bound: doubling the chips brings 31 % of what it would on a free network. The network starts to bind at 8,192 chips, over dp.

      ## Memory

      45 of 80 GiB on stage 0.

      | part | bytes | share |
      |---|---:|---:|
      | weights | 12 GiB | 27 % |
      | activations | 33.2 GiB | 73 % |

      With its slack the allocator holds 47.6 GiB; context and collective library take about 2 GiB beside it.

      ## Levels

      | level | tier | bytes that cross | mean load | busiest link | step waits | hottest |
      |---|---|---:|---:|---:|---:|---|
      | node | scale-up | 4.85 PB | 8.2 % | 10 % | 0.45 s | tp_gather |
      | pod | scale-out | 6.83 PB | 61 % | 92 % | 2.64 s | param_gather |
      | cluster | scale-out | 277 TB | 18 % | 26 % | 0 s | param_gather |

      ## Claims: 1 of 2 claims hold, 1 cannot be priced

      - \`assert step_time < 8s\` holds: 6.64 s
      - \`expect exposed(dp) < 2% * step_time\` cannot be priced

      ## Collectives

      ### param_gather over dp

      **param_gather**: all-gather of weights over \`dp\` (128 ranks)

      | | | |
      |---|---|---|
      | size S | **23.8 GiB** | weights, in the forward pass |
      | leaves a rank | (n−1)/n·S | ring: every rank passes shards to its neighbour, all links busy in every step |
      | route | node → pod | busiest: chip to leaf on **pod**, one flow has it alone |
      | it carries | **25.5 GB** | at 50 GB/s, of which 100 % is reachable |
      | latency | **4.20 µs** | 7 steps one after the other |
      | one | **0.51 s** | 4.20 µs + 25.5 GB / (50 GB/s × 100 %), not less than the level's floor |
      | a step | **4.08 s** | × 8 on the busiest stage |
      | waits | **1.24 s** | 13.7 % of the step; the rest hides under the forward pass |
      | limit | **0.51 s** | at line rate without latency: 100 % of it reached |
      | limit set by | | port of a chip, which some schedule reaches |
      | runner-up | 0.77 s | tree, 50 % slower |

      | level | link | busiest carries | line rate | reachable | flows | load |
      |---|---|---:|---:|---:|---:|---:|
      | pod | chip to leaf | 25.5 GB | 50 GB/s | 100 % | 1 | 100 % |

      ## What it rests on

      | not stated | assumed | how sure |
      |---|---|---|
      | \`noise\` | stragglers are not modelled | a default of ours |
      "
    `);
  });
});
