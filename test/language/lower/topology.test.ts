/** Every topology of the language as engine input. */
import { describe, expect, it, test } from 'vitest';
import { createAnalysis } from '../analysis/support.ts';

const CHIP = 'chip c { peak.bf16: 1PFLOP/s  hbm.capacity: 80GiB  hbm.bandwidth: 3TB/s }\n';
const REST = `model m { layers: 8  hidden: 4096  heads: 32  vocab: 32000 }
mesh w on f { dp: 1 }
plan p of m on w { batch.global: 64 }`;

async function levels(...texts: string[]) {
  const body = texts.map(text => `  level ${text}\n`).join('');
  const { report, findings } = await createAnalysis().analyse(`${CHIP}fabric f {\n${body}}\n${REST}`);
  expect(findings.filter(f => f.severity === 'error' && f.code !== 'estimate-refused')).toEqual([]);
  return report.plans[0]!.spec!.fabric.levels;
}
const level = async (count: number, keys: string) => (await levels(`l of ${count} c { ${keys} }`))[0]!;

describe('grids', () => {
  it.each([
    [8, 'ring', { dims: [8], wrap: [true] }],
    [2, 'ring', { dims: [2], wrap: [false] }],
    [8, 'line', { dims: [8], wrap: [false] }],
    [128, 'mesh(8x16)', { dims: [8, 16], wrap: [false, false] }],
    [64, 'torus(4x4x4)', { dims: [4, 4, 4], wrap: [true, true, true] }],
    [16, 'torus(1x2x8)', { dims: [1, 2, 8], wrap: [false, false, true] }],
    [128, 'torus(8x16, wrap: [false, true])', { dims: [8, 16], wrap: [false, true] }],
    [32, 'torus(4x8, wrap: false)', { dims: [4, 8], wrap: [false, false] }],
    [8, 'torus(8)', { dims: [8], wrap: [true] }],
    [128, 'torus(4x4x8, twist: true)', { dims: [4, 4, 8], wrap: [true, true, true], twist: true }],
  ])('%i in %s', async (count, topology, expected) => {
    const { topology: lowered } = await level(count, `topology: ${topology}  link: 50GB/s`);
    expect(lowered).toEqual({ kind: 'torus', twist: false, ...expected });
  });

  test('an optical circuit switch over cubes', async () => {
    const [, pod] = await levels(
      'cube of 64 c { topology: torus(4x4x4)  link: 50GB/s }',
      'pod of 4 cube { topology: ocs(4x8x8, twist: true)  link: 50GB/s  reconfigure: 10ms }',
    );
    expect(pod).toMatchObject({
      topology: { kind: 'ocs', shape: [4, 8, 8], twist: true },
      bandwidth: 6 * 50e9,
      tier: 'scale_up',
      reconfigure: 0.01,
    });
  });

  test('boards', async () => {
    const { topology, bandwidth } = await level(64, 'topology: hamming_mesh(2x2, boards: 4x4)  link: 50GB/s');
    expect(topology).toEqual({ kind: 'hamming_mesh', board: [2, 2], boards: [4, 4] });
    expect(bandwidth).toBe(4 * 50e9); // four ports per accelerator (HammingMesh, SC 2022)
  });
});

describe('routers', () => {
  it.each([
    // Balanced sizes of Kim et al., ISCA 2008: a = 2p = 2h, g = a h + 1.
    [72, 'dragonfly', { groups: 9, routers: 4, hosts: 2, globalLinks: 2 }],
    [1056, 'dragonfly', { groups: 33, routers: 8, hosts: 4, globalLinks: 4 }],
    [1056, 'dragonfly(groups: 33)', { groups: 33, routers: 8, hosts: 4, globalLinks: 4 }],
    [1056, 'dragonfly(hosts: 4)', { groups: 33, routers: 8, hosts: 4, globalLinks: 4 }],
    [1000, 'dragonfly(routers: 8)', { groups: 32, routers: 8, hosts: 4, globalLinks: 4 }],
    [64, 'dragonfly(groups: 4, routers: 8)', { groups: 4, routers: 8, hosts: 2, globalLinks: 2 }],
    [64, 'dragonfly(groups: 32, hosts: 1)', { groups: 32, routers: 2, hosts: 1, globalLinks: 16 }],
    [
      6,
      'dragonfly(groups: 2, routers: 2, hosts: 2, global_links: 1)',
      { groups: 2, routers: 2, hosts: 2, globalLinks: 1 },
    ],
  ])('%i in a %s', async (count, topology, expected) => {
    const { topology: lowered } = await level(count, `topology: ${topology}  bandwidth: 25GB/s`);
    expect(lowered).toEqual({ kind: 'dragonfly', ...expected });
  });

  test('a node has a port for each of its chips, unless it says otherwise', async () => {
    const node = 'node of 8 c { bandwidth: 400GB/s }';
    const [, all] = await levels(node, 'site of 32 node { topology: hyperx(8x8)  link: 25GB/s }');
    expect(all).toMatchObject({ topology: { kind: 'hyperx', dims: [8, 8], hosts: 4 }, bandwidth: 25e9 });
    const [, two] = await levels(node, 'site of 32 node { topology: hyperx(8x8)  link: 25GB/s  ports: 2 }');
    expect(two).toMatchObject({ topology: { hosts: 1 }, bandwidth: 25e9 / 4, ports: 2 });
  });

  test('rails', async () => {
    const node = 'node of 8 c { bandwidth: 400GB/s }';
    const rail = async (text: string) =>
      (await levels(node, `pod of 64 node { topology: ${text}  bandwidth: 50GB/s }`))[1]!.topology;
    expect(await rail('rail')).toEqual({ kind: 'rail', spine: true, oversubscription: 1 });
    expect(await rail('rail(leaf: 32, oversubscription: 2)')).toEqual({
      kind: 'rail',
      leaf: 32,
      spine: true,
      oversubscription: 2,
    });
    expect(await rail('rail(spine: false)')).toMatchObject({ spine: false });
  });

  test('links of a dragonfly have rates of their own', async () => {
    const one = await level(72, 'topology: dragonfly  link: 25GB/s  link.local: 20GB/s  link.global: 10GB/s');
    expect(one).toMatchObject({ link: 25e9, linkLocal: 20e9, linkGlobal: 10e9, bandwidth: 25e9 });
  });
});

