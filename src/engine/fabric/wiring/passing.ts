/**
 * Gathers along one coordinate after the other on wirings that are no grid of links but have dimensions: what the rotated bucket
 * of a torus is made of works there, too, and reaches what the ports allow where an exchange of everything with everyone does not.
 */
import type { Digit } from '../pattern.ts';
import { gatherAlong } from './along.ts';
import { sizeAlong } from './lattice.ts';
import type { WiredLoad, Wiring } from './wiring.ts';

/** A wiring on which groups can gather along single coordinates. */
export interface PassingWiring extends Wiring {
  /** Every group gathers along one coordinate, shards of `bytes` of every endpoint. */
  gather(coordinate: number, digits: readonly Digit[], bytes: number): WiredLoad[];
  /** Links that a shard passes in it. */
  gatherHops(coordinate: number, digits: readonly Digit[]): number;
}

export function passesAlong(wiring: Wiring): wiring is PassingWiring {
  return 'gather' in wiring;
}

/**
 * HyperX: all switches of a line are linked, so everyone hands its shard to all others of its line at once, over the link between
 * their switches. Coordinate 0 are the endpoints of one switch, which exchange through their ports.
 */
export function passingOnSwitches(wiring: Wiring): PassingWiring {
  const port = wiring.classes.findIndex(({ name }) => name === 'port');
  const perEnd = port < 0 ? 1 : wiring.classes[port]!.links / 2 / wiring.ends;
  const hosts = wiring.coordinates[0]?.size ?? 1;
  return {
    ...wiring,
    gather(coordinate, digits, bytes) {
      const others = sizeAlong(digits) - 1;
      const sent = (others * bytes) / perEnd;
      const loads: WiredLoad[] = [
        { at: port, bytes: sent, both: 2 * sent, total: 2 * sent * perEnd * wiring.ends },
      ];
      if (coordinate === 0) return loads;
      const name = `${wiring.coordinates[coordinate]!.name} link`;
      const link = wiring.classes.findIndex(each => each.name === name);
      const over = hosts * bytes;
      loads.push({ at: link, bytes: over, both: 2 * over, total: wiring.ends * others * bytes });
      return loads;
    },
    gatherHops: () => 1,
  };
}

/**
 * HammingMesh: the boards of a line close to a ring through its switch, whichever they are, and every link of that ring is used
 * once. Inside a board a group is a line.
 * @param board sides of one board
 */
export function passingOnBoards(wiring: Wiring, board: readonly number[]): PassingWiring {
  const ringOf = (coordinate: number, digits: readonly Digit[]): boolean => {
    const [inner] = digits;
    const side = board[coordinate]!;
    return inner !== undefined && inner.stride === 1 && inner.size % side === 0 && inner.size >= side;
  };
  return {
    ...wiring,
    gather(coordinate, digits, bytes) {
      const members = sizeAlong(digits);
      const { size } = wiring.coordinates[coordinate]!;
      const rows = wiring.ends / size;
      const ring = ringOf(coordinate, digits);
      const { up, down } = gatherAlong(size, false, digits);
      const most = ring
        ? (members - 1) / 2
        : up.reduce((worst, each, link) => Math.max(worst, each, down[link]!), 0);
      // Members on several boards that fill none of them reach the switch over the other places of their boards.
      const across =
        members > 1 && (ring || digits.some(({ stride, size: n }) => stride * n > board[coordinate]!));
      return wiring.classes.flatMap((each, at): WiredLoad[] => {
        if (!across && each.part === 'global') return [];
        const links = each.links / wiring.coordinates.length;
        return [
          {
            at,
            along: coordinate,
            bytes: most * bytes,
            both: 2 * most * bytes,
            total: most * bytes * Math.min(links, 2 * size * rows),
          },
        ];
      });
    },
    gatherHops(coordinate, digits) {
      const members = sizeAlong(digits);
      return members < 2 ? 0 : ringOf(coordinate, digits) ? Math.ceil((members - 1) / 2) : members - 1;
    },
  };
}

/**
 * Twisted tori gather along the dimensions as straight ones do: twisting keeps every chip's links, which are what bounds them
 * (ForestColl's cut is the chip itself); their rings only close through other rows.
 */
export function passingOnTwist(twisted: Wiring, straight: PassingWiring): PassingWiring {
  const { gatherHops, gatherBound, reduceBound } = straight;
  const same = straight.classes.map(({ name }) => twisted.classes.findIndex(each => each.name === name));
  return {
    ...twisted,
    gatherHops,
    gatherBound,
    ...(reduceBound && { reduceBound }),
    gather: (dimension, digits, bytes) =>
      straight.gather(dimension, digits, bytes).map(load => ({ ...load, at: same[load.at]! })),
  };
}
