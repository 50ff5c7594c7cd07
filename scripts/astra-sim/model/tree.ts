/**
 * The simulator's double binary tree: the whole chunk climbs one tree and comes down again, every other chunk in the mirrored
 * tree. There is no cutting into smaller pieces, so levels of the tree work one after the other. It runs an all-reduce
 * whatever was asked for.
 */
import type { Algorithm, Endpoint } from './endpoint.ts';

interface Place {
  parent?: number;
  children: number[];
}

/** Trees of all positions: the root first (`mirrored`) or last, under it a complete tree numbered from left to right. */
export function treePlaces(npus: number, mirrored: boolean): Place[] {
  const depth = Math.floor(Math.log2(npus));
  const places: Place[] = Array.from({ length: npus }, () => ({ children: [] }));
  const join = (parent: number, child: number): void => {
    places[parent]!.children.push(child);
    places[child]!.parent = parent;
  };
  const build = (first: number, levels: number): number => {
    const root = first + 2 ** (levels - 1) - 1;
    if (levels > 1) {
      join(root, build(first, levels - 1));
      join(root, build(root + 1, levels - 1));
    }
    return root;
  };
  if (depth > 0) {
    if (mirrored) join(0, build(1, depth));
    else join(2 ** depth - 1, build(0, depth));
  }
  return places;
}

export class BinaryTree implements Algorithm {
  private readonly end: Endpoint;
  private readonly place: Place;
  private readonly bytes: number;
  private summed = 0;

  constructor(end: Endpoint, bytes: number, mirrored: boolean) {
    this.end = end;
    this.bytes = bytes;
    this.place = treePlaces(end.npus, mirrored)[end.position]!;
  }

  start(): void {
    const { children, parent } = this.place;
    const { end, bytes } = this;
    if (children.length === 0 && parent !== undefined) {
      end.handle(bytes, false, () => {
        this.send(parent);
        this.receive(parent, () => end.handle(bytes, false, () => end.exit()));
      });
      return;
    }
    for (const child of children)
      this.receive(child, () => end.handle(bytes, true, () => this.added(children, parent)));
  }

  private added(children: readonly number[], parent: number | undefined): void {
    const { end, bytes } = this;
    if (++this.summed < children.length) return;
    const down = (): void => {
      for (const child of children) this.send(child);
      end.exit();
    };
    if (parent === undefined) down();
    else {
      this.send(parent);
      this.receive(parent, () => end.handle(bytes, true, down));
    }
  }

  private send(to: number): void {
    const { position, npus } = this.end;
    this.end.send((to - position + npus) % npus, `${position}>${to}`, this.bytes);
  }

  private receive(from: number, arrived: () => void): void {
    this.end.receive(`${from}>${this.end.position}`, this.bytes, arrived);
  }
}
