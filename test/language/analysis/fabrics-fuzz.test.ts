/** Fabrics of every kind with right and wrong arguments, axes that fit and that do not: each text is judged, and in bounded work. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Finding } from '../../../src/language/analysis/report.ts';
import { createAnalysis } from './support.ts';

const CHIP = 'chip c { peak.bf16: 1PFLOP/s  hbm.capacity: 800GiB  hbm.bandwidth: 3TB/s }';
const MODEL = 'model m { layers: 4  hidden: 1024  heads: 16  vocab: 32000  experts: 8  topk: 2 }';

const oneOf = <T>(...values: T[]) => fc.constantFrom(...values);
const side = oneOf(1, 2, 2, 3, 4, 4);
const sides = fc.array(side, { minLength: 1, maxLength: 3 });
const ends = fc.nat(9);
const product = (sizes: readonly number[]) => sizes.reduce((all, size) => all * size, 1);
const maybe = (name: string, value: fc.Arbitrary<unknown>) =>
  fc.option(value, { nil: undefined }).map(each => (each === undefined ? undefined : `${name}: ${each}`));
const args = (...each: fc.Arbitrary<string | undefined>[]) =>
  fc.tuple(...each).map(list => list.filter(Boolean).join(', '));

interface Drawn {
  /** Children that the shape asks for; undefined where any number will do. */
  count?: number;
  topology: string;
}

/** What a shape is right for, before `spoil` lays hands on it. */
const shapes: fc.Arbitrary<Drawn>[] = [
  oneOf(
    'switch',
    'switch(reduce: true)',
    'fully_connected',
    'ring',
    'line',
    'switch(oversubscription: 3)',
  ).map(topology => ({ topology })),
  args(maybe('tiers', oneOf(1, 2, 3)), maybe('leaf', oneOf(2, 4, 5)), maybe('planes', oneOf(1, 2))).map(
    text => ({
      topology: `fat_tree(${text})`,
    }),
  ),
  args(maybe('leaf', oneOf(1, 2, 4)), maybe('spine', fc.boolean())).map(text => ({
    topology: `rail(${text})`,
  })),
  args(
    maybe('groups', oneOf(2, 3, 5)),
    maybe('routers', oneOf(1, 2, 4)),
    maybe('hosts', oneOf(1, 2, 4)),
    maybe('global_links', oneOf(1, 2)),
  ).map(text => ({ topology: `dragonfly(${text})` })),
  fc
    .tuple(sides, maybe('wrap', oneOf('true', 'false', '[true, false]', '[true]')), fc.boolean())
    .map(([dims, wrap, twist]) => ({
      count: product(dims),
      topology: `torus(${dims.join('x')}${wrap ? `, ${wrap}` : ''}${twist ? ', twist: true' : ''})`,
    })),
  oneOf({ count: 128, topology: 'torus(4x4x8, twist: true)' }),
  sides.map(dims => ({ count: product(dims), topology: `mesh(${dims.join('x')})` })),
  fc.tuple(sides, maybe('hosts', oneOf(1, 2, 3))).map(([dims, hosts]) => ({
    topology: `hyperx(${dims.join('x')}${hosts ? `, ${hosts}` : ''})`,
  })),
  fc.tuple(oneOf('2x2', '1x2', '2', '3x3'), oneOf('2x2', '3x2', '2', '1x1')).map(([board, boards]) => ({
    count: [board, boards].flatMap(text => text.split('x').map(Number)).reduce((a, b) => a * b, 1),
    topology: `hamming_mesh(${board}, boards: ${boards})`,
  })),
  oneOf('8x4x4', '4x8x4', '4x4x4', '4x4x8, twist: true').map(text => ({ topology: `ocs(${text})` })),
  fc.array(fc.tuple(ends, ends, oneOf('', ', 5GB/s')), { minLength: 1, maxLength: 14 }).map(links => ({
    topology: `graph(links: [${links.map(([a, b, rate]) => `[${a}, ${b}${rate}]`).join(', ')}])`,
  })),
  fc.integer({ min: 2, max: 6 }).map(count => ({
    count,
    topology: `graph(links: [${Array.from({ length: count }, (_, at) => `[${at}, ${count}]`).join(', ')}])`,
  })),
];

const wrongs = [
  '0',
  '-1',
  '1.5',
  '1e6',
  '1e9',
  '1e999',
  '4x4',
  '[]',
  'true',
  '"x"',
  '5GB/s',
  'foo',
  '',
  '[[0, 1]]',
];

/** One number or word of a topology replaced by something else. */
const spoil = fc.option(fc.tuple(fc.nat(20), oneOf(...wrongs)), { nil: undefined, freq: 3 });
const spoilt = (text: string, change: [number, string] | undefined) => {
  if (!change) return text;
  const [at, other] = change;
  const places = [...text.matchAll(/\d+(x\d+)*|true|false/g)];
  const place = places[at % Math.max(1, places.length)];
  return place ? text.slice(0, place.index) + other + text.slice(place.index + place[0].length) : text;
};

