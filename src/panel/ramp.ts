/** Colour ramps, mixed in CIE L*a*b* so that lightness runs evenly from stop to stop (in RGB it bends back). */

type Triple = [number, number, number];

/** Channels 0..255 of `#rgb`, `#rrggbb(aa)` or `rgb(…)`. */
export function channels(colour: string): Triple {
  const hex = /^#([0-9a-f]{3,8})$/i.exec(colour)?.[1];
  if (hex) {
    const wide = hex.length < 6 ? [...hex].map(digit => digit + digit).join('') : hex;
    return [0, 2, 4].map(at => Number.parseInt(wide.slice(at, at + 2), 16)) as Triple;
  }
  const numbers = colour.match(/[\d.]+/g)?.map(Number) ?? [];
  return [numbers[0] ?? 0, numbers[1] ?? 0, numbers[2] ?? 0];
}

const linear = (value: number): number => {
  const s = value / 255;
  return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
};

const gamma = (value: number): number => {
  const s = Math.min(1, Math.max(0, value));
  return 255 * (s <= 0.0031308 ? 12.92 * s : 1.055 * s ** (1 / 2.4) - 0.055);
};

/** Relative luminance by WCAG, 0..1. */
export function luminance(colour: string): number {
  const [r, g, b] = channels(colour).map(linear) as Triple;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** White point D65. */
const WHITE: Triple = [0.95047, 1, 1.08883];
const EDGE = 216 / 24389;
const SLOPE = 24389 / 27;

function toLab(colour: string): Triple {
  const [r, g, b] = channels(colour).map(linear) as Triple;
  const xyz: Triple = [
    0.4124564 * r + 0.3575761 * g + 0.1804375 * b,
    0.2126729 * r + 0.7151522 * g + 0.072175 * b,
    0.0193339 * r + 0.119192 * g + 0.9503041 * b,
  ];
  const [x, y, z] = xyz.map((value, index) => {
    const t = value / WHITE[index]!;
    return t > EDGE ? Math.cbrt(t) : (SLOPE * t + 16) / 116;
  }) as Triple;
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function fromLab([l, a, b]: Triple): string {
  const y = (l + 16) / 116;
  const [x, mid, z] = [y + a / 500, y, y - b / 200].map((value, index) => {
    const cube = value ** 3;
    return WHITE[index]! * (cube > EDGE ? cube : (116 * value - 16) / SLOPE);
  }) as Triple;
  const rgb = [
    3.2404542 * x - 1.5371385 * mid - 0.4985314 * z,
    -0.969266 * x + 1.8760108 * mid + 0.041556 * z,
    0.0556434 * x - 0.2040259 * mid + 1.0572252 * z,
  ];
  return `#${rgb.map(value => Math.round(gamma(value)).toString(16).padStart(2, '0')).join('')}`;
}

/** Colour at 0..1 between stops; beyond the ends, the ends. */
export function ramp(stops: readonly number[], colours: readonly string[]): (along: number) => string {
  const labs = colours.map(toLab);
  return along => {
    const next = stops.findIndex(stop => stop > along);
    if (next === 0 || Number.isNaN(along)) return colours[0]!;
    if (next < 0) return colours.at(-1)!;
    const [from, to] = [labs[next - 1]!, labs[next]!];
    const part = (along - stops[next - 1]!) / (stops[next]! - stops[next - 1]!);
    return fromLab(from.map((value, index) => value + part * (to[index]! - value)) as Triple);
  };
}

/** `part` of the way from one colour to another. */
export const mix = (from: string, to: string, part: number): string => ramp([0, 1], [from, to])(part);
