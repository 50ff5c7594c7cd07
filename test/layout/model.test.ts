import { describe, expect, test } from 'vitest';
import type { Estimate } from '../../src/engine/estimate/result.ts';
import { bundleHeat } from '../../src/layout/heat.ts';
import { buildLadder } from '../../src/layout/ladder.ts';
import { buildPanelModel, emptyModel } from '../../src/layout/model/build.ts';
import type { PlanModel } from '../../src/layout/model/types.ts';
import { isPanelModel } from '../../src/panel/protocol.ts';
import { stepTime } from '../../src/server/verdict.ts';
import {
  clos24k,
  estimate405b,
  fabric,
  fatTree,
  level,
  llama405b,
  MESH_405B,
  mesh,
  node,
  placement,
  planSpec,
  collective as priced,
  report,
  URI,
  use,
} from '../panel/fixture.ts';

const collective = (model: PlanModel, name: string) => model.collectives.find(entry => entry.name === name)!;

const podLane = (model: PlanModel) =>
  buildLadder({ levels: model.levels, links: model.links, path: [], columns: {}, width: 700, height: 600 })
    .lanes[0]!;

describe('what the panel is told of a plan', () => {
  test('is plain data that survives the way to the webview', () => {
    const model = llama405b();
    expect(JSON.parse(JSON.stringify(model))).toEqual(model);
    expect(isPanelModel(JSON.parse(JSON.stringify(model)))).toBe(true);
    expect(isPanelModel(emptyModel(URI))).toBe(true);
  });

  test('a plan that a syntax error swallowed is not the same as no plan', () => {
    const at = { line: 31, character: 0 };
    const stale = { reason: 'line 32 is not complete', range: { uri: URI, start: at, end: at } };
    const model = emptyModel(URI, stale);
    expect(model.stale).toEqual({ reason: stale.reason, source: stale.range });
    expect(isPanelModel(JSON.parse(JSON.stringify(model)))).toBe(true);
    expect(isPanelModel({ ...model, stale: { reason: 'no place' } })).toBe(false);
    expect(emptyModel(URI).stale).toBeUndefined();
  });

  test('a time is marked as resting on a default where lens and command line mark it', () => {
    const marked = (assumption: Estimate['assumptions'][number]) => {
      const estimate = { ...estimate405b(), assumptions: [assumption] };
      const plan = report(planSpec(clos24k(), mesh(MESH_405B)), estimate);
      const { verdict } = buildPanelModel(plan, { uri: URI, plans: ['pretrain'] });
      expect(verdict!.assumed).toBe(stepTime(estimate).endsWith('~'));
      return verdict!.assumed;
    };
    const text = 'as it says';
    expect(marked({ key: 'pod.efficiency', text, confidence: 'default' })).toBe(true);
    expect(marked({ key: 'pod.efficiency', text, confidence: 'measured' })).toBe(false);
    expect(marked({ key: 'noise', text, confidence: 'default' })).toBe(false);
  });

  test('the pieces of the step bar add up to the step', () => {
    const { verdict } = llama405b();
    const sum = verdict!.parts.reduce((total, { seconds }) => total + seconds, 0);
    expect(sum).toBeCloseTo(verdict!.time, 2);
    expect(verdict!.parts.map(({ name }) => name)).toEqual([
      'compute',
      'tp',
      'pp',
      'dp',
      'bubble',
      'optimizer',
    ]);
  });

  test('every collective goes to the most specific line that causes it', () => {
    const model = llama405b();
    expect(collective(model, 'grad_reduce').source?.start.line).toBe(44);
    expect(collective(model, 'tp_gather').source?.start.line).toBe(27);
  });

  // 128 flows of 50 GB/s leave every pod, 6.4 TB/s of 3,072 x 50 GB/s / 7 = 21.9 TB/s.
  test('gradients load the uplinks of the six pods in use with 29 %, those of idle pods not at all', () => {
    const model = llama405b();
    const lane = podLane(model);
    const uplinks = lane.bundles.filter(({ link }) => model.links[link]!.name === 'pod uplink');
    const loads = uplinks.map(bundle =>
      bundleHeat(model, bundle, collective(model, 'grad_reduce'), 'running'),
    );
    expect(loads.map(({ share }) => Math.round(share * 100))).toEqual([29, 29, 29, 29, 29, 29, 0, 0]);
    expect(loads[0]!.carried / 1e12).toBeCloseTo(6.4, 6);
  });

  test('a collective that stays inside pods leaves their uplinks idle', () => {
    const model = llama405b();
    for (const bundle of podLane(model).bundles) {
      expect(bundleHeat(model, bundle, collective(model, 'stage_send'), 'running').share).toBe(0);
    }
  });

  test('the load over the step is every collective of it, count by count', () => {
    const model = llama405b();
    const uplink = model.links.find(({ name }) => name === 'pod uplink')!;
    // Two of them cross pods, once a step each: 6.4 TB/s for 0.253 s and 0.126 s of 6.64 s.
    expect(uplink.step.bytes).toBeCloseTo(6.4e12 * (0.253 + 0.126), -6);
    expect(uplink.step.load).toBeCloseTo((0.292 * (0.253 + 0.126)) / 6.64, 3);
    const port = model.links.find(({ name }) => name === 'chip to switch')!;
    expect(port.step.load).toBeCloseTo((0.9 * 3 * 256 * 0.58e-3) / 6.64, 6);
  });

  test('of unlike parts the one that sets the pace is drawn, and says whom it stands for', () => {
    const site = (name: string, rate: number) =>
      fabric('twin', [
        node(),
        level(name, 4, fatTree(2, [1], 2), { bandwidth: rate }),
        level('wan', 2, { kind: 'switch', reduce: false }),
      ]);
    const parts = [site('north', 50e9), site('south', 25e9)];
    const time = 0.1;
    const over = (at: string, link: string, rate: number, load: number) =>
      priced({
        name: at,
        what: 'gradients',
        op: 'all_reduce',
        axis: 'dp',
        ranks: 4,
        bytes: 1e9,
        count: 8,
        time,
        exposed: 0.1,
        links: [use(at, link, rate, load, time)],
      });
    const estimate = estimate405b([
      over('south', 'chip to leaf', 25e9, 0.95),
      over('wan', 'north uplink', 400e9, 0.5),
    ]);
    const spec = planSpec({ ...parts[0]!, variants: parts }, mesh({ tp: 8, dp: 8 }));
    const model = buildPanelModel(report(spec, estimate), { uri: URI, plans: ['p'] });
    expect(model.levels.map(({ name, child, others }) => [name, child, others])).toEqual([
      ['node', 'chip', undefined],
      ['south', 'node', ['north']],
      ['wan', 'part', undefined],
    ]);
    // Both prices find their links: that of the slow part, and the way out that carries the other part's name.
    expect(model.collectives.map(({ bottleneck, loads }) => [bottleneck, loads.length])).toEqual([
      [model.links.findIndex(({ level }) => level === 1), 1],
      [model.links.findIndex(({ level }) => level === 2), 1],
    ]);
    expect(model.links[1]!.capacity).toBe(25e9);
  });

  test('a claim on memory is a line in the memory view', () => {
    expect(llama405b().memory?.claim).toEqual({ bytes: 76 * 2 ** 30, holds: true });
  });

  test('a plan that is refused still shows its placement, with the reasons at their lines', () => {
    const refused = {
      ...report(planSpec(clos24k(), mesh(MESH_405B))),
      refusals: [{ code: 'x', message: 'No model', cause: { kind: 'axis' as const, key: 'tp' } }],
    };
    const model = buildPanelModel(refused, { uri: URI, plans: ['pretrain'] });
    expect(model.verdict).toBeUndefined();
    expect(model.levels.map(({ name }) => name)).toEqual(['node', 'pod', 'cluster']);
    expect(model.refusals).toEqual([
      { message: 'No model', source: expect.objectContaining({ start: { line: 27, character: 2 } }) },
    ]);
  });

  test('grows with levels and collectives, not with chips', () => {
    const small = JSON.stringify(
      placement(fabric('f', [node(), level('pod', 64, fatTree(2))]), mesh({ tp: 8, dp: 64 })),
    );
    const large = JSON.stringify(
      placement(fabric('f', [node(), level('pod', 131_072, fatTree(2))]), mesh({ tp: 8, dp: 131_072 })),
    );
    expect(large.length).toBeLessThan(small.length + 100);
  });

  test('links of a level with spares lie around whole children', () => {
    const spec = fabric('f', [node(), level('pod', 16, fatTree(2, [1], 4), { spare: 4 })]);
    const { links, levels } = placement(spec, mesh({ tp: 8, dp: 12 }));
    expect(links.find(({ name }) => name === 'leaf to spine')!.span).toBe(4 * levels[1]!.childSpan);
  });

  test('a changed number changes the model, and nothing else does', () => {
    const again = estimate405b();
    const build = () =>
      buildPanelModel(report(planSpec(clos24k(), mesh(MESH_405B)), again), { uri: URI, plans: ['pretrain'] });
    expect(build()).toEqual(llama405b());
    again.step.time = 7;
    expect(build()).not.toEqual(llama405b());
  });
});
