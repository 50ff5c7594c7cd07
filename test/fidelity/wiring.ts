/**
 * The topology column of a row as a graph: "3D torus 4x4x8 twisted", "mesh 8x8 (no wrap)", "Hx4Mesh (~1000 accelerators)",
 * "dragonfly p=4, a=8, h=4", "fat tree 2:1, 8 leaves of 8".
 */
import type { Routing, Topology } from '../../src/engine/fabric/spec.ts';

export interface Wiring {
  topology: Topology;
  /** Chips. */
  n: number;
  /** Links of a chip, those at the edge of a mesh that lead nowhere included: what "injection bandwidth" counts. */
  ports: number;
  routing?: Routing;
}

/** Who sends to whom: all to all alike, or all of a group to the next group. */
export type Pattern = 'uniform' | 'next group';

/** A 64-port switch, half of it down: what is assumed where nothing is said. */
const LEAF = 32;
/** Number of dimensions of "2D torus (~1000 accelerators)". */
const USUAL_DIMENSIONS = 2;
const TIMES = String.raw`\s?(?:[x×X*]|by)\s?`;
const SIDES = new RegExp(String.raw`\d+(?:${TIMES}\d+)+`);

/** @param n chips by another column. @returns undefined for a text that names no graph */
export function wiringOf(text: string, n: number | undefined): Wiring | undefined {
  const found = named(text, n);
  if (!found || !(found.n > 1) || tooLarge(found)) return undefined;
  const routing = routingIn(text);
  return routing ? { ...found, routing } : found;
}

/** Larger ones are mistakes: regular graphs are laid by formula, but row by row; others link by link. */
const MOST_CHIPS = 2 ** 20;
const LONGEST_SIDE = 2 ** 12;
const MOST_BY_LINK = 2 ** 15;

export function tooLarge({ topology, n }: Wiring): boolean {
  if (topology.kind === 'torus' && topology.dims.some(side => side > LONGEST_SIDE)) return true;
  const byLink =
    topology.kind !== 'switch' &&
    topology.kind !== 'fat_tree' &&
    (topology.kind !== 'torus' || topology.twist);
  return n > (byLink ? MOST_BY_LINK : MOST_CHIPS);
}

function named(text: string, n: number | undefined): Wiring | undefined {
  const sides = sidesIn(text);
  const count = n ?? sides?.reduce((product, side) => product * side, 1) ?? 0;
  if (/dragon-?fly/i.test(text)) return dragonfly(text, n ?? 0);
  if (/\bh(amming)?[- ]?x?[- ]?\d*[- ]?mesh|hamming[- ]?mesh|\bhx\d+\b|boards/i.test(text))
    return hamming(text, n ?? 0);
  if (/hyper-?x|flattened butterfly/i.test(text)) return hyperx(sides, text, count);
  if (/hyper-?cube/i.test(text)) {
    const dimensions = Math.round(Math.log2(count || 2 ** (numberBy(text, /hyper-?cube/i) ?? 0)));
    return grid(new Array<number>(dimensions).fill(2), () => false);
  }
  if (/fat[- ]?tree|leaf|leaves|spine|\bclos\b/i.test(text)) return fatTree(text, count);
  if (/full(y)?[- ]?(connected)?[- ]?mesh|fully[- ]connected|all-to-all links|\bclique\b/i.test(text))
    return fullMesh(n ?? numberBy(text, /full(y)?[- ]?(connected)?[- ]?(mesh)?|clique/i) ?? 0);
  if (/switch|crossbar/i.test(text)) return tree(n ?? numberBy(text, /switch|crossbar/i) ?? 0, undefined, 1);
  if (/\b(line|chain|linear array)(?![a-z])/i.test(text))
    return grid(sides ?? [numberBy(text, /line|chain|array/i) ?? count], () => false);
  if (/\bring(?![a-z])/i.test(text)) return grid(sides ?? [numberBy(text, /ring/i) ?? count], () => true);
  const shape = sides ?? squareOf(text, count);
  if (
    /torus|tori|twist|\bwrap|slice|\bcube|\bpod\b|regular/i.test(text) ||
    (sides && !/mesh|grid/i.test(text))
  )
    return torus(text, shape);
  if (/mesh|grid/i.test(text)) return grid(shape, () => false);
  return undefined;
}

function routingIn(text: string): Routing | undefined {
  if (/valiant/i.test(text)) return 'valiant';
  if (/adaptive|ugal/i.test(text)) return 'adaptive';
  if (/\becmp\b/i.test(text)) return 'ecmp';
  return undefined;
}

export function patternIn(text: string): Pattern {
  return /adversarial|worst|group[- ]to[- ]group|next group|group shift/i.test(text)
    ? 'next group'
    : 'uniform';
}

export function isTwisted({ topology }: Wiring): boolean {
  return topology.kind === 'torus' && topology.twist;
}

