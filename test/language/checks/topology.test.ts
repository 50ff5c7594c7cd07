/** Topologies that do not fit their level, and what is offered instead. */
import { describe, expect, it, test } from 'vitest';
import type { DiagnosticCode } from '../../../src/language/codes.ts';
import { analyse, fixed, invalid, textAt } from '../analysis/support.ts';

const CHIP = 'chip c { peak.bf16: 1PFLOP/s  hbm.capacity: 80GiB  hbm.bandwidth: 3TB/s }\n';
const file = (...levels: string[]) => `${CHIP}fabric f {\n${levels.map(l => `  level ${l}\n`).join('')}}\n`;
const one = (count: number, keys: string) => file(`l of ${count} c { ${keys} }`);
const codes = async (text: string) => (await analyse(text)).findings.map(f => f.code);

/** [children, keys, code, text it stands at, what the message says] */
const WRONG: [number, string, DiagnosticCode, string, RegExp][] = [
  [
    72,
    'topology: dragonfly  link: 1GB/s  failed: [link(72, 76)]',
    'failed-unknown',
    'failed: [link(72, 76)]',
    /no link between 72 and 76: the children of a l are 0 to 71, its switches follow/,
  ],
  [
    72,
    'topology: dragonfly  link: 1GB/s  failed: [link(2, 73)]',
    'failed-disconnects',
    'failed: [link(2, 73)]',
    /do not reach each other/,
  ],
  [
    64,
    'topology: rail(leaf: 32)  link: 1GB/s  failed: [link(0, 65)]',
    'failed-unknown',
    'failed: [link(0, 65)]',
    /no link between 0 and 65/,
  ],
  [
    64,
    'topology: torus(4x4x8)  link: 1GB/s',
    'topology-shape',
    '4x4x8',
    /= 128 places, but a l has 64 children\. torus\(2x4x8\) has 64/,
  ],
  [7, 'topology: mesh(3x3)  link: 1GB/s', 'topology-shape', '3x3', /9 places/],
  [
    16,
    'topology: torus(4x4, wrap: [true])  link: 1GB/s',
    'topology-shape',
    '[true]',
    /one entry for 2 dimensions: .*\[true, true\]/,
  ],
  [
    16,
    'topology: torus(4x4, wrap: [true, true, false])  link: 1GB/s',
    'topology-shape',
    '[true, true, false]',
    /3 entries for 2/,
  ],
  [
    16,
    'topology: torus(4x4)  link: [1GB/s, 2GB/s, 3GB/s]',
    'topology-shape',
    '[1GB/s, 2GB/s, 3GB/s]',
    /3 entries for 2 dimensions/,
  ],
  [
    8,
    'topology: switch  link: [1GB/s, 2GB/s]',
    'topology-shape',
    '[1GB/s, 2GB/s]',
    /this topology takes one rate/,
  ],
  [
    64,
    'topology: hamming_mesh(2x2, boards: 4x5)  link: 1GB/s',
    'topology-shape',
    '4x5',
    /80 places, .* Boards 4x4 have 64/,
  ],
  [
    64,
    'topology: hamming_mesh(2x2, boards: 16)  link: 1GB/s',
    'topology-shape',
    '16',
    /2 dimensions .* have 1/,
  ],
  [
    64,
    'topology: torus(4x4x4, twist: true)  link: 1GB/s',
    'topology-twist',
    'true',
    /4x4x4 cannot be twisted: .* nearest is/,
  ],
  [
    128,
    'topology: torus(4x4x8, wrap: [true, true, false], twist: true)  link: 1GB/s',
    'topology-twist',
    'true',
    /every dimension must close/,
  ],
  [
    64,
    'topology: ocs(shape: 4x4x4)  link: 1GB/s',
    'topology-ocs',
    '4x4x4',
    /not chips\. Write `torus\(4x4x4\)`/,
  ],
  [
    9,
    'topology: dragonfly(groups: 2, routers: 2, hosts: 2)  link: 1GB/s',
    'topology-ports',
    '2',
    /9 children of a l have 9 ports, .* take 8\. With 3 groups, or 3 hosts/,
  ],
  [
    12,
    'topology: dragonfly(groups: 6, routers: 2, hosts: 1, global_links: 2)  link: 1GB/s',
    'topology-ports',
    '2',
    /2 × 2 = 4 links to other groups, and there are 5 others: .* 3 global links/,
  ],
  [17, 'topology: hyperx(4x4, hosts: 1)  link: 1GB/s', 'topology-ports', '1', /take 16\. With 2 hosts/],
  [
    8,
    'topology: rail(leaf: 4, spine: false)  link: 1GB/s',
    'topology-disconnected',
    '4',
    /children 0 and 4 cannot reach/,
  ],
  [
    4,
    'topology: graph(links: [[0, 1], [2, 3]])  link: 1GB/s',
    'topology-disconnected',
    '[[0, 1], [2, 3]]',
    /from child 0 to child 2: the links fall into separate parts/,
  ],
  [
    3,
    'topology: graph(links: [[0, 1]])  link: 1GB/s',
    'topology-disconnected',
    '[[0, 1]]',
    /child 2 has no link/,
  ],
  [2, 'topology: graph(links: [[0, 1], [1, 1]])  link: 1GB/s', 'graph-link', '[1, 1]', /from 1 to itself/],
  [2, 'topology: graph(links: [[0, 1], [1, 0]])  link: 1GB/s', 'graph-link', '[1, 0]', /linked already/],
  [
    2,
    'topology: graph(links: [[0, 1], [1, 5], [0, 5]])  link: 1GB/s',
    'graph-link',
    '[1, 5]',
    /no vertex 5: the 2 children of a l are 0 to 1, .* from 2 on/,
  ],
  [
    2,
    'topology: graph(links: [[0, 1, 2]])  link: 1GB/s',
    'graph-link',
    '[0, 1, 2]',
    /two vertices and, if need be, a rate/,
  ],
  [2, 'topology: graph(links: [[0, 50GB/s]])  link: 1GB/s', 'graph-link', '[0, 50GB/s]', /two vertices/],
  [2, 'topology: graph(links: [[0]])  link: 1GB/s', 'graph-link', '[0]', /two vertices/],
  [
    3,
    'topology: graph(links: [[1, 2], [2, 3]])  link: 1GB/s',
    'graph-switch',
    '[2, 3]',
    /numbered from 1\? They begin with 0/,
  ],
  [
    8,
    'topology: switch  link: 1GB/s  failed: [link(0, 1)]',
    'failed-unknown',
    'link(0, 1)',
    /Lower 'bandwidth' or 'uplink'/,
  ],
  [
    8,
    'topology: ring  link: 1GB/s  failed: [link(0, 2)]',
    'failed-unknown',
    'link(0, 2)',
    /0 has links to 1, 7/,
  ],
  [
    8,
    'topology: line  link: 1GB/s  failed: [link(0, 7)]',
    'failed-unknown',
    'link(0, 7)',
    /0 has links to 1\./,
  ],
  [
    8,
    'topology: ring  link: 1GB/s  failed: [chip(8)]',
    'failed-unknown',
    'chip(8)',
    /no child 8: those of a l are 0 to 7/,
  ],
  [8, 'topology: ring  link: 1GB/s  failed: [link(7, 8)]', 'failed-unknown', 'link(7, 8)', /no vertex 8/],
  [
    128,
    'topology: torus(4x4x8, twist: true)  link: 1GB/s  failed: [link(0, 3)]',
    'failed-unknown',
    'link(0, 3)',
    /0 has links to 1, 4, 16, 67, 76, 112/,
  ],
  [
    72,
    'topology: dragonfly  link: 1GB/s  failed: [link(0, 1)]',
    'failed-unknown',
    'link(0, 1)',
    /from 72 on/,
  ],
  [
    72,
    'topology: dragonfly  link: 1GB/s  failed: [link(2, 72)]',
    'failed-unknown',
    'link(2, 72)',
    /router 73 \(router 1 of group 0\)/,
  ],
  [
    16,
    'topology: hyperx(4x4)  link: 1GB/s  failed: [link(16, 21)]',
    'failed-unknown',
    'link(16, 21)',
    /differ in 2 dimensions/,
  ],
  [
    16,
    'topology: hamming_mesh(2x2, boards: 2x2)  link: 1GB/s  failed: [link(1, 4)]',
    'failed-unknown',
    'link(1, 4)',
    /board 0 has the children 0 to 3/,
  ],
  [
    8,
    'topology: ring  link: 1GB/s  failed: [link(0, 1), link(4, 5)]',
    'failed-disconnects',
    'failed: [link(0, 1), link(4, 5)]',
    /from child 0 to child 1 and 3 more/,
  ],
  [
    3,
    'topology: fully_connected  link: 1GB/s  failed: [link(0, 1), link(0, 2)]',
    'failed-disconnects',
    'failed: [link(0, 1), link(0, 2)]',
    /from child 0 to child 1/,
  ],
];

