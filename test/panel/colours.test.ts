import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { COLOURS } from '../../src/panel/colours.ts';
import { makePalette } from '../../src/panel/palette.ts';
import { channels, luminance } from '../../src/panel/ramp.ts';

const palettes = (['dark', 'light'] as const).map(
  kind => [kind, makePalette(kind, () => undefined)] as const,
);

type Triple = [number, number, number];

const linear = (colour: string): Triple =>
  channels(colour).map(value => {
    const s = value / 255;
    return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
  }) as Triple;

const times = (matrix: readonly Triple[], v: Triple): Triple =>
  matrix.map(row => row[0] * v[0] + row[1] * v[1] + row[2] * v[2]) as Triple;

/** CIE L*a*b* of linear sRGB, D65. */
function lab(rgb: Triple): Triple {
  const [x, y, z] = times(
    [
      [0.4124564, 0.3575761, 0.1804375],
      [0.2126729, 0.7151522, 0.072175],
      [0.0193339, 0.119192, 0.9503041],
    ],
    rgb.map(value => Math.min(1, Math.max(0, value))) as Triple,
  );
  const f = (t: number): number => (t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116);
  const [fx, fy, fz] = [f(x / 0.95047), f(y), f(z / 1.08883)];
  return [116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)];
}

const distance = (a: Triple, b: Triple): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
const lightness = (colour: string): number => lab(linear(colour))[0];

/** Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB. */
const DEFICIENCIES: Record<string, readonly Triple[]> = {
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const AXES = ['tp', 'cp', 'pp', 'dp', 'ep'] as const;
const LEAST = { dark: 19, light: 22 };

describe.each(palettes)('%s colours', (kind, palette) => {
  test.each(Object.keys(DEFICIENCIES))('the five axes stay apart under %s', name => {
    const seen = AXES.map(role => lab(times(DEFICIENCIES[name]!, linear(palette.axis(role)))));
    for (const [index, a] of seen.entries()) {
      for (const b of seen.slice(index + 1)) expect(distance(a, b)).toBeGreaterThanOrEqual(LEAST[kind]);
    }
  });

  test.each(['load', 'coordinate'] as const)('the %s ramp is monotone in lightness', ramp => {
    // In twentieths: between closer ones the eight bits of a channel decide.
    const along = Array.from({ length: 21 }, (_, step) => lightness(palette[ramp](step / 20)));
    const rising = along.at(-1)! > along[0]!;
    for (let step = 1; step < along.length; step++) {
      const change = along[step]! - along[step - 1]!;
      expect(rising ? change : -change).toBeGreaterThan(0);
    }
  });

  test('who is cool and how hot is warm: no colour of one ramp is near the other, but for no load at all', () => {
    for (let load = 25; load <= 100; load += 5) {
      for (let at = 0; at <= 100; at += 5) {
        const apart = distance(
          lab(linear(palette.load(load / 100))),
          lab(linear(palette.coordinate(at / 100))),
        );
        expect(apart).toBeGreaterThan(20);
      }
    }
  });

  test('words on every cell have a contrast of at least 4.5 : 1', () => {
    for (let at = 0; at <= 100; at++) {
      const cell = palette.coordinate(at / 100);
      const [a, b] = [luminance(cell), luminance(palette.on(cell))].sort((x, y) => y - x) as [number, number];
      expect((a + 0.05) / (b + 0.05)).toBeGreaterThanOrEqual(4.5);
    }
  });

  test('more than the limit stays at the hottest colour', () => {
    expect(palette.load(8)).toBe(palette.load(1));
  });
});

describe('contributed colours', () => {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

  test('the manifest and the panel agree', () => {
    expect(manifest.contributes.colors).toEqual(COLOURS);
  });

  test('every colour has a default for all four kinds of theme', () => {
    for (const { id, defaults } of COLOURS) {
      expect(id).toMatch(/^meshwright(\.[a-z0-9]+)+$/);
      for (const kind of ['dark', 'light', 'highContrast', 'highContrastLight'] as const) {
        expect(defaults[kind]).toMatch(/^#[0-9a-f]{6}$/);
      }
    }
  });

  test('a theme may change every one of them', () => {
    const palette = makePalette('dark', name => (name === 'meshwright-axis-tp' ? '#123456' : undefined));
    expect(palette.axis('tp')).toBe('#123456');
    expect(palette.axis('cp')).not.toBe('#123456');
  });
});
