/**
 * Collective algorithms from their textbooks, message by message, for one group of n ranks.
 *
 * The buffer is cut into parts. A message carries some parts of the sender's copy, which replace the receiver's or are added
 * to them. `verify.ts` follows who contributed to what; `play.ts` puts the bytes on links.
 */
export interface Message {
  from: number;
  to: number;
  parts: number[];
  add: boolean;
}

export interface Played {
  /** Parts of the buffer; each is size / parts bytes. */
  parts: number;
  /** Rounds one after the other; all messages of a round leave together. */
  rounds: Message[][];
  /**
   * Phase of every round, rising: rounds of one phase need not wait for each other, a phase lasts as long as its busiest link
   * takes. Undefined: every round is a phase.
   */
  phases?: number[];
  /** Cut into small chunks that fill all rounds at once: bytes of all rounds are on the links together. */
  pipelined: boolean;
}

const ranks = (n: number): number[] => Array.from({ length: n }, (_, rank) => rank);
const all = ranks;
const mod = (a: number, n: number): number => ((a % n) + n) % n;

/**
 * Ring reduce-scatter (`reduce`) and all-gather (`gather`). `orders` are the rings that run at once, each with its share of
 * the buffer: with one order, the classic ring.
 */
export function ring(orders: number[][], phases: ('reduce' | 'gather')[]): Played {
  const n = orders[0]!.length;
  const rounds: Message[][] = [];
  // In a round every rank passes on what it got in the round before. The reduction ends with part p at position p.
  const first = { reduce: -1, gather: 0 };
  for (const phase of phases) {
    for (let step = 0; step < n - 1; step++) {
      rounds.push(
        orders.flatMap((order, channel) =>
          order.map((from, at) => ({
            from,
            to: order[mod(at + 1, n)]!,
            parts: [channel * n + order[mod(at + first[phase] - step, n)]!],
            add: phase === 'reduce',
          })),
        ),
      );
    }
  }
  return { parts: n * orders.length, rounds, pipelined: false };
}

/**
 * As many rings as a node has members of the group: ring j enters every node at member j and leaves it from the member before
 * j, so that each network port carries one ring.
 */
export function railOrders(n: number, perNode: number): number[][] {
  const inside = ranks(perNode);
  return inside.map(channel =>
    ranks(n / perNode).flatMap(node => inside.map(step => node * perNode + mod(channel + step, perNode))),
  );
}

/** Recursive halving: partners at distance 1, 2, 4, … swap halves of what they still hold. Gathering runs it backwards. */
export function halving(n: number, phases: ('reduce' | 'gather')[]): Played {
  const rounds: Message[][] = [];
  const distances = ranks(Math.log2(n)).map(bit => 2 ** bit);
  for (const phase of phases) {
    for (const distance of phase === 'reduce' ? distances : [...distances].reverse()) {
      rounds.push(
        ranks(n).map(from => {
          const to = from ^ distance;
          // Parts that agree with the owner in all lower bits are still (or already) here; those of the partner's half travel.
          const owner = phase === 'reduce' ? to : from;
          const mask = 2 * distance - 1;
          return {
            from,
            to,
            parts: all(n).filter(part => (part & mask) === (owner & mask)),
            add: phase === 'reduce',
          };
        }),
      );
    }
  }
  return { parts: n, rounds, pipelined: false };
}

/**
 * Parallel aggregated trees: Bruck's gather with the farthest partners first. In the round of `distance` a rank hands on the shards that
 * came over multiples of twice that, as far as they do not go round. A scatter runs it backwards.
 */
export function pat(n: number, phase: 'reduce' | 'gather'): Played {
  const rounds: Message[][] = [];
  for (let distance = 2 ** (Math.ceil(Math.log2(n)) - 1); distance >= 1; distance /= 2) {
    const offsets = ranks(n).filter(offset => offset % (2 * distance) === 0 && offset + distance < n);
    rounds.push(
      ranks(n).map(from => {
        const to = mod(from + distance, n);
        const parts = offsets.map(offset => mod(from - offset, n));
        return phase === 'gather'
          ? { from, to, parts, add: false }
          : { from: to, to: from, parts, add: true };
      }),
    );
  }
  return { parts: n, rounds: phase === 'gather' ? rounds : rounds.reverse(), pipelined: false };
}

