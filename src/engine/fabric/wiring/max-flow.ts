/** Largest flows by augmenting along shortest paths (Dinic), on arrays, with flows that can be taken up again. */

export interface FlowNetwork {
  vertices: number;
  /** Arc `a` and `a ^ 1` are each other's way back. */
  to: Int32Array;
  /** What each arc can still take. */
  room: Float64Array;
  first: Int32Array;
  out: Int32Array;
}

/** @param arcs [from, to, capacity one way, capacity back] */
export function flowNetwork(
  vertices: number,
  arcs: readonly (readonly [number, number, number, number])[],
): FlowNetwork {
  const to = new Int32Array(2 * arcs.length);
  const room = new Float64Array(2 * arcs.length);
  const first = new Int32Array(vertices + 1);
  arcs.forEach(([a, b, there, back], index) => {
    to[2 * index] = b;
    to[2 * index + 1] = a;
    room[2 * index] = there;
    room[2 * index + 1] = back;
    first[a + 1]!++;
    first[b + 1]!++;
  });
  for (let vertex = 0; vertex < vertices; vertex++) first[vertex + 1]! += first[vertex]!;
  const next = first.slice(0, vertices);
  const out = new Int32Array(2 * arcs.length);
  for (let arc = 0; arc < to.length; arc++) out[next[to[arc ^ 1]!]!++] = arc;
  return { vertices, to, room, first, out };
}

/** Pushes as much more as fits from `source` to `target`. Rooms below `grain` count as none. @returns what was pushed */
export function push(network: FlowNetwork, source: number, target: number, grain: number): number {
  const level = new Int32Array(network.vertices);
  const next = new Int32Array(network.vertices);
  let pushed = 0;
  while (search(network, source, target, grain, level)) {
    next.set(network.first.subarray(0, network.vertices));
    for (;;) {
      const more = augment(network, source, target, grain, level, next);
      if (more === 0) break;
      pushed += more;
    }
  }
  return pushed;
}

/** Vertices still reachable from `source` after the largest flow: the source's side of a least cut. */
export function sourceSide(network: FlowNetwork, source: number, grain: number): Int32Array {
  const level = new Int32Array(network.vertices);
  search(network, source, -1, grain, level);
  return level;
}

/** Levels from 1; 0: unreached. */
function search(
  { to, room, first, out, vertices }: FlowNetwork,
  source: number,
  target: number,
  grain: number,
  level: Int32Array,
): boolean {
  level.fill(0);
  level[source] = 1;
  const queue = new Int32Array(vertices);
  queue[0] = source;
  let found = 1;
  for (let at = 0; at < found; at++) {
    const vertex = queue[at]!;
    for (let i = first[vertex]!; i < first[vertex + 1]!; i++) {
      const arc = out[i]!;
      const head = to[arc]!;
      if (level[head] !== 0 || room[arc]! <= grain) continue;
      level[head] = level[vertex]! + 1;
      if (head === target) return true;
      queue[found++] = head;
    }
  }
  return false;
}

/** One path of growing levels, without recursion: paths can be as long as there are vertices. */
function augment(
  { to, room, first, out }: FlowNetwork,
  source: number,
  target: number,
  grain: number,
  level: Int32Array,
  next: Int32Array,
): number {
  const path: number[] = [];
  let vertex = source;
  while (vertex !== target) {
    const end = first[vertex + 1]!;
    let step = -1;
    for (; next[vertex]! < end; next[vertex]!++) {
      const arc = out[next[vertex]!]!;
      if (room[arc]! > grain && level[to[arc]!] === level[vertex]! + 1) {
        step = arc;
        break;
      }
    }
    if (step >= 0) {
      path.push(step);
      vertex = to[step]!;
    } else {
      const back = path.pop();
      if (back === undefined) return 0;
      vertex = to[back ^ 1]!;
      next[vertex]!++;
    }
  }
  let amount = Number.POSITIVE_INFINITY;
  for (const arc of path) amount = Math.min(amount, room[arc]!);
  for (const arc of path) {
    room[arc]! -= amount;
    room[arc ^ 1]! += amount;
  }
  return amount;
}
