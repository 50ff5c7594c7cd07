/** Hovers of levels and axes on fabrics of every kind, from the text to the words. */
import { expect, test } from 'vitest';
import { analyseWith } from '../../src/server/analyse.ts';
import { Steady } from '../../src/server/hints/steady.ts';
import { hoverAt } from '../../src/server/hover.ts';
import { inlayHints } from '../../src/server/inlay-hints.ts';
import { cursor, open, viewFor, withHints } from './support.ts';

const CHIP = `chip c { peak.bf16: 200TFLOPS  hbm.capacity: 96GB  hbm.bandwidth: 2TB/s }
model m { layers: 4  hidden: 1024  heads: 8  vocab: 32000 }
`;

async function hover(marked: string): Promise<string> {
  const { text, position } = cursor(CHIP + marked);
  const { document, services } = await open(text);
  const report = analyseWith(services.shardplan)(document);
  expect(report.plans.map(plan => plan.refusals)).toEqual([[]]);
  const view = await viewFor(text, { report });
  return (hoverAt(view, position, view.services.shared)!.contents as { value: string }).value;
}

const plan = (mesh: string): string => `mesh g on f { ${mesh} }
plan p of m on g { batch.global: 1152  batch.micro: 1  batch.sequence: 1024 }
`;

const torus = (level: string, axis = 'tp', more = ''): string => `fabric f {
  level ${level} of 64 c { topology: torus(4x16, wrap: [false, true])  link: 50GB/s  latency: 1us ${more} }
}
${plan(`${axis}: 4 on pod.x  dp: 16 on pod.y  order: tp < dp`)}`;

test('a torus: its links, its routes, which sides close, its bisection', async () => {
  const text = await hover(torus('po<|>d'));
  // 16 lines of 4 have 3 links each; 4 rings of 16 have 16. The middle of y cuts 4 rings twice: 8 links.
  expect(text).toContain('links of one pod, each way: 48 × x link of 50 GB/s, 64 × y link of 50 GB/s');
  expect(text).toContain(
    'flows go dimension by dimension, x before y; y (16) closes to a ring, x (4) is a line',
  );
  expect(text).toContain('**400 GB/s** each way between the halves along y, at line rate');
});

test('what is down, and that the bisection is then left out', async () => {
  const text = await hover(torus('po<|>d', 'tp', 'failed: [link(0, 1)]'));
  expect(text).toContain('down in every unit: link 0–1');
  expect(text).not.toContain('between the halves');
});

test('an axis on a dimension: the chips of its first group, ring or line', async () => {
  const line = await hover(torus('pod', 't<|>p'));
  expect(line).toContain('the first group holds chips 0, 1, 2, 3');
  expect(line).toContain('on **pod.x**: 4 of 4 places, side by side; a line, it does not close');
  const ring = await hover(torus('pod').replace('dp: 16', 'd<|>p: 16'));
  expect(ring).toContain('the first group holds chips 0, 4, 8, … 60');
  expect(ring).toContain('on **pod.y**: 16 of 16 places, side by side; a ring');
});

test('an axis across levels without dimensions', async () => {
  const text = await hover(`fabric f {
  level node of 8 c { topology: switch  bandwidth: 400GB/s  latency: 1us }
  level pod of 4 node { topology: fat_tree(tiers: 2, leaf: 2, oversubscription: 2)  bandwidth: 50GB/s  latency: 5us routing: ecmp }
}
${plan('tp: 4  d<|>p: 8  order: tp < dp')}`);
  expect(text).toContain('the first group holds chips 0, 4, 8, … 28');
  expect(text).toContain('on **node**: in 2 of its 8 children (chip), 4 apart');
  expect(text).toContain('on **pod**: in 4 of its 4 children (node), side by side');
});

test('a dragonfly says how flows choose, and where they may detour', async () => {
  const fly = await hover(`fabric f {
  level node of 1 c { topology: switch  bandwidth: 400GB/s  latency: 1us }
  level sys<|>tem of 72 node { topology: dragonfly(groups: 9, routers: 4, hosts: 2, global_links: 2)  bandwidth: 25GB/s  latency: 2us  routing: adaptive }
}
${plan('dp: 72')}`);
  expect(fly).toContain('36 × global link of 25 GB/s');
  expect(fly).toContain('local, global, local');
  expect(fly).toContain('(adaptive)');
  expect(fly).toContain('**500 GB/s** each way between the halves of 4 and 5 groups');
});

const sites = (south: string): string => `fabric f {
  level node of 8 c { topology: switch  bandwidth: 400GB/s  latency: 1us  tier: scale_up }
  level north of 16 node { topology: fat_tree(tiers: 2)  bandwidth: 50GB/s  latency: 4us }
  level ${south} of 16 node { topology: fat_tree(tiers: 2)  bandwidth: 25GB/s  latency: 4us }
  level wan of 1 north + 1 ${south.replace('<|>', '')} { topology: switch  uplink: 1TB/s  latency: 500us }
}
${plan('tp: 2  dp: 128')}`;

test('a level of parts that wait for slower ones says which these are, at its line and under the pointer', async () => {
  const { text } = cursor(CHIP + sites('sou<|>th'));
  const { document, services } = await open(text);
  const view = await viewFor(text, { report: analyseWith(services.shardplan)(document) });
  const everything = { start: { line: 0, character: 0 }, end: { line: 10_000, character: 0 } };
  const lines = withHints(text, inlayHints(view, everything, new Steady())).split('\n');
  const hintOf = (level: string) => lines.find(line => line.includes(`level ${level} of`))!;
  expect(hintOf('north')).toContain('«south sets the pace»');
  expect(hintOf('south')).toMatch(/«_*[\d.]+ % used/);
  expect(hintOf('wan')).toMatch(/«_*[\d.]+ % used/);
  expect(await hover(sites('sou<|>th'))).not.toContain('at the pace of');
  expect(await hover(sites('south').replace('level north', 'level no<|>rth'))).toContain(
    'the step goes at the pace of the slowest kind: **south**',
  );
});
