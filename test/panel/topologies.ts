/** One plan on every kind of fabric whose links are no tree, with loads written by hand. */
import type { FabricSpec, LevelSpec, Topology } from '../../src/engine/fabric/spec.ts';
import type { CollectiveOp, MeshSpec } from '../../src/engine/plan/spec.ts';
import { buildPanelModel } from '../../src/layout/model/build.ts';
import type { AxisDigit, PanelLink, PlanModel } from '../../src/layout/model/types.ts';
import {
  collective,
  estimate405b,
  fabric,
  fatTree,
  level,
  mesh,
  node,
  placement,
  planSpec,
  report,
  URI,
  use,
} from './fixture.ts';

const GB = 1e9;

/** A level of chips wired to each other. */
export const wired = (
  name: string,
  count: number,
  topology: Topology,
  rest: Partial<LevelSpec> = {},
): LevelSpec =>
  level(name, count, topology, {
    tier: 'scale_up',
    bandwidth: 200 * GB,
    media: 'copper',
    latency: 1e-6,
    ...rest,
  });

export const torus = (dims: number[], wrap = dims.map(side => side > 2), twist = false): Topology => ({
  kind: 'torus',
  dims,
  wrap,
  twist,
});

interface Sent {
  axis: string;
  ranks: number;
  op?: CollectiveOp;
  /** Loads by level and class. */
  loads: [level: string, link: string, load: number][];
}

/**
 * A plan whose network is described by hand.
 *
 * @param classes of the levels without a tree: level, name, bytes/s of one link.
 */
export function wiredPlan(
  spec: FabricSpec,
  meshSpec: MeshSpec,
  classes: [level: string, name: string, capacity: number][],
  sent: Sent[] = [],
): PlanModel {
  const time = 1e-3;
  const rate = (of: string, name: string): number =>
    classes.find(([level, link]) => level === of && link === name)?.[2] ?? 50 * GB;
  const estimate = estimate405b(
    sent.map(({ axis, ranks, op, loads }, index) =>
      collective({
        name: `${axis}_${index}`,
        what: 'activations',
        op: op ?? 'all_gather',
        axis,
        ranks,
        bytes: 2e8,
        count: 64,
        time,
        exposed: 0.06 / (index + 1),
        links: loads.map(([of, name, load]) => use(of, name, rate(of, name), load, time)),
      }),
    ),
  );
  const model =
    sent.length > 0
      ? buildPanelModel(report(planSpec(spec, meshSpec), estimate), { uri: URI, plans: ['pretrain'] })
      : placement(spec, meshSpec);
  const links: PanelLink[] = classes.map(([of, name, capacity]) => ({
    kind: 'direct',
    level: model.levels.findIndex(candidate => candidate.name === of),
    name,
    span: 0,
    capacity,
    step: { bytes: 0, load: 0 },
  }));
  // Trees above or below keep what the engine says of them.
  const own = new Set(classes.map(([of]) => of));
  const trees = model.links.filter(link => !own.has(model.levels[link.level]!.name));
  const all = [...links, ...trees];
  for (const [index, entry] of model.collectives.entries()) {
    entry.loads = sent[index]!.loads.map(([of, name, load]) => {
      const link = all.findIndex(({ level, name: own }) => own === name && model.levels[level]!.name === of);
      return { link, bytes: load * all[link]!.capacity * time, load, flows: 1 };
    });
    entry.bottleneck = entry.loads.reduce((a, b) => (b.load > a.load ? b : a)).link;
  }
  model.links = all;
  return model;
}

/** Places axes of a plan on dimensions, which the order of a mesh does not say. */
function placed(model: PlanModel, digits: Record<string, AxisDigit[]>): PlanModel {
  for (const axis of model.axes) axis.digits = digits[axis.name] ?? axis.digits;
  return model;
}

const v4 = (): FabricSpec =>
  fabric('v4', [
    wired('cube', 64, torus([4, 4, 4], [false, false, false]), { bandwidth: 270 * GB }),
    wired(
      'pod',
      48,
      { kind: 'ocs', shape: [12, 16, 16], twist: false },
      { bandwidth: 270 * GB, media: 'ocs' },
    ),
    level('dcn', 2, { kind: 'switch', reduce: false }, { bandwidth: 3 * GB, latency: 30e-6 }),
  ]);

