/**
 * Links of one unit of a level as a plain directed multigraph. Every link is listed twice, once for each direction. Nothing here
 * comes from the engine but the words for hardware.
 */

export interface NetLink {
  from: number;
  to: number;
  /** "x link", "global link": what the links of one class have in common. */
  class: string;
  /** bytes/s; undefined: the level's bandwidth shared by the links of the endpoint that has most of them. */
  capacity: number | undefined;
  /** Dimension of a grid along which it runs. */
  dim?: number;
  /** Inside a cube of an optical circuit switch: the link belongs to the level below. */
  below?: true;
}

/** Vertices as places of a grid, along which routes are walked dimension by dimension. */
export interface Places {
  dims: readonly number[];
  wrap: readonly boolean[];
  of(vertex: number): number[];
  at(place: readonly number[]): number;
}

export interface Net {
  vertices: number;
  /** Vertices that carry ranks, in the sequence of the chips (of the children, of the ports). */
  ends: number[];
  links: NetLink[];
  /** Where routes go dimension by dimension; undefined where they do not (a twist, no grid). */
  places?: Places;
  /** Switch of an end that has exactly one. */
  routerOf?: (end: number) => number;
  /** Vertices that a random detour passes, each as often as it is listed: that of a random end, or the router it hangs on. */
  detours: number[];
  /** Of a dragonfly's router. */
  groupOf?: (router: number) => number;
  /** Something is down: no regular route is certain to exist. */
  degraded?: true;
}

/** Adds a cable: one link in each direction. */
export function cable(net: Net, a: number, b: number, link: Omit<NetLink, 'from' | 'to'>): void {
  net.links.push({ ...link, from: a, to: b }, { ...link, from: b, to: a });
}

export const upTo = (n: number): number[] => Array.from({ length: n }, (_, at) => at);

export const product = (list: readonly number[]): number => list.reduce((a, b) => a * b, 1);

/** Digits of a number over mixed radices, the first varying fastest. */
export function digits(value: number, radices: readonly number[]): number[] {
  let rest = value;
  return radices.map(radix => {
    const digit = rest % radix;
    rest = (rest - digit) / radix;
    return digit;
  });
}

export function undigits(list: readonly number[], radices: readonly number[]): number {
  return list.reduceRight((sum, digit, at) => sum * radices[at]! + digit, 0);
}

/** Links that leave each vertex, by index. */
export function outOf(net: Net): number[][] {
  const out: number[][] = upTo(net.vertices).map(() => []);
  net.links.forEach((link, at) => {
    out[link.from]!.push(at);
  });
  return out;
}

/** Name of a dimension. */
export const dimension = (at: number): string => 'xyzw'[at] ?? `dimension ${at + 1}`;

/**
 * The net without some cables and vertices. Every failed pair takes one cable between its vertices; a failed vertex neither
 * carries ranks nor forwards.
 */
export function without(
  net: Net,
  links: readonly (readonly [number, number])[],
  vertices: readonly number[],
): Net {
  if (links.length === 0 && vertices.length === 0) return net;
  const down = new Set(vertices);
  const cut = new Set<number>();
  for (const [a, b] of links)
    for (const [from, to] of [
      [a, b],
      [b, a],
    ]) {
      const link = net.links.findIndex((each, at) => !cut.has(at) && each.from === from && each.to === to);
      if (link < 0) throw new Error(`no cable from ${from} to ${to} is left`);
      cut.add(link);
    }
  return {
    ...net,
    degraded: true,
    ends: net.ends.filter(end => !down.has(end)),
    detours: net.detours.filter(vertex => !down.has(vertex)),
    links: net.links.filter((link, at) => !down.has(link.from) && !down.has(link.to) && !cut.has(at)),
  };
}
