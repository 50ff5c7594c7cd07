/**
 * What links are made of: how far a medium reaches at which lane speed, what a bit costs in energy and money, and what it adds
 * in latency. The one table of them; every figure names its source and says whether anybody could verify it.
 */

export type Medium = 'copper' | 'aec' | 'aoc' | 'optics' | 'lpo' | 'cpo' | 'ocs';

/** `published`: a standard, or vendors' own pages. `unverified`: recalled by people of the field, no page was found. */
export type Confidence = 'published' | 'unverified';

export interface Fact {
  /** Within the range, what is counted with. */
  value: number;
  /** As wide as the sources differ. */
  range?: readonly [number, number];
  source: string;
  confidence: Confidence;
}

export interface MediumRow {
  medium: Medium;
  /** Rate of one lane, bit/s: the class (100G for the 106.25 Gb/s that such a lane really signals). */
  lane: number;
  /** Longest cable, m. */
  reach: Fact;
  /** J/bit at one end of the link; a link has two. */
  energy: Fact;
  /** Per bandwidth, over passive copper at 100G; undefined where nobody says. */
  price?: Fact;
  /** Beyond the flight of the signal (about 5 ns/m), seconds for both ends; undefined where nobody says. */
  latency?: Fact;
}

const G = 1e9;
const PICO = 1e-12;
const RECALLED = 'recalled, unverified';

const published = (value: number, source: string): Fact => ({ value, source, confidence: 'published' });
const recalled = (value: number, range?: readonly [number, number]): Fact => ({
  value,
  ...(range && { range }),
  source: RECALLED,
  confidence: 'unverified',
});
const picojoules = (value: number, range?: readonly [number, number]): Fact =>
  recalled(value * PICO, range && [range[0] * PICO, range[1] * PICO]);
const nanoseconds = (value: number, range?: readonly [number, number]): Fact =>
  recalled(value * 1e-9, range && [range[0] * 1e-9, range[1] * 1e-9]);

const CABLES = 'cable vendors';
/** No electronics in the cable: 0 to 0.1 W per 800 Gb/s, which is nothing beside the others. */
const NOTHING = published(0, 'cable vendors: at most 0.1 W per 800 Gb/s end');
/**
 * 14 to 17 W per 800 Gb/s end at 100G and about 30 W per 1.6 Tb/s at 200G: 17 to 21 and 16 to 19 pJ/bit. The figure that lies
 * in both is taken for both.
 */
const DSP = picojoules(18, [16, 21]);
const DSP_LATENCY = nanoseconds(90, [60, 120]);
const DR = 'reach of DR modules (IEEE 802.3)';

/** Slowest lane first within a medium. */
export const MEDIA: readonly MediumRow[] = [
  // Passive copper reaches less with every doubling of the lane.
  {
    medium: 'copper',
    lane: 25 * G,
    reach: recalled(5),
    energy: NOTHING,
    price: recalled(1),
    latency: recalled(0),
  },
  {
    medium: 'copper',
    lane: 50 * G,
    reach: { ...published(3, `${CABLES}: 3 to 5 m`), range: [3, 5] },
    energy: NOTHING,
    price: recalled(1),
    latency: recalled(0),
  },
  {
    medium: 'copper',
    lane: 100 * G,
    reach: published(2, CABLES),
    energy: NOTHING,
    price: recalled(1),
    latency: recalled(0),
  },
  {
    medium: 'copper',
    lane: 200 * G,
    reach: recalled(1),
    energy: NOTHING,
    price: recalled(1.5),
    latency: recalled(0),
  },
  // Retimers at both ends: 8 to 12 W per 800 Gb/s.
  {
    medium: 'aec',
    lane: 100 * G,
    reach: { ...published(7, CABLES), range: [2, 7] },
    energy: picojoules(12.5, [10, 15]),
    price: recalled(2.5, [2, 3]),
    latency: nanoseconds(40, [20, 60]),
  },
  {
    medium: 'aec',
    lane: 200 * G,
    reach: recalled(3),
    energy: picojoules(12.5, [10, 15]),
    price: recalled(2.5, [2, 3]),
    latency: nanoseconds(40, [20, 60]),
  },
  // 10 to 16 W per 800 Gb/s; 30 m are usual, 100 m the most.
  {
    medium: 'aoc',
    lane: 100 * G,
    reach: { ...published(100, `${CABLES}: 30 m are usual`), range: [30, 100] },
    energy: picojoules(16.5, [13, 20]),
    price: recalled(3.5, [3, 4]),
    latency: nanoseconds(90, [60, 120]),
  },
  {
    medium: 'optics',
    lane: 100 * G,
    reach: published(500, DR),
    energy: DSP,
    price: recalled(5, [4, 6]),
    latency: DSP_LATENCY,
  },
  {
    medium: 'optics',
    lane: 200 * G,
    reach: published(500, DR),
    energy: DSP,
    price: recalled(4),
    latency: DSP_LATENCY,
  },
  // No signal processor: 40 to 50 % below one that has it.
  {
    medium: 'lpo',
    lane: 100 * G,
    reach: published(500, 'LPO MSA'),
    energy: picojoules(10, [9, 11]),
    price: recalled(4, [3, 5]),
    latency: nanoseconds(6.5, [3, 10]),
  },
  // 9 W per 1.6 Tb/s where pluggables take 30; NVIDIA says 3.5 times the power efficiency.
  {
    medium: 'cpo',
    lane: 200 * G,
    reach: recalled(500),
    energy: {
      ...published(5.6 * PICO, "NVIDIA's announcement of co-packaged optics: 9 W per 1.6 Tb/s"),
      range: [5.5 * PICO, 6 * PICO],
    },
  },
  // Mirrors switch light: what costs energy are the pluggable modules at the ends of the path.
  {
    medium: 'ocs',
    lane: 100 * G,
    reach: recalled(500),
    energy: DSP,
    latency: DSP_LATENCY,
  },
];