/** 12 x 16 x 16, tensor parallelism on the x rings. */
function opticalTorus(): PlanModel {
  const model = wiredPlan(
    v4(),
    mesh({ tp: 12, fsdp: 256, dp: 2 }),
    ['x', 'y', 'z'].flatMap((dim): [string, string, number][] => [
      ['cube', `${dim} link`, 45 * GB],
      ['pod', `optical ${dim} link`, 45 * GB],
    ]),
    [
      {
        axis: 'tp',
        ranks: 12,
        loads: [
          ['cube', 'x link', 1],
          ['pod', 'optical x link', 1],
        ],
      },
      {
        axis: 'fsdp',
        ranks: 256,
        loads: [
          ['cube', 'y link', 0.8],
          ['pod', 'optical y link', 0.8],
          ['cube', 'z link', 0.8],
          ['pod', 'optical z link', 0.8],
        ],
      },
    ],
  );
  return placed(model, {
    tp: [
      { stride: 1, size: 4, factor: 1 },
      { stride: 64, size: 3, factor: 4 },
    ],
    fsdp: [
      { stride: 4, size: 4, factor: 1 },
      { stride: 192, size: 4, factor: 4 },
      { stride: 16, size: 4, factor: 16 },
      { stride: 768, size: 4, factor: 64 },
    ],
  });
}

const xyz = (of: string, rate: number, dims = 'xyz'): [string, string, number][] =>
  [...dims].map(dim => [of, `${dim} link`, rate * GB]);

/** DGX-1: two quads of GPUs, every GPU linked to its quad and to its twin. */
export const CUBE_MESH: [number, number][] = [
  ...[0, 4].flatMap((quad): [number, number][] =>
    [
      [0, 1],
      [0, 2],
      [0, 3],
      [1, 2],
      [1, 3],
      [2, 3],
    ].map(([a, b]) => [a! + quad, b! + quad]),
  ),
  [0, 4],
  [1, 5],
  [2, 6],
  [3, 7],
];

const links = (ends: [number, number][]): { a: number; b: number }[] => ends.map(([a, b]) => ({ a, b }));

