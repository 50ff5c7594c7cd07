/** NCCL's choices and its own reckoning of the time, computed by hand from the published source (tuning.cc at 5067397c). */
import { describe, expect, it } from 'vitest';
import { type Job, type TunedOp, tune } from '../../../src/engine/fabric/nccl/tuner.ts';

const KiB = 2 ** 10;
const MiB = 2 ** 20;
const GiB = 2 ** 30;

/** Graphs as the library's search finds them on DGX machines. */
const h100: Job = {
  generation: 'hopper',
  nodes: 1,
  ranksPerNode: 8,
  ring: { channels: 12, intra: 30, inter: 30 },
  nvls: { channels: 8, intra: 40, inter: 60 },
};
const h100x8: Job = {
  generation: 'hopper',
  nodes: 8,
  ranksPerNode: 8,
  ring: { channels: 8, intra: 48, inter: 48 },
  nvlsTree: { channels: 8, intra: 40, inter: 40 },
};
const a100: Job = {
  generation: 'ampere',
  nodes: 1,
  ranksPerNode: 8,
  ring: { channels: 12, intra: 20, inter: 20 },
};

describe.each<[string, Job, TunedOp, [number, string, string, number][]]>([
  [
    '8 H100',
    h100,
    'all_reduce',
    [
      [8, 'ring', 'll', 15],
      [64 * KiB, 'ring', 'll', 15.81],
      [MiB, 'ring', 'll', 28.01],
      [2 * MiB, 'nvls', 'simple', 32.71],
      [16 * MiB, 'nvls', 'simple', 86.68],
      [256 * MiB, 'nvls', 'simple', 1011.9],
      [GiB, 'nvls', 'simple', 3972.6],
    ],
  ],
  [
    '8 A100',
    a100,
    'all_reduce',
    [
      [64 * KiB, 'ring', 'll', 16.31],
      [MiB, 'ring', 'll', 35.92],
      [4 * MiB, 'ring', 'll128', 73.84],
      [GiB, 'ring', 'simple', 7885.4],
    ],
  ],
  [
    '64 H100',
    h100x8,
    'all_reduce',
    [
      [8, 'tree', 'll', 45.2],
      [64 * KiB, 'tree', 'll', 55.9],
      [MiB, 'tree', 'll128', 97.6],
      [16 * MiB, 'tree', 'll128', 243.2],
      [256 * MiB, 'nvls_tree', 'simple', 1801.9],
      [GiB, 'ring', 'simple', 6324.3],
    ],
  ],
  [
    '64 H100',
    h100x8,
    'all_gather',
    [
      [64 * KiB, 'ring', 'll', 84.7],
      [MiB, 'ring', 'll', 132.1],
      [16 * MiB, 'ring', 'll128', 204.7],
      [GiB, 'ring', 'simple', 3049.3],
    ],
  ],
])('%s', (_, job, op, goldens) => {
  it.each(goldens)(`${op} of %i bytes: %s, %s, %f us`, (bytes, algorithm, protocol, us) => {
    const [best] = tune(job, op, bytes);
    expect(best).toMatchObject({ algorithm, protocol });
    // As many digits as were written down.
    const digits = (String(us).split('.')[1] ?? '').length;
    expect(best!.time * 1e6).toBeCloseTo(us, Math.max(0, digits - 0.3));
  });
});

describe('what can run', () => {
  const algorithms = (job: Job, op: TunedOp) => new Set(tune(job, op, MiB).map(each => each.algorithm));
  it('a tree between nodes needs several of them', () =>
    expect(algorithms({ ...h100, nvlsTree: h100x8.nvlsTree! }, 'all_reduce')).toEqual(
      new Set(['ring', 'tree', 'nvls']),
    ));
  it('NVLS reaches over nodes with IB SHARP only', () => {
    const job: Job = { ...h100x8, nvls: h100.nvls! };
    expect(algorithms(job, 'all_reduce')).not.toContain('nvls');
    expect(algorithms({ ...job, collNet: true }, 'all_reduce')).toContain('nvls');
  });
  it('a gather in the switches ends at 32 ranks of a node', () => {
    expect(algorithms(h100, 'all_gather')).toContain('nvls');
    expect(algorithms({ ...h100, ranksPerNode: 72 }, 'all_gather')).not.toContain('nvls');
  });
  it('PAT has one rank per node', () => {
    expect(algorithms({ ...h100x8, ranksPerNode: 1 }, 'all_gather')).toContain('pat');
    expect(algorithms(h100x8, 'all_gather')).not.toContain('pat');
  });
});
