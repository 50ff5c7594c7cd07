/** What stands before a table: which binary ran, and on which ranks. */
import type { Line } from './row.ts';

export interface Run {
  header: Header;
  lines: Line[];
  /** Rows that are cut off. */
  broken: number;
}

export interface Header {
  /** The binary without `_perf`, such as `sendrecv`; the last one that is named. */
  op(): string | undefined;
  /** As listed, or as NCCL says; undefined where nothing says it, or the list has gaps. */
  ranks(): number | undefined;
  hosts(): number | undefined;
  read(line: string): void;
  /** Whether a line after a table belongs to the next run. */
  begins(line: string): boolean;
}

const BINARY =
  /\b(all_reduce|all_gather|reduce_scatter|alltoallv?|sendrecv|broadcast|reduce|gather|scatter|hypercube)_perf\b/g;
const RANK = /#\s*Rank\s+(\d{1,7})\b.*?\bon\s+(\S+)/i;
const NRANKS = /\bnranks[\s:=]+(\d{1,7})\b/i;
const SIZES = /#\s*size\s+count\s+type\b/i;
const SETTINGS = /#?\s*nThread\s+\d+\s+nGpus\s+\d+/i;

/** @param binary of the run before: a second one of the same binary need not say so again */
export function headersOf(binary?: string): Header {
  let announced: number | undefined;
  const listed = new Map<number, string>();
  const complete = () => listed.size > 0 && Math.max(...listed.keys()) === listed.size - 1;
  return {
    op: () => binary,
    ranks: () => (complete() ? listed.size : announced),
    hosts: () => (complete() ? new Set(listed.values()).size : undefined),
    begins: line =>
      SETTINGS.test(line) ||
      SIZES.test(line) ||
      RANK.test(line) ||
      // A warning in the middle of a table may name the binary that is running.
      [...line.matchAll(BINARY)].some(match => match[1] !== binary),
    read(line) {
      for (const match of line.matchAll(BINARY)) binary = match[1];
      const rank = RANK.exec(line);
      if (rank && listed.size < 1e5) listed.set(Number(rank[1]), rank[2]!);
      const count = NRANKS.exec(line);
      // Communicators of subsets announce themselves, too: the largest is the job's.
      if (count) announced = Math.max(announced ?? 0, Number(count[1]));
    },
  };
}
