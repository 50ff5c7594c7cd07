/**
 * Fits one level of a fabric to measured collectives.
 *
 * A collective takes `T = max(floor, latency + factor x S / (efficiency x bandwidth))`, S and factor by the conventions of
 * nccl-tests (https://github.com/NVIDIA/nccl-tests/blob/master/doc/PERFORMANCE.md): 2(n-1)/n for all-reduce, (n-1)/n for
 * gathers, scatters and exchanges, 1 for broadcast and point to point. Which links carry how much of it, and over how many
 * steps, is asked of the very pricing that later uses the fit, so that it gives back what was measured where a switch
 * reduces, a level below takes part, or another algorithm is chosen for large sizes.
 *
 * Sizes from 16 MiB up decide the efficiency: the weighted median of what each of them needs, the larger the heavier. Sizes up
 * to 64 KiB decide the floor, as their median. Where the text states no latency, sizes between them decide it: the one with the
 * least sum of |log(predicted / measured)|. Medians, so that a few disturbed rows move nothing.
 */
import { type Measurement, type Placed, placements } from './calibration/placement.ts';
import { Pricer } from './calibration/pricer.ts';
import { leastOf, median, weightedMedian } from './calibration/robust.ts';
import type { Calibration, FabricSpec, LevelSpec } from './spec.ts';

export type { Measurement };

export type CalibrationResult = { ok: true; calibration: Calibration } | { ok: false; message: string };

export interface CalibrationOptions {
  /** Keep the level's latency: the text states it. */
  keepLatency: boolean;
  /** Share of the achieved rate that in-switch reduction keeps. */
  inSwitchRate?: number;
}

const MIB = 2 ** 20;
/** From here on the rate is what counts (nccl-tests curves of 8 H100 reach 80 % of the asymptote between 16 and 64 MiB). */
const LARGE = 16 * MIB;
/** Up to here the time does not depend on the size (12 to 20 us on 8 GPUs, whatever the size, in public logs). */
const SMALL = 64 * 1024;
const FEWEST_SIZES = 3;
/** Measured faster than line rate by more than this: not the fabric that the text describes. */
const FASTER = 0.1;
/** Latencies per step that are tried, seconds. */
const LATENCIES: readonly number[] = Array.from({ length: 29 }, (_, step) => 1e-7 * 10 ** (step / 7));

/** @param fabric the levels up to the one that is calibrated, which is the last */
export function calibrate(
  fabric: FabricSpec,
  measured: readonly Measurement[],
  options: CalibrationOptions,
): CalibrationResult {
  const placed = placements(fabric, measured);
  if (typeof placed === 'string') return { ok: false, message: placed };
  const level = fabric.levels.at(-1)!;
  const sizes = new Set(placed.map(row => row.bytes)).size;
  if (sizes < FEWEST_SIZES)
    return {
      ok: false,
      message: `it measures ${sizes} of the at least ${FEWEST_SIZES} sizes that a fit needs`,
    };
  const large = placed.filter(row => row.bytes >= LARGE);
  if (large.length === 0)
    return { ok: false, message: 'it measures no size of 16 MiB or more, which decide the efficiency' };
  const fitting = new Fitting(fabric, placed, options);
  const refusal = fitting.refusal(large, level);
  return refusal ? { ok: false, message: refusal } : { ok: true, calibration: fitting.best(sizes) };
}

class Fitting {
  private readonly large: Placed[];
  private readonly floor: number | undefined;
  private readonly tryLatency: boolean;
  private readonly spec: LevelSpec;

  private readonly fabric: FabricSpec;
  private readonly placed: readonly Placed[];
  private readonly options: CalibrationOptions;

  constructor(fabric: FabricSpec, placed: readonly Placed[], options: CalibrationOptions) {
    this.fabric = fabric;
    this.placed = placed;
    this.options = options;
    this.spec = fabric.levels.at(-1)!;
    this.large = placed.filter(row => row.bytes >= LARGE);
    const pricer = this.pricer(this.spec.latency);
    const small = placed.filter(row => row.bytes <= SMALL && pricer.transfer(row, 1) < row.time / 5);
    this.floor = small.length > 0 ? median(small.map(row => row.time)) : undefined;
    const between = new Set(
      placed.filter(row => row.bytes > SMALL && row.bytes < LARGE).map(row => row.bytes),
    );
    this.tryLatency = !options.keepLatency && between.size >= FEWEST_SIZES;
  }

  /** Why this level is not what the large sizes waited for. */
  refusal(large: readonly Placed[], { name }: LevelSpec): string | undefined {
    const pricer = this.pricer(this.spec.latency);
    // The best that the description allows, latency left to the measurement.
    const surplus = median(large.map(row => pricer.transfer(row, 1) / row.time));
    if (surplus > 1 + FASTER) {
      return `it is ${Math.round((surplus - 1) * 100)} % faster than the line rate allows: check 'bandwidth' of '${name}' and of the levels below, and 'reduce' of the switch`;
    }
    const slowed = median(large.map(row => pricer.transfer(row, 0.5) / pricer.transfer(row, 1)));
    return slowed < 1.05
      ? `the links of '${name}' are not what these collectives wait for: calibrate the level below it`
      : undefined;
  }

  best(sizes: number): Calibration {
    const latency = this.tryLatency
      ? leastOf(LATENCIES, each => this.at(each).objective, this.spec.latency)
      : this.spec.latency;
    const { efficiency, errors } = this.at(latency);
    const worst = errors.reduce((most, each) => (Math.abs(each.error) > Math.abs(most.error) ? each : most));
    return {
      efficiency,
      ...(this.floor !== undefined && { floor: this.floor }),
      ...(this.tryLatency && { latency }),
      points: this.placed.length,
      sizes,
      medianError: median(errors.map(each => Math.abs(each.error))),
      worst,
    };
  }

  /** The efficiency that goes with a latency, and how far the whole is from what was measured. */
  private at(latency: number) {
    const pricer = this.pricer(latency);
    const efficiency = weightedMedian(
      this.large.map(row => ({
        value: pricer.efficiencyFor(row),
        weight: Math.log2(row.bytes / LARGE) + 1,
      })),
    );
    const below = this.fabric.levels.slice(0, -1).map(level => level.floor);
    const floor = Math.max(this.floor ?? this.spec.floor, ...below);
    const errors = this.placed.map(row => {
      const predicted = Math.max(floor, pricer.time(row, efficiency));
      return { op: row.op, bytes: row.bytes, error: predicted / row.time - 1 };
    });
    const objective = errors.reduce((sum, { error }) => sum + Math.abs(Math.log1p(error)), 0);
    return { efficiency, errors, objective };
  }

  private pricer(latency: number): Pricer {
    const below = this.fabric.levels.slice(0, -1).map(level => ({ ...level, floor: 0 }));
    const fitted = { ...this.spec, latency, floor: 0, efficiency: 1, efficiencyFrom: 'calibrated' as const };
    const levels = [...below, fitted];
    return new Pricer({ ...this.fabric, levels }, this.options.inSwitchRate);
  }
}