export const topologies: Record<string, () => PlanModel> = {
  torus2: () =>
    wiredPlan(
      fabric('v5e', [wired('slice', 256, torus([16, 16]))]),
      mesh({ tp: 16, dp: 16 }),
      xyz('slice', 45, 'xy'),
      [
        { axis: 'tp', ranks: 16, loads: [['slice', 'x link', 0.93]] },
        { axis: 'dp', ranks: 16, loads: [['slice', 'y link', 0.4]] },
      ],
    ),
  torus3: () =>
    wiredPlan(
      fabric('v5p', [wired('slice', 4096, torus([16, 16, 16]))]),
      mesh({ tp: 16, dp: 256 }),
      xyz('slice', 90),
      [
        { axis: 'tp', ranks: 16, loads: [['slice', 'x link', 0.93]] },
        {
          axis: 'dp',
          ranks: 256,
          loads: [
            ['slice', 'y link', 0.6],
            ['slice', 'z link', 0.6],
          ],
        },
      ],
    ),
  cube: () =>
    wiredPlan(
      fabric('trn2', [wired('server', 64, torus([4, 4, 4])), level('cluster', 8, fatTree(1))]),
      mesh({ tp: 16, dp: 32 }),
      xyz('server', 64),
      [
        {
          axis: 'tp',
          ranks: 16,
          loads: [
            ['server', 'x link', 0.9],
            ['server', 'y link', 0.9],
          ],
        },
      ],
    ),
  twisted: () =>
    wiredPlan(
      fabric('v4', [wired('slice', 128, torus([4, 4, 8], [true, true, true], true))]),
      mesh({ dp: 128 }),
      xyz('slice', 45),
    ),
  mesh2: () =>
    wiredPlan(
      fabric('wafer', [
        wired('board', 40, torus([8, 5], [false, false]), {
          failed: {
            links: [
              [9, 10],
              [3, 11],
            ],
            children: [20],
          },
        }),
      ]),
      mesh({ tp: 8, dp: 5 }),
      xyz('board', 45, 'xy'),
      [{ axis: 'tp', ranks: 8, loads: [['board', 'x link', 1]] }],
    ),
  huge3: () =>
    wiredPlan(
      fabric('dojo', [wired('pod', 131_072, torus([32, 64, 64]))]),
      mesh({ tp: 32, dp: 4096 }),
      xyz('pod', 45),
    ),
  ring: () =>
    wiredPlan(
      fabric('ring', [wired('box', 8, torus([8])), level('cluster', 4, fatTree(1))]),
      mesh({ tp: 8, dp: 4 }),
      [['box', 'x link', 100 * GB]],
      [{ axis: 'tp', ranks: 8, loads: [['box', 'x link', 0.95]] }],
    ),
  longring: () =>
    wiredPlan(
      fabric('ring', [wired('loop', 100, torus([100]))]),
      mesh({ dp: 100 }),
      [['loop', 'x link', 100 * GB]],
      [{ axis: 'dp', ranks: 100, loads: [['loop', 'x link', 0.95]] }],
    ),
  line: () =>
    wiredPlan(fabric('line', [wired('tray', 6, torus([6], [false]))]), mesh({ tp: 6 }), [
      ['tray', 'x link', 100 * GB],
    ]),
  ocs: opticalTorus,
  dragonfly: () => {
    const model = wiredPlan(
      fabric('dragonfly', [
        wired(
          'system',
          72,
          { kind: 'dragonfly', groups: 9, routers: 4, hosts: 2, globalLinks: 1 },
          { media: 'optics', bandwidth: 25 * GB },
        ),
      ]),
      mesh({ tp: 8, dp: 9 }),
      [
        ['system', 'port', 25 * GB],
        ['system', 'local link', 25 * GB],
        ['system', 'global link', 25 * GB],
      ],
      [
        {
          axis: 'dp',
          ranks: 9,
          op: 'all_reduce',
          loads: [
            ['system', 'port', 1],
            ['system', 'local link', 2],
            ['system', 'global link', 8],
          ],
        },
      ],
    );
    return model;
  },
  slingshot: () =>
    wiredPlan(
      fabric('slingshot', [
        wired('node', 8, torus([4, 2], [false, false])),
        level(
          'system',
          9_472,
          { kind: 'dragonfly', groups: 74, routers: 32, hosts: 16, globalLinks: 1 },
          { ports: 4 },
        ),
      ]),
      mesh({ tp: 8, dp: 9_472 }),
      [
        ...xyz('node', 50, 'xy'),
        ['system', 'port', 25 * GB],
        ['system', 'local link', 25 * GB],
        ['system', 'global link', 25 * GB],
      ],
      [
        {
          axis: 'dp',
          ranks: 9_472,
          op: 'all_reduce',
          loads: [
            ['system', 'port', 0.7],
            ['system', 'local link', 0.5],
            ['system', 'global link', 0.85],
          ],
        },
      ],
    ),
  chips9k: () =>
    wiredPlan(
      fabric('flat', [
        level('system', 9_216, { kind: 'dragonfly', groups: 72, routers: 16, hosts: 8, globalLinks: 1 }),
      ]),
      mesh({ tp: 8, dp: 1152 }),
      [
        ['system', 'port', 25 * GB],
        ['system', 'local link', 25 * GB],
        ['system', 'global link', 25 * GB],
      ],
      [{ axis: 'tp', ranks: 8, loads: [['system', 'port', 1]] }],
    ),
  hyperx: () =>
    wiredPlan(
      fabric('hyperx', [wired('system', 64, { kind: 'hyperx', dims: [4, 4], hosts: 4 })]),
      mesh({ tp: 4, dp: 16 }),
      [['system', 'port', 50 * GB], ...xyz('system', 50, 'xy')],
      [
        {
          axis: 'dp',
          ranks: 16,
          loads: [
            ['system', 'port', 1],
            ['system', 'x link', 0.5],
            ['system', 'y link', 0.5],
          ],
        },
      ],
    ),
  hyperx8: () =>
    wiredPlan(
      fabric('hyperx', [wired('system', 512, { kind: 'hyperx', dims: [8, 8], hosts: 8 })]),
      mesh({ tp: 8, dp: 64 }),
      [['system', 'port', 50 * GB], ...xyz('system', 50, 'xy')],
    ),
  hamming: () =>
    wiredPlan(
      fabric('hx2', [wired('system', 64, { kind: 'hamming_mesh', board: [2, 2], boards: [4, 4] })]),
      mesh({ tp: 4, dp: 16 }),
      [
        ['system', 'board link', 50 * GB],
        ['system', 'link to line switch', 50 * GB],
      ],
      [
        { axis: 'tp', ranks: 4, loads: [['system', 'board link', 0.9]] },
        { axis: 'dp', ranks: 16, loads: [['system', 'link to line switch', 0.7]] },
      ],
    ),
  rail: () =>
    wiredPlan(
      fabric('rails', [
        node(),
        level('pod', 16, { kind: 'rail', spine: true, oversubscription: 2, leaf: 8 }),
      ]),
      mesh({ tp: 8, dp: 16 }),
      [
        ['pod', 'port', 50 * GB],
        ['pod', 'rail switch to spine', 200 * GB],
      ],
      [
        {
          axis: 'dp',
          ranks: 16,
          loads: [
            ['pod', 'port', 1],
            ['pod', 'rail switch to spine', 0.5],
          ],
        },
      ],
    ),
  railonly: () =>
    wiredPlan(
      fabric('rails', [
        node(),
        level('pod', 256, { kind: 'rail', spine: false, oversubscription: 1, leaf: 128 }),
      ]),
      mesh({ tp: 8, dp: 256 }),
      [['pod', 'port', 50 * GB]],
      [{ axis: 'dp', ranks: 256, loads: [['pod', 'port', 1]] }],
    ),
  cubemesh: () =>
    wiredPlan(
      fabric('dgx1', [
        wired('box', 8, { kind: 'graph', links: links(CUBE_MESH) }),
        level('cluster', 4, fatTree(1)),
      ]),
      mesh({ tp: 8, dp: 4 }),
      [['box', 'link', 25 * GB]],
      [{ axis: 'tp', ranks: 8, loads: [['box', 'link', 0.9]] }],
    ),
  graphswitch: () =>
    wiredPlan(
      fabric('odd', [
        wired(
          'box',
          6,
          {
            kind: 'graph',
            links: links([
              [0, 6],
              [1, 6],
              [2, 6],
              [3, 7],
              [4, 7],
              [5, 8],
              [6, 7],
              [7, 8],
              [6, 8],
              [2, 3],
            ]),
          },
          { failed: { links: [[6, 8]], children: [4] } },
        ),
      ]),
      mesh({ tp: 6 }),
      [['box', 'link', 25 * GB]],
    ),
  crowd: () =>
    wiredPlan(
      fabric('crowd', [
        wired('box', 1056, {
          kind: 'graph',
          links: links(
            Array.from(
              { length: 1056 },
              (_, chip) => [chip, 1056 + Math.floor(chip / 4)] as [number, number],
            ),
          ),
        }),
      ]),
      mesh({ dp: 1056 }),
      [['box', 'link', 25 * GB]],
    ),
  nested: () =>
    wiredPlan(
      fabric('nested', [
        wired('board', 16, torus([4, 4], [false, false])),
        level(
          'group',
          16,
          { kind: 'dragonfly', groups: 4, routers: 2, hosts: 2, globalLinks: 2 },
          { ports: 1 },
        ),
        level('hall', 8, torus([4, 2], [true, false])),
      ]),
      mesh({ tp: 16, pp: 16, dp: 8 }),
      [
        ...xyz('board', 45, 'xy'),
        ['group', 'port', 25 * GB],
        ['group', 'local link', 25 * GB],
        ['group', 'global link', 25 * GB],
        ...xyz('hall', 100, 'xy'),
      ],
      [
        {
          axis: 'pp',
          ranks: 16,
          op: 'send_recv',
          loads: [
            ['group', 'port', 0.5],
            ['group', 'local link', 0.3],
            ['group', 'global link', 0.4],
          ],
        },
      ],
    ),
};