/** Recursive doubling: whole buffers at distance 1, 2, 4, …. */
export function doubling(n: number): Played {
  const rounds = ranks(Math.log2(n)).map(bit =>
    ranks(n).map(from => ({ from, to: from ^ (2 ** bit), parts: [0], add: true })),
  );
  return { parts: 1, rounds, pipelined: false };
}

/** Parent of a rank in the binary tree whose inner nodes are the even ranks; -1 for the root, rank 0. */
export function treeParent(n: number, rank: number): number {
  if (rank === 0) return -1;
  let bit = 1;
  while ((rank & bit) === 0) bit *= 2;
  const up = (rank - bit) | (2 * bit);
  return up < n ? up : rank - bit;
}

/** Two trees: the second is the first seen in a mirror (n even) or turned by one rank (n odd), so inner nodes are leaves. */
export function treeParents(n: number): number[][] {
  const first = ranks(n).map(rank => treeParent(n, rank));
  const turn = (rank: number): number => (n % 2 === 0 ? n - 1 - rank : mod(rank + 1, n));
  const second = new Array<number>(n);
  first.forEach((parent, rank) => {
    second[turn(rank)] = parent < 0 ? -1 : turn(parent);
  });
  return [first, second];
}

/** Each tree reduces its half of the buffer to its root and sends it back down. */
export function doubleTree(n: number): Played {
  const rounds: Message[][] = [];
  treeParents(n).forEach((parents, part) => {
    const depth = (rank: number): number => (parents[rank]! < 0 ? 0 : 1 + depth(parents[rank]!));
    const order = ranks(n)
      .filter(rank => parents[rank]! >= 0)
      .sort((a, b) => depth(b) - depth(a));
    for (const rank of order) rounds.push([{ from: rank, to: parents[rank]!, parts: [part], add: true }]);
    for (const rank of order.reverse())
      rounds.push([{ from: parents[rank]!, to: rank, parts: [part], add: false }]);
  });
  return { parts: 2, rounds, pipelined: true };
}

const others = (n: number, rank: number): number[] => ranks(n).filter(other => other !== rank);

/** Everybody sends every other rank that rank's part (`reduce`), or its own part (`gather`). */
export function direct(n: number, phases: ('reduce' | 'gather')[]): Played {
  const rounds = phases.map(phase =>
    ranks(n).flatMap(from =>
      others(n, from).map(to => ({
        from,
        to,
        parts: [phase === 'reduce' ? to : from],
        add: phase === 'reduce',
      })),
    ),
  );
  return { parts: n, rounds, pipelined: false };
}

/** Everybody sends its whole buffer to everybody. */
export function oneShot(n: number): Played {
  const round = ranks(n).flatMap(from => others(n, from).map(to => ({ from, to, parts: [0], add: true })));
  return { parts: 1, rounds: [round], pipelined: false };
}

/** All-to-all; part p of a sender's buffer is for rank p. One round, or one partner per round. */
export function exchangeAll(n: number, oneByOne: boolean): Played {
  const message = (from: number, to: number): Message => ({ from, to, parts: [to], add: false });
  const rounds = oneByOne
    ? ranks(n - 1).map(step => ranks(n).map(from => message(from, mod(from + step + 1, n))))
    : [ranks(n).flatMap(from => others(n, from).map(to => message(from, to)))];
  return { parts: n, rounds, pipelined: false };
}

/** Rank 0 passes the buffer down the line. */
export function chain(n: number): Played {
  const rounds = ranks(n - 1).map(from => [{ from, to: from + 1, parts: [0], add: false }]);
  return { parts: 1, rounds, pipelined: true };
}

/** Rank 0 deals the parts out, then everybody gathers. */
export function scatterGather(n: number): Played {
  const scatter = others(n, 0).map(to => ({ from: 0, to, parts: [to], add: false }));
  return { parts: n, rounds: [scatter, ...direct(n, ['gather']).rounds], pipelined: false };
}

/** Every rank to its successor: the boundary between pipeline stages. */
export function sendOn(n: number): Played {
  const round = ranks(n - 1).map(from => ({ from, to: from + 1, parts: [0], add: false }));
  return { parts: 1, rounds: [round], pipelined: false };
}
