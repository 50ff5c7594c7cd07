import { describe, expect, test } from 'vitest';
import { buildLadder } from '../../src/layout/ladder.ts';
import type { PlanModel } from '../../src/layout/model/types.ts';
import { laneSteps } from '../../src/layout/structure.ts';
import { svgText } from '../../src/panel/export.ts';
import { collectiveKey, defaultAxis, type Look } from '../../src/panel/look.ts';
import { SvgInk } from '../../src/panel/paint/ink.ts';
import { labelsOf } from '../../src/panel/paint/labels.ts';
import { paintScene } from '../../src/panel/paint/painter.ts';
import { everything } from '../../src/panel/paint/units.ts';
import { makePalette, type ThemeKind } from '../../src/panel/palette.ts';
import { fitState, initialState } from '../../src/panel/state.ts';
import { clos24k, fabric, fatTree, level, llama405b, MESH_405B, mesh, node, placement } from './fixture.ts';
import { topologies } from './topologies.ts';

interface Wanted {
  path?: number[];
  name?: string;
  kind?: ThemeKind;
  width?: number;
  look?: Partial<Look>;
}

function picture(
  model: PlanModel,
  { path = [], name = 'grad_reduce', kind = 'dark', width = 668, look = {} }: Wanted = {},
) {
  const palette = makePalette(kind, () => undefined);
  const { columns } = fitState(initialState(), model);
  const scene = buildLadder({ levels: model.levels, links: model.links, path, columns, width, height: 620 });
  const whole: Look = {
    axis: defaultAxis(model),
    collective: model.collectives.find(entry => entry.name === name),
    load: 'running',
    selected: undefined,
    rank: 0,
    allGroups: false,
    columns,
    ...look,
  };
  const ink = new SvgInk();
  paintScene(ink, scene, model, whole, palette, everything());
  const labels = labelsOf({ scene, model, look: whole, palette, window: everything() });
  return { parts: ink.parts, words: labels.map(({ text }) => text), labels, palette };
}

const filled = (parts: readonly string[], colour: string): number =>
  parts.filter(part => part.includes(`fill="${colour}"`)).length;

describe('the picture of the first example', () => {
  test('says at every pod in use how loaded its uplink is, once what all bundles of a pod share', () => {
    const { words } = picture(llama405b(), { path: [2, 341] });
    expect(words.filter(word => word === '29 %')).toHaveLength(6);
    expect(words.filter(word => word === '0')).toHaveLength(2);
    expect(words).toContain('4 bundles of 38.4 TB/s, each 100 %');
    expect(words).toEqual(
      expect.arrayContaining(['pod 2', 'node 341', 'dp 48–71', 'tp 3', 'chip 8875', '21.9 TB/s per pod']),
    );
  });

  test('has one colour for every pipeline stage, in the open pod as in its picture', () => {
    const { parts, palette } = picture(llama405b(), { path: [2] });
    for (const stage of [0, 5, 15]) {
      // 24 rows in each of five whole pods, 8 in the sixth, and 24 cells of the open one.
      expect(filled(parts, palette.coordinate(stage / 15))).toBe(5 * 24 + 8 + 24);
    }
  });

  test('colours links by load and never chips', () => {
    const model = llama405b();
    const running = picture(model, { path: [2, 341] });
    const idle = picture(model, { path: [2, 341], name: 'none' });
    const cells = (parts: readonly string[]) =>
      parts.filter(part => part.startsWith('<rect') && part.includes('fill="#'));
    expect(cells(running.parts)).toEqual(cells(idle.parts));
    expect(running.parts.some(part => part.includes(`stroke="${running.palette.load(1)}"`))).toBe(true);
    expect(idle.parts.some(part => part.includes(`stroke="${idle.palette.load(1)}"`))).toBe(false);
  });

  test('marks more than the limit with the edge and the number of an error', () => {
    const model = llama405b();
    const uplink = model.links.findIndex(({ name }) => name === 'pod uplink');
    for (const { loads } of model.collectives) {
      for (const load of loads) if (load.link === uplink) load.load = 8;
    }
    const { parts, labels, palette } = picture(model);
    expect(labels.filter(({ text, tone }) => text === '800 %' && tone === 'error')).toHaveLength(6);
    expect(parts.filter(part => part.includes(`stroke="${palette.error}"`))).toHaveLength(12);
  });

  test('in high contrast has an edge on every switch and no translucent colour', () => {
    const { parts, palette } = picture(llama405b(), { path: [2, 341], kind: 'highContrast' });
    expect(palette.edge).toBeDefined();
    expect(parts.join('')).not.toContain('rgba');
    expect(parts.filter(part => part.includes(`stroke="${palette.edge}"`)).length).toBeGreaterThan(10);
  });

  test('without colouring axis or collective draws the fabric alone', () => {
    const { words } = picture(placement(clos24k(), mesh(MESH_405B)), {
      path: [0, 0],
      look: { axis: undefined },
    });
    // Without numbers nobody knows whether a link is idle.
    expect(words).toContain('4 bundles of 38.4 TB/s');
    // Pods 6 and 7 hold no rank; the one 0 is the first row of the open pod.
    expect(words.filter(word => word === 'idle')).toHaveLength(2);
    expect(words.filter(word => word === '0')).toHaveLength(1);
  });
});

