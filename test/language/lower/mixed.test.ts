/** Levels of unlike parts: a variant of the fabric for each kind. */
import { expect, it, test } from 'vitest';
import { chipsOf } from '../../../src/language/lower/fabric.ts';
import { createAnalysis } from '../analysis/support.ts';

const CHIPS = `chip c { peak.bf16: 1PFLOP/s  hbm.capacity: 80GiB  hbm.bandwidth: 3TB/s }
chip d { peak.bf16: 2PFLOP/s  hbm.capacity: 80GiB  hbm.bandwidth: 3TB/s }
`;
const plan = (ranks: number) => `model m { layers: 8  hidden: 4096  heads: 32  vocab: 32000 }
mesh w on f { dp: ${ranks} }
plan p of m on w { batch.global: ${ranks} }`;

async function analysed(levels: string[], ranks: number) {
  const body = levels.map(level => `  level ${level}\n`).join('');
  const text = `${CHIPS}fabric f {\n${body}}\n${plan(ranks)}`;
  const { report, findings } = await createAnalysis().analyse(text);
  const of = (code: string) => findings.filter(f => f.code === code);
  return { spec: report.plans[0]!.spec?.fabric, findings, of, lines: text.split('\n') };
}
const shape = (levels: { name: string; count: number; spare: number }[]) =>
  levels.map(({ name, count, spare }) => `${name} ${count}${spare ? ` - ${spare}` : ''}`).join(', ');

const SITES = [
  'node of 8 c { bandwidth: 400GB/s }',
  'rack of 72 d { bandwidth: 900GB/s }',
  'site_a of 32 node { bandwidth: 50GB/s }',
];

test('one chain for each kind, the mixed level above with all parts', async () => {
  const { spec, findings } = await analysed(
    [
      'node of 8 c { bandwidth: 400GB/s }',
      'site_a of 32 node { bandwidth: 50GB/s }',
      'site_b of 256 d { bandwidth: 100GB/s }',
      'wan of 2 site_a + 1 site_b { uplink: 1TB/s }',
      'world of 2 wan { bandwidth: 1GB/s }',
    ],
    1536,
  );
  expect(findings.filter(f => f.severity === 'error')).toEqual([]);
  expect(findings.filter(f => f.code === 'level-mixed')).toEqual([]);
  expect(spec!.variants!.map(v => [v.chip.name, shape(v.levels), chipsOf(v)])).toEqual([
    ['c', 'node 8, site_a 32, wan 3, world 2', 1536],
    ['d', 'site_b 256, wan 3, world 2', 1536],
  ]);
  expect(spec!.levels).toEqual(spec!.variants![0]!.levels);
});

test('the larger part is used as far as the smaller one reaches, in whole children', async () => {
  const { spec, of } = await analysed(
    [...SITES, 'site_b of 8 rack { bandwidth: 100GB/s }', 'wan of 1 site_a + 1 site_b { bandwidth: 10GB/s }'],
    2 * 216,
  );
  // 256 chips and 576 chips: 216 is the largest multiple of a node of 8 and of a rack of 72 that both have.
  expect(spec!.variants!.map(v => [shape(v.levels), chipsOf(v)])).toEqual([
    ['node 8, site_a 32 - 5, wan 2', 432],
    ['rack 72, site_b 8 - 5, wan 2', 432],
  ]);
  expect(of('level-mixed').map(f => f.message)).toEqual([
    'Ranks are spread evenly over the parts: of the 256 chips of a site_a 216 are used.',
    'Ranks are spread evenly over the parts: of the 576 chips of a site_b 216 are used.',
  ]);
  expect(of('mesh-product')).toEqual([]);
});

test('unlike chips in one node', async () => {
  const { spec } = await analysed(['node of 4 c + 4 d { bandwidth: 400GB/s }'], 8);
  expect(spec!.variants!.map(v => [v.chip.name, shape(v.levels)])).toEqual([
    ['c', 'node 8'],
    ['d', 'node 8'],
  ]);
});

test('parts of one kind are no mixture', async () => {
  const { spec } = await analysed(
    ['node of 8 c { bandwidth: 1GB/s }', 'top of 1 node + 2 node { bandwidth: 1GB/s }'],
    24,
  );
  expect(spec!.variants).toBeUndefined();
  expect(shape(spec!.levels)).toBe('node 8, top 3');
});

it.each([
  [
    'a torus in part',
    [
      'a of 8 c { bandwidth: 1GB/s }',
      'b of 16 d { topology: torus(4x4)  link: 1GB/s }',
      'top of 1 a + 1 b { bandwidth: 1GB/s }',
    ],
    /a 8, b 16\), and the children of b are linked to each other/,
  ],
  [
    'a mixture in a mixture',
    [
      'a of 8 c { bandwidth: 1GB/s }',
      'b of 8 d { bandwidth: 1GB/s }',
      'x of 1 a + 1 b { bandwidth: 1GB/s }',
      'y of 2 a { bandwidth: 1GB/s }',
      'top of 1 x + 1 y { bandwidth: 1GB/s }',
    ],
    /'x' mixes children inside a level that mixes them, too/,
  ],
  [
    'nothing comes out even',
    [
      'nine of 9 c { bandwidth: 1GB/s }',
      'eight of 8 d { bandwidth: 1GB/s }',
      'a of 1 nine { bandwidth: 1GB/s }',
      'b of 1 eight { bandwidth: 1GB/s }',
      'top of 1 a + 1 b { bandwidth: 1GB/s }',
    ],
    /no number of chips comes out even/,
  ],
] as const)('refused at its line: %s', async (_, levels, message) => {
  const { of, lines, findings } = await analysed([...levels], 2);
  expect(findings.filter(f => f.severity === 'error')).toEqual([]);
  const [refused] = of('estimate-refused');
  expect(refused!.message).toMatch(message);
  expect(lines[refused!.range.start.line]).toMatch(/^ {2}level (top|x) /);
});

test('a part that contains its own level is a cycle', async () => {
  const { of } = await analysed(
    [
      'a of 8 c { bandwidth: 1GB/s }',
      'b of 2 b { bandwidth: 1GB/s }',
      'top of 1 a + 1 b { bandwidth: 1GB/s }',
    ],
    2,
  );
  expect(of('fabric-cycle')).toHaveLength(1);
});