describe('an error at its place, that says what to write', () => {
  it.each(WRONG)('%i: %s', async (count, keys, code, at, message) => {
    const { findings, text } = await analyse(one(count, keys));
    const found = findings.filter(f => f.code === code);
    expect(
      found.map(f => [textAt(text, f), f.message]),
      JSON.stringify(findings),
    ).toContainEqual([at, expect.stringMatching(message)]);
  });

  it.each([
    [8, 'topology: ring  link: 1GB/s  failed: [link(0, 1)]'],
    [8, 'topology: ring  link: 1GB/s  failed: [chip(3)]'],
    [128, 'topology: torus(4x4x8, twist: true)  link: 1GB/s  failed: [link(0, 67)]'],
    [256, 'topology: torus(4x8x8, twist: true)  link: 1GB/s  failed: [link(0, 147)]'],
    [72, 'topology: dragonfly  link: 1GB/s  failed: [link(72, 75), link(72, 79)]'],
    [64, 'topology: rail(leaf: 32)  link: 1GB/s  failed: [chip(0)]'],
    [16, 'topology: hyperx(4x4)  link: 1GB/s  failed: [link(16, 19), link(16, 28)]'],
    [16, 'topology: hamming_mesh(2x2, boards: 2x2)  link: 1GB/s  failed: [link(4, 5)]'],
    [8, 'topology: fully_connected  link: 1GB/s  failed: [link(2, 5), chip(0)]'],
    [8, 'topology: switch  link: 1GB/s  failed: [chip(0)]'],
    [3, 'topology: graph(links: [[0, 3], [1, 3], [2, 3], [0, 1]])  link: 1GB/s  failed: [link(0, 3)]'],
    [200_000, 'topology: torus(400x500)  link: 1GB/s  failed: [chip(7), link(0, 1)]'],
    [1024, 'topology: rail(leaf: 4)  link: 1GB/s'],
  ])('%i: %s is right', async (count, keys) => {
    expect(await codes(one(count, keys))).toEqual([]);
  });
});

