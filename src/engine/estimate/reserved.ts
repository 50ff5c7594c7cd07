/**
 * What a process takes of a chip beside its tensors: slack of the allocator, the context, buffers of the collective library. Rough:
 * the allocator's share varies from run to run, the rest with versions and settings.
 */
import type { PlanSpec } from '../plan/spec.ts';
import { habitsOf } from './memory.ts';

/**
 * The CUDA context with its kernels, and NCCL's buffers to one peer of an all-to-all. Both from one report on 8 H100 (NVIDIA/nccl
 * issue 1685, 2025-04): 1.06 GB before the first all-to-all, 4.34 GB after it, with 32 channels to each of 7 peers. More peers get
 * fewer channels each, so the sum is not taken beyond 7.
 */
const CONTEXT_BYTES = 1.06e9;
const PEERS = 7;
const PEER_BYTES = (4.34e9 - CONTEXT_BYTES) / PEERS;
/**
 * A ring has two connections per channel whatever its size (NVIDIA/nccl issue 986); a buffer takes 10 MiB (issue 1685), and 16
 * channels are NCCL's usual number on NVLink.
 */
const RING_BYTES = 2 * 16 * 10 * 2 ** 20;

export interface Reserved {
  /** What the allocator holds at the peak, the allocated bytes in it. */
  reserved: number;
  /** The same with the least slack that was measured. */
  leastReserved: number;
  /** Bytes that never pass through the allocator. */
  outside: number;
}

/** @param allocated bytes of tensors at the peak */
export function reservedMemory(plan: PlanSpec, allocated: number): Reserved {
  const { slack, leastSlack } = habitsOf(plan);
  const reserved = allocated * (1 + slack);
  const leastReserved = allocated * (1 + leastSlack);
  // XLA counts its own buffers among those of the program.
  if (plan.fabric.chip.kind === 'tpu') return { reserved, leastReserved, outside: 0 };
  let outside = CONTEXT_BYTES;
  for (const { role, size } of plan.mesh.axes) {
    if (size === 1) continue;
    const everyPair = role === 'ep' || role === 'sp' || (role === 'cp' && plan.cp.method === 'ulysses');
    outside += everyPair ? Math.min(size - 1, PEERS) * PEER_BYTES : RING_BYTES;
  }
  return { reserved, leastReserved, outside };
}
