/**
 * The links of the simulator's network and how messages pass them.
 *
 * Congestion-unaware, a message is a delay of whole nanoseconds: hops x latency + size / bandwidth, whatever else is on its
 * way. Congestion-aware, links serve whole messages first come, first served, and each hop waits for the whole message
 * (store and forward). A message between ranks that differ in several dimensions is charged for the first of these only
 * where congestion is not looked at, else it is sent on by dimension.
 */
import type { Dimension } from '../settings.ts';
import type { Clock } from './clock.ts';

export interface Transport {
  congestion: boolean;
  /** Off: a hop passes on what arrives of a message as it comes. A what-if that the simulator has no switch for. */
  storeAndForward: boolean;
  /** Off: times are not cut to whole nanoseconds. A what-if, too. */
  wholeNanoseconds: boolean;
}

class Link {
  private readonly waiting: { bytes: number; arrived: (tail: number) => void }[] = [];
  private busy = false;
  private readonly clock: Clock;
  private readonly dimension: Dimension;
  private readonly transport: Transport;

  constructor(clock: Clock, dimension: Dimension, transport: Transport) {
    this.clock = clock;
    this.dimension = dimension;
    this.transport = transport;
  }

  /** @param arrived called when the next hop may start, with what of the message is still to come, ns */
  send(bytes: number, arrived: (tail: number) => void): void {
    if (this.busy) this.waiting.push({ bytes, arrived });
    else this.transmit(bytes, arrived);
  }

  private transmit(bytes: number, arrived: (tail: number) => void): void {
    this.busy = true;
    const { latency, bandwidth } = this.dimension;
    const { storeAndForward, wholeNanoseconds } = this.transport;
    const cut = wholeNanoseconds ? Math.floor : (time: number) => time;
    const passing = cut(bytes / bandwidth);
    const whole = cut(latency + bytes / bandwidth);
    const head = storeAndForward ? whole : Math.min(whole, latency);
    this.clock.after(head, () => arrived(whole - head));
    this.clock.after(passing, () => {
      this.busy = false;
      const next = this.waiting.shift();
      if (next) this.transmit(next.bytes, next.arrived);
    });
  }
}

/** Where a message passes: the dimension of each hop and a name that equal links share. */
export interface Hop {
  dimension: number;
  link: string;
}

export class Wires {
  private readonly links = new Map<string, Link>();
  private readonly clock: Clock;
  private readonly dimensions: readonly Dimension[];
  private readonly transport: Transport;

  constructor(clock: Clock, dimensions: readonly Dimension[], transport: Transport) {
    this.clock = clock;
    this.dimensions = dimensions;
    this.transport = transport;
  }

  send(hops: readonly Hop[], bytes: number, arrived: () => void): void {
    if (this.transport.congestion) this.hop(hops, 0, bytes, arrived);
    else this.clock.after(this.delay(hops, bytes), arrived);
  }

  private delay(hops: readonly Hop[], bytes: number): number {
    const first = hops[0]!.dimension;
    const { latency, bandwidth } = this.dimensions[first]!;
    const count = hops.filter(hop => hop.dimension === first).length;
    const time = count * latency + bytes / bandwidth;
    return this.transport.wholeNanoseconds ? Math.floor(time) : time;
  }

  private hop(hops: readonly Hop[], at: number, bytes: number, arrived: () => void): void {
    const { link, dimension } = hops[at]!;
    let wire = this.links.get(link);
    if (!wire) {
      wire = new Link(this.clock, this.dimensions[dimension]!, this.transport);
      this.links.set(link, wire);
    }
    wire.send(bytes, tail => {
      if (at + 1 < hops.length) this.hop(hops, at + 1, bytes, arrived);
      else if (tail > 0) this.clock.after(tail, arrived);
      else arrived();
    });
  }
}

/**
 * Hops within one dimension from position `from`, `offset` further on. Half-way round a ring the way goes clockwise.
 * @param name of the device at a position, so that links of several lines differ
 */
export function hopsWithin(
  { block, npus }: Dimension,
  dimension: number,
  from: number,
  offset: number,
  name: (position: number) => string,
): Hop[] {
  const to = (from + offset) % npus;
  const hop = (link: string): Hop => ({ dimension, link: `${dimension}:${link}` });
  if (block === 'Switch') return [hop(`up ${name(from)}`), hop(`down ${name(to)}`)];
  if (block === 'FullyConnected') return [hop(`${name(from)} to ${name(to)}`)];
  const step = npus - offset < offset ? -1 : 1;
  const count = step > 0 ? offset : npus - offset;
  return Array.from({ length: count }, (_, index) => {
    const position = (from + step * index + npus) % npus;
    return hop(`${name(position)} ${step > 0 ? 'clockwise' : 'anticlockwise'}`);
  });
}