export function untwisted(wiring: Wiring): Wiring {
  const { topology } = wiring;
  return topology.kind === 'torus' ? { ...wiring, topology: { ...topology, twist: false } } : wiring;
}

export function sidesIn(text: string): number[] | undefined {
  return SIDES.exec(text)?.[0].split(new RegExp(TIMES)).map(Number);
}

/** "line 8", "8-chip line", "ring of 16", "ring8". */
function numberBy(text: string, word: RegExp): number | undefined {
  const from = word.exec(text);
  if (!from) return undefined;
  const after = /^[^\d]{0,16}?(\d+)(?![\dD])/.exec(text.slice(from.index + from[0].length))?.[1];
  const before = /(\d+)[- ]?[a-z]*[- ]*$/i.exec(text.slice(0, from.index))?.[1];
  const digits = after ?? before;
  return digits ? Number(digits) : undefined;
}

/** "2D torus (~1000 accelerators)": equal sides. */
function squareOf(text: string, n: number): number[] {
  const dimensions = Number(/(\d)\s?-?D\b/i.exec(text)?.[1] ?? USUAL_DIMENSIONS);
  const side = Math.round(n ** (1 / dimensions));
  return new Array<number>(dimensions).fill(side);
}

/** @param wraps whether the ends of an axis are joined */
export function grid(sides: readonly number[], wraps: (side: number, axis: number) => boolean): Wiring {
  const dims = [...sides];
  return {
    topology: {
      kind: 'torus',
      dims,
      wrap: dims.map((side, axis) => side > 2 && wraps(side, axis)),
      twist: false,
    },
    n: dims.reduce((product, side) => product * side, 1),
    ports: dims.reduce((sum, side) => sum + Math.min(2, side - 1), 0),
  };
}

const COUNT_WORDS: Readonly<Record<string, number>> = { no: 0, none: 0, one: 1, two: 2, three: 3 };

function torus(text: string, sides: readonly number[]): Wiring {
  const wraps = wrapsIn(text, sides);
  const found = grid(sides, (_, axis) => wraps[axis]!);
  const regularly = /regular|untwist|not twisted/i.test(text) && !/twisted\s*(vs|\/|over|versus)/i.test(text);
  const twist = /twist/i.test(text) && !regularly && found.topology.kind === 'torus';
  return twist ? { ...found, topology: { ...found.topology, twist: true } as Topology } : found;
}

/** "no wrap", "one axis wrapped" (the longest), "only the 16 axis wrapped", "wrapped in y". Shifts of twists are no such text. */
function wrapsIn(text: string, sides: readonly number[]): boolean[] {
  const all = sides.map(() => true);
  if (/twist/i.test(text)) return all;
  if (/no wrap|without wrap|un-?wrapped|not wrapped|wrap-?less|open\b/i.test(text))
    return sides.map(() => false);
  const [, length] = /only (?:the )?(\d+)[- ](?:axis|dimension)/i.exec(text) ?? [];
  if (length) return sides.map(side => side === Number(length));
  const [, letters] =
    /wrap(?:ped|s)?\s*(?:in|on|along|only)?\s*:?\s*([xyz](?:\s?(?:,|and|\+)?\s?[xyz])*)\b/i.exec(text) ??
    /\b([xyz](?:\s?(?:,|and|\+)\s?[xyz])*)\s*(?:axis |axes |only )?wrap/i.exec(text) ??
    [];
  if (letters) return sides.map((_, axis) => letters.toLowerCase().includes('xyz'[axis]!));
  const [, word] =
    /\b(none|no|one|two|three|\d) (?:of the )?(?:axes|axis|wrapped|wraps|dimensions?)/i.exec(text) ?? [];
  if (word && /wrap/i.test(text)) {
    const how = COUNT_WORDS[word.toLowerCase()] ?? Number(word);
    const longest = sides.map((side, axis) => ({ side, axis })).sort((a, b) => b.side - a.side);
    const closed = new Set(longest.slice(0, how).map(({ axis }) => axis));
    return sides.map((_, axis) => closed.has(axis));
  }
  return all;
}

function fullMesh(n: number): Wiring {
  return { topology: { kind: 'fully_connected' }, n, ports: n - 1 };
}

/** With sides: one chip a switch, one link a pair. Without: as many chips as switches on a side, which just fills the links. */
function hyperx(sides: number[] | undefined, text: string, n: number): Wiring {
  if (sides) {
    const hosts = Number(/(\d+) (?:hosts|terminals|chips|endpoints)/i.exec(text)?.[1] ?? 1);
    const places = sides.reduce((product, side) => product * side, 1);
    const links = sides.reduce((sum, side) => sum + side - 1, 0);
    return {
      topology: { kind: 'hyperx', dims: sides, hosts },
      n: places * hosts,
      ports: hosts > 1 ? 1 : links,
    };
  }
  const dimensions = Number(/(\d)\s?-?D\b/i.exec(text)?.[1] ?? USUAL_DIMENSIONS);
  const side = Math.max(2, Math.round(n ** (1 / (dimensions + 1))));
  const dims = new Array<number>(dimensions).fill(side);
  return { topology: { kind: 'hyperx', dims, hosts: side }, n: side ** (dimensions + 1), ports: 1 };
}