describe('what is painted', () => {
  const sizes = [512, 8192, 131_072].map(pods => {
    const spec = fabric('f', [node(), level('pod', pods, fatTree(2)), level('cluster', 16, fatTree(1, [4]))]);
    return picture(placement(spec, mesh({ tp: 8, pp: 16, dp: pods })), { path: [0, 3] });
  });

  test('is bounded by what can be seen: 16 million chips need no more than 65 thousand', () => {
    const [small, , large] = sizes.map(({ parts }) => parts.length) as [number, number, number];
    expect(large).toBeLessThan(5 * small);
    expect(large).toBeLessThan(60_000);
  });

  test('says no more of a large fabric than of a small one', () => {
    for (const { words } of sizes) expect(words.length).toBeLessThan(400);
  });
});

describe.each(Object.entries(topologies))('the picture of %s', (_, make) => {
  const model = make();
  const path = laneSteps(model.levels)
    .slice(1)
    .map(() => 0);
  const first = model.collectives[0]?.name ?? '';

  test('stays small, and says each thing once', () => {
    const { parts, words } = picture(model, { path, name: first });
    expect(parts.length).toBeLessThan(60_000);
    expect(words.length).toBeLessThan(1200);
    expect(parts.join('')).not.toMatch(/NaN|undefined|Infinity/);
  });

  test('in high contrast has an edge on what is filled and nothing translucent', () => {
    const { parts, palette } = picture(model, { path, name: first, kind: 'highContrast' });
    expect(parts.join('')).not.toContain('rgba');
    expect(parts.some(part => part.includes(`stroke="${palette.edge}"`))).toBe(true);
  });

  test('shows the load of the collective on its own links, and none without one', () => {
    if (!first) return;
    const open = path.map((__, depth) => path.slice(0, depth));
    const hot = (name: string) =>
      [...open, path].some(at => loaded(picture(model, { path: at, name }), model));
    expect(hot(first)).toBe(true);
    expect(hot('none')).toBe(false);
  });
});

function loaded({ parts, palette }: ReturnType<typeof picture>, model: PlanModel): boolean {
  const shares = model.collectives[0]!.loads.map(({ load }) => palette.load(load));
  return shares.some(colour => parts.some(part => part.includes(`stroke="${colour}"`)));
}

test('what is broken has a cross in the colour of an error and no coordinate', () => {
  const { parts, words, palette } = picture(topologies.mesh2!());
  expect(
    parts.filter(part => part.startsWith('<polyline') && part.includes(`"${palette.error}"`)),
  ).toHaveLength(6);
  expect(words).not.toContain('20');
});

test('the optical torus names its switches and says how loaded each kind of face is', () => {
  const model = topologies.ocs!();
  const { words } = picture(model, { path: [0, 5], name: model.collectives[0]!.name });
  expect(words).toEqual(
    expect.arrayContaining([
      'plane z 5',
      '192 chips',
      'optical switches',
      '48 × 48 circuits',
      'x faces · 16 × 48',
      '100 %',
      'z links go to z 4 and 6',
    ]),
  );
});

test('an export holds text as text, and names of a document cannot become markup', () => {
  const { labels, palette, parts } = picture(llama405b());
  const text = svgText(
    parts,
    [...labels, { x: 0, y: 0, text: '<script>alert("x")</script>', size: 10 }],
    palette,
    { w: 900, h: 700 },
    'plan "a" <b>',
    '',
  );
  expect(text).toContain('29 %</text>');
  expect(text).not.toMatch(/<script|<b>/);
  expect(text).toContain('plan &quot;a&quot; &lt;b&gt;');
});

test('collectives keep their key when numbers change, and no two share one', () => {
  const before = llama405b().collectives.map(collectiveKey);
  const edited = llama405b().collectives.map(entry =>
    collectiveKey({ ...entry, time: 1, ranks: 4, op: 'all_reduce' }),
  );
  expect(edited).toEqual(before);
  expect(new Set(before).size).toBe(before.length);
});