describe('cubes of an optical circuit switch', () => {
  const cube = 'cube of 64 c { topology: torus(4x4x4)  link: 50GB/s }';
  it.each([
    [
      cube,
      'pod of 8 cube { topology: ocs(shape: 8x8x6)  link: 1GB/s }',
      /8x8x6 is not made of whole 4x4x4 cubes\. 8x8x8 is/,
    ],
    [
      cube,
      'pod of 8 cube { topology: ocs(shape: 8x8x4)  link: 1GB/s }',
      /= 256 chips in 4 cubes, but a pod has 8 cubes of 64: 512 chips/,
    ],
    [
      cube,
      'pod of 4 cube { topology: ocs(shape: 16x16)  link: 1GB/s }',
      /3 dimensions \(4x4x4\), the shape has 2/,
    ],
    [
      'cube of 64 c { bandwidth: 1GB/s }',
      'pod of 8 cube { topology: ocs(shape: 8x8x8)  link: 1GB/s }',
      /a cube, which is no torus/,
    ],
  ])('%s, %s', async (below, pod, message) => {
    const { findings } = await analyse(file(below, pod));
    expect(findings.map(f => f.code)).toEqual(['topology-ocs']);
    expect(findings[0]!.message).toMatch(message);
  });

  test('broken circuits are left out by the shape', async () => {
    const { findings } = await analyse(
      file(cube, 'pod of 8 cube { topology: ocs(shape: 8x8x8)  link: 1GB/s  failed: [chip(3)] }'),
    );
    expect(findings.map(f => [f.code, f.message])).toEqual([
      ['failed-unknown', expect.stringContaining("'failed' in the level below")],
    ]);
  });
});

describe('fixes', () => {
  test.each([
    ['torus(4x4x8)', 64, 'topology-shape', 'torus(2x4x8)'],
    ['torus(4x16, wrap: [false])', 64, 'topology-shape', 'wrap: [false, true]'],
    ['torus(4x4x4, twist: true)', 64, 'topology-twist', 'twist: false'],
    ['hamming_mesh(2x2, boards: 8x4)', 64, 'topology-shape', 'boards: 4x4'],
  ] as const)('%s of %i', async (topology, count, code, expected) => {
    const result = await analyse(one(count, `topology: ${topology}  link: 1GB/s`));
    const after = fixed(result, code);
    expect(after).toContain(expected);
    expect(await codes(after)).toEqual([]);
  });

  test('the count may follow the shape', async () => {
    const { findings } = await analyse(one(64, 'topology: torus(4x4x8)  link: 1GB/s'));
    expect(findings[0]!.fixes!.map(f => f.title)).toEqual(["Change to '2x4x8'", 'Set the count to 128']);
  });
});

