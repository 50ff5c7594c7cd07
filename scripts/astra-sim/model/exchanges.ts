/**
 * Ring, direct and halving-doubling as the simulator's system layer plays them: a rank has tokens; a token waits for the
 * endpoint, then sends one message and waits for one; what arrives becomes the next token. They differ in whom they send to,
 * how many tokens are under way, and which tokens carry a message that must be added up first.
 */
import type { Op, Phase } from '../settings.ts';
import type { Algorithm, Endpoint } from './endpoint.ts';

interface Target {
  offset: number;
  /** Names of the message that goes out and of the one that is waited for. */
  key: string;
  expected: string;
  bytes: number;
}

abstract class Exchange implements Algorithm {
  protected readonly end: Endpoint;
  protected readonly op: Op;
  /** Messages still to be sent. */
  protected left: number;
  /** Tokens under way at once. */
  protected readonly tokens: number;
  /** Tokens of a round that carry something to be added up, after as many as there are tokens that do not. */
  private readonly perRound: number;
  protected arrived = 0;
  protected free = 0;
  private readonly packets: Target[] = [];
  private plain = 0;
  private carrying = 0;
  private odd = false;

  constructor(end: Endpoint, op: Op, left: number, tokens: number, perRound: number) {
    this.end = end;
    this.op = op;
    this.left = left;
    this.tokens = tokens;
    this.perRound = perRound;
  }

  start(): void {
    for (let token = 0; token < this.tokens; token++) this.insert();
  }

  /** The next message, and how many bytes its token counts for when it is added up. */
  protected abstract next(): Target;

  /** A token came through the endpoint. */
  protected handled(): void {
    this.free++;
    this.sendOne();
    this.finishIfDone();
  }

  protected sendOne(): void {
    if (this.left === 0 || this.free === 0) return;
    const target = this.packets.shift();
    if (!target) return;
    this.left--;
    this.free--;
    this.end.send(target.offset, target.key, target.bytes);
    this.end.receive(target.expected, target.bytes, () => {
      this.arrived++;
      this.insert();
    });
  }

  protected finishIfDone(): void {
    if (this.left === 0 && this.free === this.tokens) this.end.exit();
  }

  private insert(): void {
    if (this.plain === 0 && this.carrying === 0) {
      this.plain = this.tokens;
      this.carrying = this.perRound;
      this.odd = !this.odd;
    }
    let reduce = false;
    if (this.plain > 0) this.plain--;
    else {
      this.carrying--;
      reduce = this.op === 'reduce_scatter' || (this.op === 'all_reduce' && this.odd);
    }
    const target = this.next();
    this.packets.push(target);
    this.end.handle(target.bytes, reduce, () => this.handled());
  }
}

const around = (offset: number, npus: number): number => ((offset % npus) + npus) % npus;

/** One neighbour, one message at a time. An all-to-all passes every part on until it is where it belongs. */
export class Ring extends Exchange {
  private readonly target: Target;

  constructor(end: Endpoint, { op, size }: Phase) {
    const { npus } = end;
    const steps =
      { all_reduce: 2 * (npus - 1), all_to_all: (npus * (npus - 1)) / 2 }[op as string] ?? npus - 1;
    super(end, op, steps, 1, npus - 1);
    const offset = around(end.turn, npus);
    const key = `${offset}`;
    const bytes = op === 'all_gather' ? size : Math.floor(size / npus);
    this.target = { offset, key, expected: key, bytes };
  }

  protected next(): Target {
    return this.target;
  }
}

/** All peers at once, or as many as the window lets. */
export class Direct extends Exchange {
  private readonly bytes: number;
  private peer = 0;

  constructor(end: Endpoint, { op, size }: Phase, window: number | undefined) {
    const peers = end.npus - 1;
    const tokens = Math.min(window ?? peers, peers);
    super(end, op, op === 'all_reduce' ? 2 * peers : peers, tokens, tokens);
    this.bytes = op === 'all_gather' ? size : Math.floor(size / end.npus);
  }

  protected next(): Target {
    const { npus, turn } = this.end;
    this.peer = (this.peer % (npus - 1)) + 1;
    const offset = around(turn * this.peer, npus);
    return { offset, key: `${offset}`, expected: `${offset}`, bytes: this.bytes };
  }

  /** The second half of an all-reduce waits for all parts of the first. */
  protected override handled(): void {
    const peers = this.end.npus - 1;
    if (this.op !== 'all_reduce' || this.left > peers) super.handled();
    else {
      this.free++;
      if (this.arrived < peers) return;
      for (let token = 0; token < this.tokens; token++) this.sendOne();
      this.finishIfDone();
    }
  }
}

/** Partners at distance 1, 2, 4, … and back; a gather starts with the farthest. */
export class HalvingDoubling extends Exchange {
  private distance: number;
  private bytes: number;
  private factor: number;

  constructor(end: Endpoint, { op, size }: Phase) {
    const steps = Math.floor(Math.log2(end.npus));
    super(end, op, op === 'all_reduce' ? 2 * steps : steps, 1, steps - 1);
    const gather = op === 'all_gather';
    this.distance = gather ? Math.floor(end.npus / 2) : 1;
    this.bytes = gather ? size : Math.floor(size / 2);
    this.factor = gather ? 0.5 : 2;
  }

  protected next(): Target {
    const { position, npus } = this.end;
    const { distance, bytes } = this;
    const back = distance > 0 && Math.floor(position / distance) % 2 === 1;
    const key = `x${distance}`;
    this.advance(npus);
    return { offset: around(back ? -distance : distance, npus), key, expected: key, bytes };
  }

  private advance(npus: number): void {
    const on = (): void => {
      this.distance = Math.floor(this.distance * this.factor);
      this.bytes = Math.floor(this.bytes / this.factor);
    };
    on();
    if (this.distance === npus && this.op === 'all_reduce') {
      this.factor = 0.5;
      on();
    }
  }
}
