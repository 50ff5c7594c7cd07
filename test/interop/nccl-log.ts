/** Logs as nccl-tests prints them, from times that a test states. */

export interface LogOptions {
  /** `none` leaves out everything that names the binary. */
  binary?: string;
  ranks: number;
  /** Ranks per host in the list of ranks; undefined leaves the list out. */
  perHost?: number;
  redop?: string;
  root?: number;
  /** As with `-c 0`. */
  unchecked?: boolean;
}

/** Bus over algorithm bandwidth: https://github.com/NVIDIA/nccl-tests/blob/master/doc/PERFORMANCE.md */
export function busFactor(binary: string, n: number): number {
  if (binary === 'all_reduce') return (2 * (n - 1)) / n;
  return ['all_gather', 'reduce_scatter', 'alltoall'].includes(binary) ? (n - 1) / n : 1;
}

/** `secondsOf` gives the time of a size; in place is printed the same. */
export function ncclLog(
  sizes: readonly number[],
  secondsOf: (bytes: number) => number,
  { binary = 'all_reduce', ranks, perHost, redop = 'sum', root = -1, unchecked = false }: LogOptions,
): string {
  const lines: string[] = [];
  if (binary !== 'none') lines.push(`# Collective test starting: ${binary}_perf`);
  lines.push('# nThread 1 nGpus 1 minBytes 8 maxBytes 8589934592 step: 2(factor) warmup iters: 5 iters: 20');
  lines.push('#', '# Using devices');
  for (let rank = 0; perHost !== undefined && rank < ranks; rank++)
    lines.push(
      `#  Rank ${rank} Group  0 Pid ${4000 + rank} on host-${Math.floor(rank / perHost)} device ${rank % perHost} [0x${rank % perHost}] H100`,
    );
  lines.push(
    '#                                                              out-of-place                       in-place          ',
    '#       size         count      type   redop    root     time   algbw   busbw #wrong     time   algbw   busbw #wrong',
    '#        (B)    (elements)                               (us)  (GB/s)  (GB/s)            (us)  (GB/s)  (GB/s)       ',
  );
  for (const bytes of sizes) {
    const us = secondsOf(bytes) * 1e6;
    const algbw = bytes / us / 1e3;
    const wrong = unchecked ? 'N/A' : '0';
    // As the tool does: as many digits as fit.
    const time = us >= 1e4 ? us.toFixed(0) : us >= 100 ? us.toFixed(1) : us.toFixed(2);
    const cell = `${time.padStart(7)} ${algbw.toFixed(2).padStart(7)} ${(algbw * busFactor(binary === 'none' ? 'all_reduce' : binary, ranks)).toFixed(2).padStart(7)} ${wrong.padStart(6)}`;
    lines.push(`${bytes} ${bytes / 4} float ${redop} ${root} ${cell} ${cell}`);
  }
  lines.push('# Out of bounds values : 0 OK', '# Avg bus bandwidth    : 100.0', '#', '');
  return lines.join('\n');
}

/** Powers of two from `from` to `to`, bytes. */
export const doubling = (from: number, to: number): number[] => {
  const sizes: number[] = [];
  for (let bytes = from; bytes <= to; bytes *= 2) sizes.push(bytes);
  return sizes;
};
