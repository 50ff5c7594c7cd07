/** What the bits of a step cost on the fabric's links. */
import type { LinkClass } from '../fabric/network.ts';
import { groupSize } from '../fabric/pattern.ts';
import { profileOfPrice } from '../fabric/profile.ts';
import type { CableSpec } from '../fabric/spec.ts';
import type { CollectiveWork, Core } from './core.ts';

const BITS = 8;
/** A driver at one end of a link, a receiver at the other. */
const ENDS = 2;

/**
 * Joules of a step by level, innermost first: for every class of links of the level, bytes that pass it x 8 x energy per bit x
 * 2 ends. A byte that leaves one unit and enters another over switches passes two links of every class on its way, one up and
 * one down; over a direct link it passes one. A level's links are those that its own lines describe, whatever level the two
 * chips meet on: a byte between pods is counted on the pod's links, too. Switch chips, network cards and idle lasers are not in it.
 * @returns undefined for a level that carries bytes over links whose energy nobody states
 */
export function levelEnergies(core: Core): (number | undefined)[] {
  const { network, stages } = core;
  const energies = network.levels.map((): number | undefined => 0);
  const indices = new Map(network.levels.map(({ spec }, index) => [spec.name, index]));
  const cables = cablesOf(core);
  for (const [collectives, count] of kindsOfStages(core)) {
    for (const work of collectives) {
      for (const [link, bytes] of bytesPassing(work, core)) {
        const index = indices.get(link.level)!;
        const perBit = cables.get(link)?.energyPerBit;
        const links = link.kind === 'tree' ? 2 : 1;
        const sum = energies[index];
        if (bytes === 0 || sum === undefined) continue;
        energies[index] =
          perBit === undefined
            ? undefined
            : sum + (count / stages.length) * bytes * links * BITS * perBit * ENDS;
      }
    }
  }
  return energies;
}

/** The innermost class of a level's links is its local part, all others are its global one. */
function cablesOf({ network }: Core): Map<LinkClass, CableSpec | undefined> {
  const cables = new Map<LinkClass, CableSpec | undefined>();
  for (const { spec, stack } of network.levels) {
    const [first, ...above] = stack.links.filter(link => link.level === spec.name);
    if (first) cables.set(first, spec.cables?.local);
    for (const link of above) cables.set(link, spec.cables?.global);
    for (const link of stack.wired.flatMap(({ links }) => links))
      if (link.level === spec.name) cables.set(link, spec.cables?.[link.part]);
  }
  return cables;
}

/** Stages of one kind share their collectives; a group that runs through the stages is counted once over all of them. */
function kindsOfStages({ costs }: Core): Map<CollectiveWork[], number> {
  const kinds = new Map<CollectiveWork[], number>();
  for (const { collectives } of costs) kinds.set(collectives, (kinds.get(collectives) ?? 0) + 1);
  return kinds;
}

/** Bytes of all groups and of all times in a step over the links of a class, as if every stage ran the collective. */
function bytesPassing(
  { demand, price }: CollectiveWork,
  { network, placement }: Core,
): [LinkClass, number][] {
  const times = (placement.chips / groupSize(demand.group)) * demand.count;
  const { passing } = profileOfPrice(network, demand.group, demand.bytes, price, placement.chips);
  return [...passing].map(([link, bytes]) => {
    const scale = demand.scale?.[link.tier === 'scale_up' ? 'scaleUp' : 'scaleOut'] ?? 1;
    return [link, bytes * times * scale];
  });
}

/** The whole fabric's joules of a step; undefined where a level's are not known. */
export function totalEnergy(energies: readonly (number | undefined)[]): number | undefined {
  let total = 0;
  for (const energy of energies) {
    if (energy === undefined) return undefined;
    total += energy;
  }
  return total;
}
