/**
 * The nearest of many points in a few dimensions: a k-d tree (Bentley 1975), halved along the widest side until a bucket is left. All
 * of it lies in flat arrays, so that a question takes microseconds; building takes n log n steps.
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
/** Points whose median stands for that of all: halves need not be equal. */
const SAMPLE = 101;

/** Node 0 is the root. */
interface Tree {
  size: number;
  /** Numbers of the points, those of a leaf side by side. */
  order: Uint32Array;
  /** `size` coordinates of every place in `order`. */
  at: Float64Array;
  /** Of every node: the part of `order` that it holds, and its left child (0 in leaves); the right one follows it. */
  from: number[];
  to: number[];
  child: number[];
  /** `size` numbers per node. */
  least: number[];
  most: number[];
}

/** @param points at least one, all of the same dimension and finite */
export function pointIndex(points: readonly (readonly number[])[]): PointIndex {
  const tree = build(points);
  const { size, least, most } = tree;
  return {
    least: least.slice(0, size),
    most: most.slice(0, size),
    nearest: (at, wanted) => nearest(tree, at, Math.min(wanted, points.length)),
  };
}

function build(points: readonly (readonly number[])[]): Tree {
  const size = points[0]!.length;
  const order = Uint32Array.from(points, (_, i) => i);
  const at = new Float64Array(points.length * size);
  points.forEach((point, i) => {
    at.set(point, i * size);
  });
  const tree: Tree = { size, order, at, from: [], to: [], child: [], least: [], most: [] };
  addNode(tree, 0, order.length);
  for (let node = 0; node < tree.from.length; node++) {
    const [from, to] = [tree.from[node]!, tree.to[node]!];
    const axis = widest(tree, node);
    // Without a width all points are one, and stay one leaf.
    if (to - from <= BUCKET || widthOf(tree, node, axis) === 0) continue;
    const middle = split(tree, node, axis);
    tree.child[node] = tree.from.length;
    addNode(tree, from, middle);
    addNode(tree, middle, to);
  }
  return tree;
}

function addNode(tree: Tree, from: number, to: number): void {
  const { size, at, least, most } = tree;
  tree.from.push(from);
  tree.to.push(to);
  tree.child.push(0);
  for (let axis = 0; axis < size; axis++) {
    let [low, high] = [Infinity, -Infinity];
    for (let i = from; i < to; i++) {
      const x = at[i * size + axis]!;
      if (x < low) low = x;
      if (x > high) high = x;
    }
    least.push(low);
    most.push(high);
  }
}

const widthOf = ({ size, least, most }: Tree, node: number, axis: number): number =>
  most[node * size + axis]! - least[node * size + axis]!;

function widest(tree: Tree, node: number): number {
  let best = 0;
  for (let axis = 1; axis < tree.size; axis++)
    if (widthOf(tree, node, axis) > widthOf(tree, node, best)) best = axis;
  return best;
}

/** Points below a median of the axis to the left; where there are none, those at it. @returns where the right part begins */
function split(tree: Tree, node: number, axis: number): number {
  const { size, at } = tree;
  const least = tree.least[node * size + axis]!;
  let left = tree.from[node]!;
  let right = tree.to[node]! - 1;
  const median = medianOf(tree, left, right + 1, axis);
  while (left <= right) {
    const x = at[left * size + axis]!;
    if (median > least ? x < median : x === median) left++;
    else swap(tree, left, right--);
  }
  return left;
}

function medianOf({ size, at }: Tree, from: number, to: number, axis: number): number {
  const taken = Math.min(SAMPLE, to - from);
  const sample = new Float64Array(taken);
  for (let i = 0; i < taken; i++)
    sample[i] = at[(from + Math.floor((i * (to - from)) / taken)) * size + axis]!;
  return sample.sort()[taken >> 1]!;
}

function swap({ size, order, at }: Tree, a: number, b: number): void {
  [order[a], order[b]] = [order[b]!, order[a]!];
  for (let axis = 0; axis < size; axis++) {
    const x = at[a * size + axis]!;
    at[a * size + axis] = at[b * size + axis]!;
    at[b * size + axis] = x;
  }
}

/** @param wanted at most the number of points */
function nearest(tree: Tree, target: readonly number[], wanted: number): Neighbours {
  const { size, order, at, from, to, child } = tree;
  const points = new Array<number>(wanted).fill(0);
  const squares = new Array<number>(wanted).fill(Infinity);
  visit(0, squareTo(tree, 0, target));
  return { points, distances: squares.map(Math.sqrt) };

  function visit(node: number, square: number): void {
    if (square >= squares[wanted - 1]!) return;
    const left = child[node]!;
    if (left === 0) {
      for (let i = from[node]!; i < to[node]!; i++) {
        let sum = 0;
        for (let axis = 0; axis < size; axis++) {
          const away = at[i * size + axis]! - target[axis]!;
          sum += away * away;
        }
        if (sum < squares[wanted - 1]!) insert(order[i]!, sum);
      }
      return;
    }
    const toLeft = squareTo(tree, left, target);
    const toRight = squareTo(tree, left + 1, target);
    // The nearer half first: what it holds mostly rules the other out.
    if (toLeft <= toRight) {
      visit(left, toLeft);
      visit(left + 1, toRight);
    } else {
      visit(left + 1, toRight);
      visit(left, toLeft);
    }
  }

  /** In its place; the farthest one drops out. */
  function insert(point: number, square: number): void {
    let place = wanted - 1;
    for (; place > 0 && squares[place - 1]! > square; place--) {
      squares[place] = squares[place - 1]!;
      points[place] = points[place - 1]!;
    }
    squares[place] = square;
    points[place] = point;
  }
}

/** Squared distance to a node's bounds, 0 inside. */
function squareTo({ size, least, most }: Tree, node: number, target: readonly number[]): number {
  let sum = 0;
  for (let axis = 0; axis < size; axis++) {
    const x = target[axis]!;
    const low = least[node * size + axis]!;
    const high = most[node * size + axis]!;
    const beside = x < low ? low - x : x > high ? x - high : 0;
    sum += beside * beside;
  }
  return sum;
}
