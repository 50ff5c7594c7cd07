/**
 * Gathers along one coordinate after the other on wirings that are no grid of links but have dimensions: what the rotated bucket
 * of a torus is made of works there, too, and reaches what the ports allow where an exchange of everything with everyone does not.
 */
import type { Digit } from '../pattern.ts';
import { membersAlong, positionsFrom, startsGroup } from './members.ts';
import type { Demand, WiredLoad, Wiring } from './wiring.ts';

/** A wiring on which groups can gather along single coordinates. */
export interface PassingWiring extends Wiring {
  /** Every group gathers along one coordinate, shards of `bytes` of every endpoint. */
  gather(coordinate: number, digits: readonly Digit[], bytes: number): WiredLoad[];
  /** Whether groups gather around a ring (or all at once), so that everyone sends and receives what it lacks; else along a line. */
  gatherCloses(coordinate: number, digits: readonly Digit[]): boolean;
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
      const others = membersAlong(digits) - 1;
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
    gatherCloses: () => true,
    gatherHops: () => 1,
  };
}

/**
 * HammingMesh: whole boards of a line close to a ring through its switch, whichever they are, and every link of that ring is used
 * once. Other groups, and single boards that are shorter on board, gather as on a line: from member to member the shortest way.
 * @param board sides of one board
 * @param lineOf the line along a coordinate on its own, with the same classes of links
 */
export function passingOnBoards(
  wiring: Wiring,
  board: readonly number[],
  lineOf: (coordinate: number) => Wiring,
): PassingWiring {
  const ringOf = (coordinate: number, digits: readonly Digit[]): boolean => {
    const [inner] = digits;
    const side = board[coordinate]!;
    if (inner === undefined || inner.stride !== 1 || inner.size % side !== 0) return false;
    return membersAlong(digits) > side || side > 3;
  };
  const gatherOnLine = (coordinate: number, digits: readonly Digit[], bytes: number): WiredLoad[] => {
    const { size } = wiring.coordinates[coordinate]!;
    const offsets = positionsFrom(digits, 0).sort((a, b) => a - b);
    const demands: Demand[] = [];
    for (let start = 0; start + offsets.at(-1)! < size; start++) {
      if (!startsGroup(start, digits)) continue;
      for (let below = 1; below < offsets.length; below++) {
        const [source, target] = [start + offsets[below - 1]!, start + offsets[below]!];
        demands.push({ source, target, bytes: below * bytes });
        demands.push({ source: target, target: source, bytes: (offsets.length - below) * bytes });
      }
    }
    return lineOf(coordinate)
      .flows(demands)
      .filter(load => load.bytes > 0)
      .map(load => ({ ...load, along: coordinate, total: (load.total * wiring.ends) / size }));
  };
  return {
    ...wiring,
    gatherCloses: ringOf,
    gather(coordinate, digits, bytes) {
      const members = membersAlong(digits);
      if (members < 2) return [];
      if (!ringOf(coordinate, digits)) return gatherOnLine(coordinate, digits, bytes);
      const most = ((members - 1) / 2) * bytes;
      const { size } = wiring.coordinates[coordinate]!;
      const side = board[coordinate]!;
      // Of one line: between the places of each board, and two to the switch.
      const links = { local: size - size / side, global: (2 * size) / side };
      return wiring.classes.flatMap((each, at): WiredLoad[] => {
        const cables = (links[each.part] * wiring.ends) / size;
        if (cables === 0) return [];
        return [{ at, along: coordinate, bytes: most, both: 2 * most, total: 2 * most * cables }];
      });
    },
    gatherHops(coordinate, digits) {
      const members = membersAlong(digits);
      return members < 2 ? 0 : ringOf(coordinate, digits) ? Math.ceil((members - 1) / 2) : members - 1;
    },
  };
}

/**
 * Twisted tori gather along the dimensions as straight ones do: twisting keeps every chip's links, which are what bounds them
 * (ForestColl's cut is the chip itself); their rings only close through other rows.
 */
export function passingOnTwist(twisted: Wiring, straight: PassingWiring): PassingWiring {
  const { gatherCloses, gatherHops, gatherBound, reduceBound } = straight;
  const same = straight.classes.map(({ name }) => twisted.classes.findIndex(each => each.name === name));
  return {
    ...twisted,
    gatherCloses,
    gatherHops,
    gatherBound,
    ...(reduceBound && { reduceBound }),
    gather: (dimension, digits, bytes) =>
      straight.gather(dimension, digits, bytes).map(load => ({ ...load, at: same[load.at]! })),
  };
}
