/** The topology column of a row as a graph by name: "3D torus 4x4x8 twisted", "Hx4Mesh (~1000 accelerators)", "fat tree 2:1". */

export type Wiring =
  /** Sides and, for each, whether its ends are joined; `twisted` as libtpu does for K x K x 2K and K x 2K x 2K. */
  | { kind: 'grid'; sides: number[]; wrapped: boolean[]; twisted: boolean }
  | { kind: 'full_mesh'; n: number }
  /** A full mesh in every dimension. Without sides: switches with terminals, about n of them. */
  | { kind: 'hyperx'; sides: number[]; n: number }
  /** `leaf` hosts under a switch, whose uplinks are `ratio` times too narrow for them. */
  | { kind: 'fat_tree'; n: number; leaf: number; ratio: number }
  /** Boards of `board` x `board` chips, `boards` x `boards` of them, rows and columns joined by switches. */
  | { kind: 'hamming_mesh'; board: number; boards: number }
  /** Hosts of a router, routers of a group, global links of a router. */
  | { kind: 'dragonfly'; p: number; a: number; h: number }
  | { kind: 'hypercube'; dimensions: number };

/** A 64-port switch, half of it down: what is assumed where nothing is said. */
const LEAF = 32;

/** @returns undefined for a text that names none of them */
export function wiringOf(text: string, n: number | undefined): Wiring | undefined {
  const sides = sidesIn(text);
  const count = n ?? sides?.reduce((product, side) => product * side, 1) ?? 0;
  if (/dragonfly/i.test(text)) return dragonflyIn(text, count);
  if (/h(amming)?x?\d*mesh|hamming ?mesh/i.test(text)) return hammingIn(text, count);
  if (/hyper-?x|flattened butterfly/i.test(text)) return { kind: 'hyperx', sides: sides ?? [], n: count };
  if (/hypercube/i.test(text)) return { kind: 'hypercube', dimensions: Math.round(Math.log2(count)) };
  if (/fat[- ]?tree|leaf|clos\b/i.test(text)) return fatTreeIn(text, count);
  if (/full(y)?[- ]?(connected)?[- ]?mesh|fully[- ]connected|all-to-all links/i.test(text))
    return { kind: 'full_mesh', n: numberAfter(text, /mesh|connected/i) ?? count };
  if (/switch|crossbar/i.test(text)) return { kind: 'fat_tree', n: count, leaf: count, ratio: 1 };
  if (/\b(line|chain)\b/i.test(text))
    return grid(sides ?? [numberAfter(text, /line|chain/i) ?? count], false);
  if (/\bring\b/i.test(text)) return grid(sides ?? [numberAfter(text, /ring/i) ?? count], true);
  const shape = sides ?? squareOf(text, count);
  if (/torus/i.test(text)) return { ...grid(shape, true), twisted: /twisted/i.test(text) };
  if (/mesh|grid/i.test(text)) return grid(shape, false);
  return undefined;
}

function grid(sides: number[], wrap: boolean): Extract<Wiring, { kind: 'grid' }> {
  return { kind: 'grid', sides, wrapped: sides.map(() => wrap), twisted: false };
}

function sidesIn(text: string): number[] | undefined {
  return /\d+(\s?[x×]\s?\d+)+/.exec(text)?.[0].split(/[x×]/).map(Number);
}

function numberAfter(text: string, word: RegExp): number | undefined {
  const from = word.exec(text);
  const digits = from && /^[^\d]{0,12}(\d+)/.exec(text.slice(from.index + from[0].length))?.[1];
  return digits ? Number(digits) : undefined;
}

/** "2D torus (~1000 accelerators)": equal sides. */
function squareOf(text: string, n: number): number[] {
  const dimensions = Number(/(\d)\s?-?D\b/i.exec(text)?.[1] ?? 2);
  const side = Math.round(n ** (1 / dimensions));
  return new Array<number>(dimensions).fill(side);
}

function fatTreeIn(text: string, n: number): Wiring {
  const [, over] = /(\d+(?:\.\d+)?)\s?:\s?1\b/.exec(text) ?? [];
  const [, under] = /\b1\s?:\s?(\d+(?:\.\d+)?)/.exec(text) ?? [];
  const [, tapered] = /(\d+(?:\.\d+)?)\s?% taper/i.exec(text) ?? [];
  const [, leaves, hosts] = /(\d+) (?:leaves|leaf switches|leafs) (?:x|of) (\d+)/i.exec(text) ?? [];
  const ratio = tapered ? 1 / (1 - Number(tapered) / 100) : Number(over ?? under ?? 1);
  const all = leaves && hosts ? Number(leaves) * Number(hosts) : n;
  const leaf = hosts ? Number(hosts) : Math.min(LEAF, all);
  return { kind: 'fat_tree', n: all, leaf, ratio };
}

function hammingIn(text: string, n: number): Wiring {
  const board = Number(
    /h(?:amming)?x?(\d+)mesh/i.exec(text)?.[1] ?? /(\d+)x\1 boards?/i.exec(text)?.[1] ?? 2,
  );
  const [, across] = /(\d+)x\1 (?:of )?boards/i.exec(text) ?? [];
  const boards = across && Number(across) !== board ? Number(across) : Math.round(Math.sqrt(n) / board);
  return { kind: 'hamming_mesh', board, boards };
}

function dragonflyIn(text: string, n: number): Wiring {
  const named = ['p', 'a', 'h'].map(key => Number(new RegExp(`\\b${key}\\s?=\\s?(\\d+)`).exec(text)?.[1]));
  const listed = /(\d+)\s?,\s?(\d+)\s?,\s?(\d+)/.exec(text)?.slice(1).map(Number);
  const [p, a, h] = named.every(Number.isInteger) ? named : (listed ?? balanced(n));
  return { kind: 'dragonfly', p: p!, a: a!, h: h! };
}

/** The smallest balanced dragonfly (a = 2p = 2h) that holds n hosts. */
function balanced(n: number): number[] {
  let p = 1;
  while (p * 2 * p * (2 * p * p + 1) < n) p++;
  return [p, 2 * p, p];
}