const keys = args(
  oneOf('bandwidth: 10GB/s', 'link: 10GB/s', 'uplink: 10GB/s', 'link: [10GB/s, 5GB/s]', ''),
  fc.option(
    oneOf(
      'routing: valiant',
      'routing: adaptive',
      'routing: ecmp',
      'routing: dor',
      'spare: 1',
      'spare: 9',
      'ports: 2',
      'ports: 3',
      'failed: [link(0, 1)]',
      'failed: [chip(1)]',
      'failed: [link(0, 99), chip(2)]',
      'media: copper  lane: 100Gb/s  length: 5m',
      'media: optics  price: 1usd/Gbps',
      'latency: 0s  floor: 0s',
      'efficiency: 50%',
    ),
    { nil: undefined },
  ),
).map(text => text.replace(/\], /g, ']  ').replace(/, (?=[a-z]+:)/g, '  '));

const level = fc.record({
  shape: fc.oneof(...shapes),
  count: oneOf(1, 2, 3, 4, 8),
  asked: oneOf(true, true, true, false),
  spoil,
  keys,
});

const places = oneOf(
  '',
  '',
  ' on l0',
  ' on l1',
  ' on l0.x',
  ' on l0.y',
  ' on l0.x * l0.y',
  ' on l9',
  ' on l0.q',
);
const mesh = fc.record({
  tp: oneOf(1, 2, 3, 4),
  on: places,
  dp: oneOf('chips / tp', 'chips / tp', 'chips / tp', '2', '4', '1000', '0'),
  ep: oneOf('', '', '', 'ep: 2 from dp', 'ep: 4 from dp on l0', 'ep: 2 from dp * tp'),
  order: oneOf('', '', 'order: tp < dp', 'order: dp < tp'),
});

const fabric = fc.record({ levels: fc.array(level, { minLength: 1, maxLength: 3 }), mesh });

function written({
  levels,
  mesh: { tp, on, dp, ep, order },
}: typeof fabric extends fc.Arbitrary<infer T> ? T : never) {
  const lines = levels.map(({ shape, count, asked, spoil: change, keys: rest }, at) => {
    const children = (asked && shape.count) || count;
    const child = at === 0 ? 'c' : `l${at - 1}`;
    return `  level l${at} of ${children} ${child} { topology: ${spoilt(shape.topology, change)}  ${rest} }`;
  });
  return `${CHIP}\nfabric f {\n${lines.join('\n')}\n}\n${MODEL}
mesh w on f { tp: ${tp}${on}  dp: ${dp}  ${ep}  ${order} }
plan p of m on w { batch.global: 1536  dp.zero: 1  assert inside(l0) >= 0 and bytes(l0) >= 0 and load(l0) >= 0 }\n`;
}

function oddNumbers(value: unknown, path: string): string[] {
  if (typeof value === 'number') return Number.isFinite(value) ? [] : [`${path} is ${value}`];
  if (!value || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, each]) => oddNumbers(each, `${path}.${key}`));
}

function misplaced({ range: { start, end } }: Finding, text: string): boolean {
  const lines = text.split('\n');
  const inText = ({ line, character }: typeof start) =>
    line >= 0 && line < lines.length && character >= 0 && character <= lines[line]!.length;
  const forward = start.line < end.line || (start.line === end.line && start.character <= end.character);
  return !inText(start) || !inText(end) || !forward;
}

test('whatever fabric is written, it is priced above its limit or refused at a place of the text', async () => {
  const analysis = createAnalysis();
  let priced = 0;
  await fc.assert(
    fc.asyncProperty(fabric, async drawn => {
      const text = written(drawn);
      const { findings, report } = await analysis.analyse(text, '/plans/fabrics-fuzz.shard');
      for (const finding of findings) {
        expect(finding.code).not.toBe('check-failed');
        expect(finding.message).not.toMatch(/NaN|Infinity|undefined|\[object/);
        expect(misplaced(finding, text), `${finding.code}: ${finding.message}\n${text}`).toBe(false);
      }
      for (const { estimate, refusals } of report.plans) {
        if (!estimate) {
          // Nothing stays without numbers and without a word why.
          expect(refusals.length + findings.length, text).toBeGreaterThan(0);
          continue;
        }
        priced++;
        expect(oddNumbers(estimate, 'estimate')).toEqual([]);
        for (const { name, price } of estimate.collectives) {
          expect(price.time, `${name} by ${price.algorithm}`).toBeGreaterThanOrEqual(
            price.limit * (1 - 1e-9),
          );
          for (const link of price.links)
            expect(link.load, `${name} over ${link.link}`).toBeLessThanOrEqual(1 + 1e-9);
        }
      }
    }),
    { numRuns: 250 },
  );
  // The generator is no use when it writes nothing that can be priced.
  expect(priced).toBeGreaterThan(0);
}, 180_000);