/**
 * Facts of a medium at a lane speed, bit/s. Lanes signal a little faster than their name says (53.125, 106.25, 112 Gb/s), and
 * media are not listed at every speed: the row whose lane is nearest by ratio counts, the faster of two equally near. What is
 * read off a row of another class (less than 2/3 or more than 3/2 of its lane) is `unverified`.
 */
export function mediumOf(medium: Medium, lane: number): MediumRow {
  const distance = (row: MediumRow): number => Math.abs(Math.log(row.lane / lane));
  const rows = MEDIA.filter(row => row.medium === medium);
  const row = rows.reduce((best, each) => (distance(each) <= distance(best) + 1e-9 ? each : best));
  if (distance(row) <= Math.log(1.5)) return row;
  const stretched = (fact: Fact): Fact => ({ ...fact, confidence: 'unverified' });
  return {
    ...row,
    reach: stretched(row.reach),
    energy: row.energy.value === 0 ? row.energy : stretched(row.energy),
    ...(row.price && { price: stretched(row.price) }),
    ...(row.latency && { latency: stretched(row.latency) }),
  };
}

/** The lane speeds that are in use. */
const LANES: readonly number[] = [25 * G, 50 * G, 100 * G, 200 * G];

/** Where nothing tells: the lanes of Hopper's NVLink and of 400 and 800 Gb/s Ethernet and InfiniBand. */
export const USUAL_LANE = 100 * G;

/**
 * The lane that a level's links have where the text does not say. A scale-out port has four of them (100, 200, 400, 800 Gb/s
 * are 4 x 25, 50, 100, 200G), so a quarter of the line rate per chip tells the class. Scale-up links come in any number:
 * there 100G is taken.
 * @param port bytes/s of one port; undefined where the text gives none
 */
export function defaultLane(tier: 'scale_up' | 'scale_out', port: number | undefined): number {
  if (tier === 'scale_up' || port === undefined) return USUAL_LANE;
  return classOf((port * 8) / 4);
}

/** 106.25e9 -> 100e9: the class of a lane, the nearest by ratio. */
export function classOf(lane: number): number {
  return LANES.reduce((best, each) =>
    Math.abs(Math.log(each / lane)) < Math.abs(Math.log(best / lane)) ? each : best,
  );
}

/** Media that reach as far at this lane, the shortest reach (and the lowest price) first; circuit switches are no cable. */
export function reaching(length: number, lane: number): MediumRow[] {
  const order: readonly Medium[] = ['copper', 'aec', 'aoc', 'lpo', 'optics', 'cpo'];
  return order.map(medium => mediumOf(medium, lane)).filter(({ reach }) => reach.value >= length);
}
