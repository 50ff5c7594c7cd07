/**
 * How sure the constants of `rates.ts` are, by generation. Ids and spreads are those of that table: the median of
 * |predicted / measured - 1| over the rows that each generation was fitted on.
 */
import type { Generation } from '../spec.ts';

export interface Basis {
  /** Of the share of the line rate that rings reach: whose measurement or statement, after "82 % of line rate, ". */
  share: { text: string; confidence: 'measured' | 'datasheet' | 'default' };
  /** Of the start, the steps and the ramp. */
  start: { text: string; confidence: 'measured' | 'default' };
}

const spread = (small: number, large: number): string =>
  `fitted to public measurements, median error ${small} % below 1 MiB and ${large} % from 16 MiB on`;

export const BASIS: Readonly<Record<Generation, Basis>> = {
  volta: {
    // NET-093, NET-095.
    share: { text: 'measured on V100, off by 2 %', confidence: 'measured' },
    start: { text: 'assumed as of ampere', confidence: 'default' },
  },
  ampere: {
    share: {
      text: 'as the collective library counts it and public measurements confirm',
      confidence: 'measured',
    },
    start: { text: spread(11, 2), confidence: 'measured' },
  },
  hopper: {
    share: {
      text: 'as the collective library counts it and public measurements confirm',
      confidence: 'measured',
    },
    start: { text: spread(9, 2), confidence: 'measured' },
  },
  blackwell: {
    share: {
      text: 'as the collective library counts it and public measurements confirm',
      confidence: 'measured',
    },
    start: { text: spread(2, 4), confidence: 'measured' },
  },
  cdna2: {
    share: { text: 'as the collective library counts it (36 of 50 GB/s a link)', confidence: 'datasheet' },
    start: { text: 'assumed as of cdna3, no public measurement was found', confidence: 'default' },
  },
  cdna3: {
    // NET-096: 47.7 of 48 GB/s.
    share: { text: 'measured on MI300X (47.7 of 64 GB/s a link)', confidence: 'measured' },
    start: {
      text: 'fitted to one public time (91 µs for 8 MiB on 8 MI300X), the time of one step assumed',
      confidence: 'measured',
    },
  },
  cdna4: {
    share: { text: 'assumed as of cdna3, no public measurement was found', confidence: 'default' },
    start: { text: 'assumed as of cdna3, no public measurement was found', confidence: 'default' },
  },
};

/** Of the share between nodes, where neither the level nor the chip states one: NET-057, NET-059. */
export const NETWORK_BASIS = {
  text: 'measured on InfiniBand between nodes of 8 (387 of 400 GB/s)',
  confidence: 'measured',
} as const;