test('rates', async () => {
  await invalid(
    'key-missing',
  )`${CHIP}fabric f { level «node» of 3 c { topology: graph(links: [[0, 1], [1, 2]]) } }`;
  await invalid('value-range')`${CHIP}fabric f { level node of 8 c { topology: ring  link: «0GB/s» } }`;
  const { findings } = await analyse(one(8, 'topology: ring  link: 1GB/s  link.global: 1GB/s'));
  expect(findings.map(f => f.code)).toEqual(['key-without-effect']);
});

test('links of a HammingMesh on a board and to a line switch have rates of their own', async () => {
  const rates = 'link: 1GB/s  link.local: 2GB/s  link.global: 3GB/s';
  const mesh = await analyse(one(64, `topology: hamming_mesh(2x2, boards: 4x4)  ${rates}`));
  expect(mesh.findings).toEqual([]);
  expect(await codes(one(64, `topology: torus(8x8)  ${rates}`))).toEqual([
    'key-without-effect',
    'key-without-effect',
  ]);
});

describe('a routing that has nothing to choose says what it would need', () => {
  const node = 'node of 8 c { topology: switch  bandwidth: 400GB/s  tier: scale_up }';
  const above = (keys: string): string =>
    file(node, `l of 64 node { bandwidth: 50GB/s  tier: scale_out  ${keys} }`);

  test.each([
    ['ecmp', one(8, 'topology: switch  bandwidth: 1GB/s  routing: ecmp'), /one link each .* or a fat_tree/],
    ['adaptive', above('topology: switch  routing: adaptive'), /one link each/],
    [
      'valiant',
      one(8, 'topology: fully_connected  bandwidth: 1GB/s  routing: valiant'),
      /own link to every other/,
    ],
    ['ecmp', above('topology: rail(leaf: 32)  routing: ecmp'), /keeps to its rail/],
    ['dor', above('topology: fat_tree(tiers: 2)  routing: dor'), /no dimensions/],
    ['dor', one(72, 'topology: dragonfly  link: 1GB/s  routing: dor'), /no dimensions/],
    ['dor', one(128, 'topology: torus(4x4x8, twist: true)  link: 1GB/s  routing: dor'), /without twist/],
  ])('%s: %s', async (word, text, message) => {
    const { findings } = await analyse(text);
    expect(findings.map(f => f.code)).toEqual(['key-without-effect']);
    expect(textAt(text, findings[0]!)).toBe(`routing: ${word}`);
    expect(findings[0]!.message).toMatch(message);
  });

  test.each([
    above('topology: fat_tree(tiers: 2)  routing: ecmp'),
    above('topology: switch  uplink: 100GB/s  routing: adaptive'),
    one(8, 'topology: switch  bandwidth: 1GB/s  routing: minimal'),
    one(8, 'topology: fully_connected  bandwidth: 1GB/s  routing: valiant  failed: [link(0, 1)]'),
    one(64, 'topology: torus(8x8)  link: 1GB/s  routing: dor'),
    one(64, 'topology: torus(8x8)  link: 1GB/s  routing: valiant'),
    one(72, 'topology: dragonfly  link: 1GB/s  routing: adaptive'),
  ])('nothing is said of %s', async text => {
    expect(await codes(text)).toEqual([]);
  });
});

test('a shape that no longer fits leaves the plan with the one before', async () => {
  const { createAnalysis } = await import('../analysis/support.ts');
  const text = (count: number) => `${one(count, 'topology: torus(4x4)  link: 1GB/s')}
model m { layers: 8  hidden: 4096  heads: 32  vocab: 32000 }
mesh w on f { dp: 16 }
plan p of m on w { batch.global: 64 }`;
  const { analyse: again } = createAnalysis();
  await again(text(16), '/plans/a.shard');
  const { report } = await again(text(160), '/plans/a.shard');
  expect(report.plans[0]!.spec!.fabric.levels[0]!.count).toBe(16);
});