function tree(n: number, leaf: number | undefined, ratio: number): Wiring {
  if (leaf === undefined) return { topology: { kind: 'switch', reduce: false }, n, ports: 1 };
  const topology: Topology = {
    kind: 'fat_tree',
    tiers: 2,
    leaf,
    planes: 1,
    oversubscription: [1, ratio],
    reduce: false,
  };
  return { topology, n, ports: 1 };
}

function fatTree(text: string, n: number): Wiring {
  const [, over] = /(\d+(?:\.\d+)?)\s?(?::|to)\s?1\b/.exec(text) ?? [];
  const [, under] = /\b1\s?:\s?(\d+(?:\.\d+)?)/.exec(text) ?? [];
  const [, tapered] = /(\d+(?:\.\d+)?)\s?%[- ]?taper/i.exec(text) ?? [];
  const [, leaves, hosts] =
    /(\d+) (?:leaves|leaf switches|leafs|leaf)\s*(?:x|×|of|with)\s*(\d+)/i.exec(text) ??
    /(\d+)\s?[x×]\s?(\d+) hosts/i.exec(text) ??
    [];
  const [, perLeaf] = /(\d+) (?:hosts|chips|gpus|endpoints) (?:per|a|under a) leaf/i.exec(text) ?? [];
  const ratio = tapered ? 1 / (1 - Number(tapered) / 100) : Number(over ?? under ?? 1);
  const all = leaves && hosts ? Number(leaves) * Number(hosts) : n;
  const leaf = hosts ? Number(hosts) : perLeaf ? Number(perLeaf) : Math.min(LEAF, all);
  return ratio === 1 || leaf >= all ? tree(all, undefined, 1) : tree(all, leaf, ratio);
}

/** "Hx2Mesh, 4x4 boards", "HammingMesh 8x8 of 2x2 boards", "2x2 boards, 8x8 of them", "Hx4Mesh (~1000 accelerators)". */
function hamming(text: string, n: number): Wiring {
  const named = /\bh(?:amming)?[- ]?x?[- ]?(\d+)/i.exec(text)?.[1];
  const squares = [...text.matchAll(/(\d+)\s?[x×]\s?\1(?!\d)/g)].map(each => Number(each[1]));
  const [, boardOf] = /(\d+)\s?[x×]\s?\1 of (?:\d+)/i.exec(text) ? (/of (\d+)\s?[x×]/i.exec(text) ?? []) : [];
  const side = Number(named ?? boardOf ?? (squares.length > 1 || n > 0 ? squares[0] : undefined) ?? 2);
  const rest = named ? squares : squares.filter((_, at) => at !== squares.indexOf(side));
  const stated = rest.find((each, at) => each !== side || rest.length === 1 || at > 0);
  const across = n > 0 ? Math.round(Math.sqrt(n) / side) : (stated ?? 2);
  return {
    topology: { kind: 'hamming_mesh', board: [side, side], boards: [across, across] },
    n: (side * across) ** 2,
    ports: 4,
  };
}

/** Hosts of a router, routers of a group, global links of a router; as many groups as the links reach unless told. */
function dragonfly(text: string, n: number): Wiring {
  const named = ['p', 'a', 'h'].map(key => Number(new RegExp(`\\b${key}\\s?=\\s?(\\d+)`).exec(text)?.[1]));
  const listed = /(\d+)\s?[,/]\s?(\d+)\s?[,/]\s?(\d+)/.exec(text)?.slice(1).map(Number);
  const [p, a, h] = named.every(Number.isInteger) ? named : (listed ?? balanced(n));
  const [, stated] = /\bg\s?=\s?(\d+)/.exec(text) ?? /(\d+) groups/.exec(text) ?? [];
  const groups = stated ? Number(stated) : groupsFor(n, p!, a!, h!);
  return {
    topology: { kind: 'dragonfly', groups, routers: a!, hosts: p!, globalLinks: h! },
    n: groups * a! * p!,
    ports: 1,
  };
}

/** Where the number of chips fills whole groups that share the links evenly, those; else the most that the links reach. */
function groupsFor(n: number, p: number, a: number, h: number): number {
  const most = a * h + 1;
  const groups = n / (a * p);
  return Number.isInteger(groups) && groups > 1 && groups < most && (a * h) % (groups - 1) === 0
    ? groups
    : most;
}

/** The smallest balanced dragonfly (a = 2p = 2h) that holds n hosts. */
function balanced(n: number): number[] {
  let p = 1;
  while (p * 2 * p * (2 * p * p + 1) < n) p++;
  return [p, 2 * p, p];
}
