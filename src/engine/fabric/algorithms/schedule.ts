/** An algorithm laid out on a group, and what all of them are made from. */
import type { Algorithm } from '../../plan/spec.ts';
import type { Traffic } from '../load.ts';
import type { Network } from '../network.ts';
import type { Group } from '../pattern.ts';

export interface Step {
  traffic: Traffic;
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
