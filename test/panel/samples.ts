/** Fabrics and plans to look at: one of every kind that is drawn. */

import { buildPanelModel } from '../../src/layout/model/build.ts';
import type { PlanModel } from '../../src/layout/model/types.ts';
import {
  clos24k,
  collective,
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
  report,
  URI,
  use,
} from './fixture.ts';

import { topologies } from './topologies.ts';

const GB = 1e9;

/** A rack-scale domain of 72, eight of them; experts over one rack. */
function nvl72(): PlanModel {
  const spec = planSpec(
    fabric('nvl', [
      level(
        'rack',
        72,
        { kind: 'switch', reduce: true },
        { tier: 'scale_up', bandwidth: 900 * GB, media: 'copper', latency: 1e-6 },
      ),
      level('row', 8, { kind: 'switch', reduce: false }),
    ]),
    mesh({ dp: 64 }, { ep: { size: 64, from: ['dp'] } }),
  );
  const time = 9e-6;
  const estimate = estimate405b([
    collective({
      name: 'dispatch',
      what: 'tokens',
      op: 'all_to_all',
      axis: 'ep',
      ranks: 64,
      bytes: 7.34e6,
      count: 58,
      time,
      exposed: 5e-4,
      links: [use('rack', 'chip to switch', 900 * GB, 1, time)],
    }),
  ]);
  estimate.step.exposed = { ep: 0.0005 };
  return buildPanelModel(report(spec, estimate), { uri: URI, plans: ['decode', 'prefill'] });
}

/** Eight chips joined pair by pair, tp 4 owns three of seven links. */
function fullMesh(): PlanModel {
  const spec = planSpec(
    fabric('mi300x', [
      level(
        'box',
        8,
        { kind: 'fully_connected' },
        { tier: 'scale_up', bandwidth: 336 * GB, media: 'copper' },
      ),
      level('cluster', 4, fatTree(1)),
    ]),
    mesh({ tp: 4, dp: 2 }),
  );
  const time = 1e-3;
  const estimate = estimate405b([
    collective({
      name: 'tp_gather',
      what: 'activations',
      op: 'all_gather',
      axis: 'tp',
      ranks: 4,
      bytes: 2e8,
      count: 64,
      time,
      exposed: 0.06,
      links: [use('box', 'chip to chip', 48 * GB, 1, time)],
    }),
  ]);
  return buildPanelModel(report(spec, estimate), { uri: URI, plans: ['pretrain'] });
}

/** The first example with a load beyond what its top tier carries. */
function over(): PlanModel {
  const model = llama405b();
  for (const { loads } of model.collectives) {
    for (const load of loads) if (model.links[load.link]!.name === 'pod uplink') load.load = 8;
  }
  model.claims[1]!.holds = false;
  return model;
}

const stale = (): PlanModel => ({
  ...llama405b(),
  stale: {
    reason: 'a number is missing after “pp:”',
    source: { uri: URI, start: { line: 29, character: 2 }, end: { line: 29, character: 5 } },
  },
});

export const samples: Record<string, () => PlanModel> = {
  ...topologies,
  '405b': llama405b,
  nvl72,
  mesh: fullMesh,
  over,
  stale,
  unpriced: () => placement(clos24k(), mesh(MESH_405B)),
  one: () => placement(fabric('dgx', [node()]), mesh({ tp: 8 })),
  two: () =>
    placement(fabric('h800', [node(), level('cluster', 256, fatTree(2))]), mesh({ dp: 128, pp: 16 })),
  few: () =>
    placement(
      fabric('small', [node(), level('cluster', 16, fatTree(2, [1, 2], 4))]),
      mesh({ tp: 8, pp: 4, dp: 4 }),
    ),
  huge: () =>
    placement(
      fabric('huge', [node(), level('pod', 512, fatTree(2)), level('cluster', 32, fatTree(2, [1, 4]))]),
      mesh({ tp: 8, pp: 16, dp: 1024 }),
    ),
};
