/** An algorithm laid out on a group, and what all of them are made from. */
import type { Algorithm } from '../../plan/spec.ts';
import type { Traffic } from '../load.ts';
import type { Protocol } from '../nccl/tables.ts';
import type { Network } from '../network.ts';
import type { Group } from '../pattern.ts';
import type { Tier } from '../spec.ts';

export interface Step {
  traffic: Traffic;
  /** On other links at the same time. */
  beside?: Traffic;
  repeat: number;
}

/** What travels, and how many waits for latency lie one behind the other. */
export interface Schedule {
  /** Does something else than the plain operation: runs where the caller asks for it, and competes with nobody. */
  byNameOnly?: boolean;
  algorithm: Algorithm;
  /** Built when asked for: most candidates are ruled out by what a rank must send at least. */
  steps(): Step[];
  /** Bytes that a rank sends in all steps, the mean over the group's ranks. */
  perRank: number;
  /** Steps one after the other. */
  count: number;
  /** Seconds of latency in all steps together. */
  latency: number;
  /** Least seconds of the transfer: posting a message to every peer, which goes on beside it. */
  posting?: number;
  /** Least seconds of the transfer for every byte of the buffer, at line rate: what the packing of trees reaches. */
  least?: number;
  /** The switches do the work, at the rate that in-switch reduction leaves. */
  inSwitch?: true;
  /** What a library adds, see `nccl/`: the protocol, its share of the achieved rates, … */
  protocol?: Protocol;
  rate?: Readonly<Record<Tier, number>>;
  /** … the most that a rank sends, bytes/s, and the seconds by which so many bytes are late. */
  cap?: number;
  ramp?: (bytes: number) => number;
}

/** A collective that waits for an algorithm. */
export interface Task {
  network: Network;
  group: Group;
  /** Ranks of the group, at least 2. */
  n: number;
  /** nccl-tests size S. */
  bytes: number;
  /** Ranks of the mesh: chips [0, chips) are used. */
  chips: number;
}
