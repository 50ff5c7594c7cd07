/** Rings, lines, tori and meshes, twisted ones, and cubes joined by circuit switches. */
import { cable, digits, dimension, type Net, product, undigits, upTo } from './net.ts';

/** `rates`: of a link along each dimension, bytes/s. A dimension of two places has one link, wrapped or not. */
export function torus(dims: readonly number[], wrap: readonly boolean[], rates?: readonly number[]): Net {
  const n = product(dims);
  const net: Net = {
    vertices: n,
    ends: upTo(n),
    detours: upTo(n),
    links: [],
    places: {
      dims,
      wrap: dims.map((size, at) => size > 2 && wrap[at]!),
      of: vertex => digits(vertex, dims),
      at: place => undigits(place, dims),
    },
  };
  for (const vertex of upTo(n)) {
    dims.forEach((size, at) => {
      const place = digits(vertex, dims);
      const last = place[at] === size - 1;
      if (last && (size <= 2 || !wrap[at])) return;
      place[at] = (place[at]! + 1) % size;
      cable(net, vertex, undigits(place, dims), {
        class: `${dimension(at)} link`,
        dim: at,
        capacity: rates?.[at],
      });
    });
  }
  return net;
}

/**
 * K x K x 2K and K x 2K x 2K, in any sequence: whoever goes around a short dimension comes out K further along every long one
 * (Camara et al., "Twisted Torus Topologies for Enhanced Interconnection Networks", 2010).
 */
export function twisted(dims: readonly number[], rates?: readonly number[]): Net {
  const short = Math.min(...dims);
  if (dims.some(size => size !== short && size !== 2 * short)) throw new Error(`no twist on ${dims}`);
  const n = product(dims);
  const net: Net = { vertices: n, ends: upTo(n), detours: upTo(n), links: [] };
  for (const vertex of upTo(n)) {
    dims.forEach((size, at) => {
      const place = digits(vertex, dims);
      place[at]! += 1;
      if (place[at] === size) {
        place[at] = 0;
        if (size === short)
          dims.forEach((long, other) => {
            if (long === 2 * short) place[other] = (place[other]! + short) % long;
          });
      }
      cable(net, vertex, undigits(place, dims), {
        class: `${dimension(at)} link`,
        dim: at,
        capacity: rates?.[at],
      });
    });
  }
  return net;
}

/**
 * One torus of `shape` chips out of cubes of `cube` chips. Chips are numbered cube after cube, x fastest among the chips of a
 * cube and among the cubes. Links inside a cube belong to the level below, all others to the switches.
 */
export function circuit(
  cube: readonly number[],
  shape: readonly number[],
  twist: boolean,
  rates: { below?: readonly number[]; switched?: number },
): Net {
  const cubes = shape.map((size, at) => size / cube[at]!);
  const inCube = product(cube);
  const plain = twist
    ? twisted(shape)
    : torus(
        shape,
        shape.map(() => true),
      );
  const place = (vertex: number): number[] => {
    const [inside, which] = [digits(vertex % inCube, cube), digits(Math.floor(vertex / inCube), cubes)];
    return inside.map((x, at) => x + cube[at]! * which[at]!);
  };
  const numberAt = (at: readonly number[]): number => {
    const inside = at.map((x, dim) => x % cube[dim]!);
    const which = at.map((x, dim) => Math.floor(x / cube[dim]!));
    return undigits(inside, cube) + inCube * undigits(which, cubes);
  };
  return {
    ...plain,
    links: plain.links.map(link => {
      const [a, b] = [digits(link.from, shape), digits(link.to, shape)];
      const dim = link.dim!;
      // Neighbours of one cube; the ends of a wrap lie apart even where the cube is all there is.
      const below =
        Math.abs(a[dim]! - b[dim]!) === 1 && shape.every((_, at) => at === dim || a[at] === b[at])
          ? Math.floor(a[dim]! / cube[dim]!) === Math.floor(b[dim]! / cube[dim]!)
          : false;
      return {
        from: numberAt(a),
        to: numberAt(b),
        class: link.class,
        dim,
        capacity: below ? rates.below?.[dim] : rates.switched,
        ...(below ? { below: true as const } : {}),
      };
    }),
    ...(plain.places ? { places: { ...plain.places, of: place, at: numberAt } } : {}),
  };
}
