/** What a measured collective takes by the engine's own pricing, as the efficiency of the last level varies. */
import { buildNetwork, type Network } from '../network.ts';
import { priceCollective } from '../price.ts';
import type { FabricSpec } from '../spec.ts';
import type { Placed } from './placement.ts';

/** Shares of the line rate that are told apart. */
const LEAST = 1e-4;

export class Pricer {
  private readonly network: Network;
  private readonly name: string;
  private readonly inSwitchRate: number | undefined;

  /** @param fabric the last level at efficiency 1, and no level with a floor */
  constructor(fabric: FabricSpec, inSwitchRate: number | undefined) {
    this.inSwitchRate = inSwitchRate;
    this.network = buildNetwork(fabric);
    this.name = fabric.levels.at(-1)!.name;
  }

  /** Seconds, without floors. */
  time(row: Placed, efficiency: number): number {
    return this.price(row, efficiency)?.time ?? 0;
  }

  /** Seconds of {@link time} without latency. */
  transfer(row: Placed, efficiency: number): number {
    const price = this.price(row, efficiency);
    return price ? price.time - price.latency : 0;
  }

  /** The share of line rate, up to 1, at which the row takes as long as was measured. */
  efficiencyFor(row: Placed): number {
    if (this.time(row, 1) >= row.time) return 1;
    // Time is a monotone, nearly linear function of the reciprocal.
    let low = 1;
    let high = 2;
    while (high < 1 / LEAST && this.time(row, 1 / high) < row.time) {
      low = high;
      high *= 2;
    }
    for (let round = 0; round < 24; round++) {
      const middle = (low + high) / 2;
      if (this.time(row, 1 / middle) < row.time) low = middle;
      else high = middle;
    }
    return 2 / (low + high);
  }

  private price({ op, group, bytes, chips }: Placed, efficiency: number) {
    // The network is this object's own: loads, which do not depend on efficiencies, are laid once for all of them.
    for (const { links } of this.network.stacks)
      for (const link of links) if (link.level === this.name) link.efficiency = efficiency;
    const options = { chips, ...(this.inSwitchRate !== undefined && { inSwitchRate: this.inSwitchRate }) };
    return priceCollective(this.network, group, op, bytes, options);
  }
}
