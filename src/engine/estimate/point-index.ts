/**
 * The nearest of many points in a few dimensions: a k-d tree (Bentley 1975) in arrays, halved along the widest side until a
 * bucket is left. Building takes n log n steps, a question about log n.
 */

export interface PointIndex {
  /** Bounds of all points, per dimension. */
  least: readonly number[];
  most: readonly number[];
  /** Up to `wanted` points by their number, nearest first. */
  nearest(at: readonly number[], wanted: number): Neighbours;
}

export interface Neighbours {
  points: number[];
  /** Euclidean, ascending. */
  distances: number[];
}

/** Points of a leaf. */
const BUCKET = 8;

interface Node {
  /** Part of `order` that it holds. */
  from: number;
  to: number;
  least: number[];
  most: number[];
  /** Undefined in leaves. */
  halves?: [Node, Node];
}

/** @param points at least one, all of the same dimension and finite */
export function pointIndex(points: readonly (readonly number[])[]): PointIndex {
  const size = points[0]!.length;
  const all = Float64Array.from(points.flat());
  const order = Uint32Array.from(points, (_, i) => i);
  const root = build(all, size, order, 0, order.length);
  return {
    least: root.least,
    most: root.most,
    nearest(at, wanted) {
      const found: Found = { points: [], squares: [], wanted };
      visit(root, squareTo(root, at));
      return { points: found.points, distances: found.squares.map(Math.sqrt) };

      function visit(node: Node, square: number): void {
        if (square >= limitOf(found)) return;
        if (!node.halves) {
          for (let i = node.from; i < node.to; i++) {
            const point = order[i]!;
            let sum = 0;
            for (let axis = 0; axis < size; axis++) sum += (all[point * size + axis]! - at[axis]!) ** 2;
            keep(found, point, sum);
          }
          return;
        }
        const [a, b] = node.halves;
        const [toA, toB] = [squareTo(a, at), squareTo(b, at)];
        // The nearer half first: what it holds mostly rules the other out.
        if (toA <= toB) {
          visit(a, toA);
          visit(b, toB);
        } else {
          visit(b, toB);
          visit(a, toA);
        }
      }
    },
  };
}

function build(all: Float64Array, size: number, order: Uint32Array, from: number, to: number): Node {
  const least = new Array<number>(size).fill(Infinity);
  const most = new Array<number>(size).fill(-Infinity);
  for (let i = from; i < to; i++) {
    for (let axis = 0; axis < size; axis++) {
      const x = all[order[i]! * size + axis]!;
      if (x < least[axis]!) least[axis] = x;
      if (x > most[axis]!) most[axis] = x;
    }
  }
  let widest = 0;
  for (let axis = 1; axis < size; axis++)
    if (most[axis]! - least[axis]! > most[widest]! - least[widest]!) widest = axis;
  const node: Node = { from, to, least, most };
  // Without a width all points are one, and stay one leaf.
  if (to - from <= BUCKET || most[widest]! === least[widest]!) return node;
  const middle = split(all, size, order, node, widest);
  node.halves = [build(all, size, order, from, middle), build(all, size, order, middle, to)];
  return node;
}

/** Points below the median of an axis to the left; where there are none, those at it. @returns where the right part begins */
function split(all: Float64Array, size: number, order: Uint32Array, node: Node, axis: number): number {
  const own = order.slice(node.from, node.to);
  const sorted = Float64Array.from(own, point => all[point * size + axis]!).sort();
  const median = sorted[sorted.length >> 1]!;
  const isLeft = (x: number): boolean => (median > node.least[axis]! ? x < median : x === median);
  let left = node.from;
  let right = node.to;
  for (const point of own) {
    if (isLeft(all[point * size + axis]!)) order[left++] = point;
    else order[--right] = point;
  }
  return left;
}

/** Squared distance to a node's bounds, 0 inside. */
function squareTo({ least, most }: Node, at: readonly number[]): number {
  let sum = 0;
  for (let axis = 0; axis < at.length; axis++) {
    const x = at[axis]!;
    const beside = x < least[axis]! ? least[axis]! - x : x > most[axis]! ? x - most[axis]! : 0;
    sum += beside * beside;
  }
  return sum;
}

interface Found {
  /** Nearest first. */
  points: number[];
  squares: number[];
  wanted: number;
}

const limitOf = ({ squares, wanted }: Found): number =>
  squares.length < wanted ? Infinity : squares[squares.length - 1]!;

function keep(found: Found, point: number, square: number): void {
  if (square >= limitOf(found)) return;
  const { points, squares, wanted } = found;
  let place = squares.length;
  while (place > 0 && squares[place - 1]! > square) place--;
  points.splice(place, 0, point);
  squares.splice(place, 0, square);
  if (points.length > wanted) {
    points.pop();
    squares.pop();
  }
}