describe('explicit links', () => {
  test('pairs, with rates and switches', async () => {
    const one = await level(
      3,
      'topology: graph(links: [[0, 1, 50GB/s], [0, 3], [1, 3], [2, 3]])  link: 25GB/s',
    );
    expect(one.topology).toEqual({
      kind: 'graph',
      links: [
        { a: 0, b: 1, rate: 50e9 },
        { a: 0, b: 3 },
        { a: 1, b: 3 },
        { a: 2, b: 3 },
      ],
    });
    expect(one).toMatchObject({ link: 25e9, bandwidth: 75e9 });
  });

  test('a list behind a name, rates from the bandwidth of a chip', async () => {
    const { report, findings } = await createAnalysis().analyse(
      `let ends = [[0, 1], [1, 2], [2, 3], [3, 0]]\n${CHIP}fabric f { level l of 4 c { topology: graph(links: ends)  bandwidth: 100GB/s } }\n${REST}`,
    );
    expect(findings.filter(f => f.code !== 'estimate-refused' && f.severity === 'error')).toEqual([]);
    expect(report.plans[0]!.spec!.fabric.levels[0]).toMatchObject({
      topology: {
        links: [
          { a: 0, b: 1 },
          { a: 1, b: 2 },
          { a: 2, b: 3 },
          { a: 3, b: 0 },
        ],
      },
      link: 50e9,
    });
  });

  test('with a rate on each link nothing else need be stated', async () => {
    const one = await level(3, 'topology: graph(links: [[0, 1, 50GB/s], [1, 2, 50GB/s]])');
    expect(one.bandwidth).toBe(100e9);
    expect(one.link).toBeUndefined();
  });
});

describe('bandwidth of a chip from its links', () => {
  it.each([
    ['inner children of a line have two', 8, 'line  link: 50GB/s', 100e9],
    ['two places share one link', 8, 'torus(2x2x2)  link: 45GB/s', 135e9],
    ['a mesh', 16, 'mesh(4x4)  link: 50GB/s', 200e9],
    // Trainium2 UltraServer: 2 x 128 + 2 x 128 + 2 x 64.
    ['a rate per dimension', 64, 'torus(4x4x4)  link: [128GB/s, 128GB/s, 64GB/s]', 640e9],
    ['stated ports', 8, 'switch  link: 25GB/s  ports: 18', 450e9],
    ['a single child', 1, 'ring  link: 50GB/s', 50e9],
  ])('%s', async (_, count, topology, bandwidth) => {
    expect((await level(count, `topology: ${topology}`)).bandwidth).toBe(bandwidth);
  });

  test('links of a node are shared by its chips', async () => {
    const [, ring] = await levels(
      'node of 8 c { bandwidth: 1GB/s }',
      'l of 4 node { topology: ring  link: 50GB/s }',
    );
    expect(ring).toMatchObject({ bandwidth: (2 * 50e9) / 8, link: 50e9 });
  });
});

describe('what is broken, and how traffic goes', () => {
  test('links and children, each once; broken children are idle', async () => {
    const one = await level(
      8,
      'topology: fully_connected  link: 50GB/s  failed: [link(3, 2), chip(7), link(2, 3), chip(7)]',
    );
    expect(one.failed).toEqual({ links: [[2, 3]], children: [7] });
    expect(one.spare).toBe(1);
    const spared = await level(8, 'topology: fully_connected  link: 50GB/s  spare: 2  failed: [chip(7)]');
    expect(spared.spare).toBe(2);
    expect((await level(8, 'topology: ring  link: 50GB/s')).failed).toBeUndefined();
  });

  it.each(['minimal', 'ecmp', 'dor', 'valiant', 'adaptive'])('routing: %s', async routing => {
    expect((await level(8, `topology: ring  link: 50GB/s  routing: ${routing}`)).routing).toBe(routing);
  });
});
