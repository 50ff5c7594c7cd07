/** `level` to engine input. */
import { defaultFloor } from '../../engine/fabric/floors.ts';
import { achievedShare, defaultHop } from '../../engine/fabric/nccl/defaults.ts';
import type { ChipSpec, LevelSpec, Tier } from '../../engine/fabric/spec.ts';
import { parseQuantity } from '../../engine/units/quantity.ts';
import { rangeOf, rangeOfProperty } from '../analysis/source.ts';
import { checkReach } from '../checks/media.ts';
import type { Level, Part } from '../generated/ast.ts';
import { DIRECT_TOPOLOGIES } from '../schema/topology.ts';
import { isChoice } from '../values/read.ts';
import type { Choice } from '../values/read-choice.ts';
import type { Env } from '../values/value.ts';
import { calibrationOf, type Logs } from './calibrate.ts';
import { lowerMedia, lowerPrice } from './media.ts';
import type { Entries } from './properties.ts';
import { numberAt, readProperties, wordAt } from './properties.ts';
import { linksPerChild, lowerTopology } from './topology.ts';

/** One way through the level where the text does not say: NVSwitch-class, and three to five Ethernet or InfiniBand hops. */
export const DEFAULT_LATENCY: Readonly<Record<Tier, number>> = { scale_up: 0.6e-6, scale_out: 4e-6 };

/** "8" of "8 h100_sxm"; undefined after a finding. */
export function partCount(part: Part, env: Env): number | undefined {
  const range = rangeOfProperty(part, 'count');
  const parsed = parseQuantity(part.count ?? '');
  if (!parsed.ok || parsed.unit !== '') {
    const what =
      parsed.ok || parsed.kind === 'unknown-unit'
        ? 'A count has no unit.'
        : 'This number is too large to count with.';
    env.findings.add(
      parsed.ok || parsed.kind === 'unknown-unit' ? 'unit-wrong' : 'value-overflow',
      range,
      what,
    );
    return undefined;
  }
  if (Number.isInteger(parsed.value) && parsed.value >= 1 && parsed.value <= 1e9) return parsed.value;
  env.findings.add('value-range', range, 'A count is a whole number from 1 to 1e9.');
  return undefined;
}

export interface Below {
  chip: ChipSpec;
  /** Chips of one child; 1 where the children are chips. */
  chipsPerChild: number;
  /** undefined for the first level. */
  level?: LevelSpec;
  /** All levels below, innermost first, and the logs that may calibrate this one; undefined where one is not understood. */
  calibrate?: { levels: readonly LevelSpec[]; logs: Logs };
}

export function lowerLevel(level: Level, count: number, below: Below, env: Env): LevelSpec | undefined {
  const entries = readProperties(level.props, 'level', env);
  const choice = entries.get('topology')?.value;
  const topologyChoice = isChoice(choice) ? choice : undefined;
  const topology = lowerTopology(topologyChoice);
  const tier = tierOf(entries, topologyChoice, below);
  const bandwidth = bandwidthOf(level, entries, topologyChoice, count, below, env);
  const media = lowerMedia(entries, tier);
  checkReach(entries, media, env.findings);
  const spare = numberAt(entries, 'spare') ?? 0;
  if (spare >= count) {
    const range = rangeOf(entries.get('spare')!.property);
    env.findings.add(
      'level-spare',
      range,
      `All ${count} children would be spare; nothing is left to compute.`,
    );
    return undefined;
  }
  if (bandwidth === undefined) return undefined;
  const ofChip = achievedShare(below.chip, tier);
  const stated = numberAt(entries, 'efficiency');
  const link = entries.get('link')?.value;
  const described: LevelSpec = {
    name: level.name,
    count,
    topology,
    bandwidth,
    uplink: numberAt(entries, 'uplink'),
    link: typeof link === 'number' ? link : undefined,
    efficiency: stated ?? ofChip ?? 1,
    efficiencyFrom: stated !== undefined ? 'stated' : ofChip !== undefined ? 'chip' : 'default',
    latency: numberAt(entries, 'latency') ?? defaultHop(below.chip, tier) ?? DEFAULT_LATENCY[tier],
    floor: numberAt(entries, 'floor') ?? defaultFloor(below.chip, tier),
    tier,
    media: wordAt(entries, 'media'),
    ...media,
    price: lowerPrice(entries, env),
    spare,
  };
  const { chip, calibrate } = below;
  if (!calibrate) return described;
  const fabric = { name: level.name, chip, levels: [...calibrate.levels, described] };
  return withFit(described, calibrationOf(entries, fabric, calibrate.logs, env), entries);
}

/** What the text states counts, what it leaves open the log says. */
function withFit(level: LevelSpec, fit: LevelSpec['calibration'], entries: Entries): LevelSpec {
  if (!fit) return level;
  const stated = numberAt(entries, 'efficiency') !== undefined;
  return {
    ...level,
    ...(!stated && { efficiency: fit.efficiency, efficiencyFrom: 'calibrated' }),
    latency: fit.latency ?? level.latency,
    floor: numberAt(entries, 'floor') ?? fit.floor ?? level.floor,
    calibration: fit,
  };
}

function tierOf(entries: Entries, topology: Choice | undefined, below: Below): Tier {
  const stated = wordAt(entries, 'tier');
  if (stated) return stated as Tier;
  if (!below.level) return 'scale_up';
  return below.level.tier === 'scale_up' && DIRECT_TOPOLOGIES.has(topology?.choice ?? '')
    ? 'scale_up'
    : 'scale_out';
}

/** Per chip and direction: stated, or half of the vendor's doubled number, or from links or uplink. */
function bandwidthOf(
  level: Level,
  entries: Entries,
  topology: Choice | undefined,
  count: number,
  { chipsPerChild }: Below,
  env: Env,
): number | undefined {
  const stated = numberAt(entries, 'bandwidth');
  const both = numberAt(entries, 'bidirectional');
  if (stated !== undefined) return stated;
  if (both !== undefined) return both / 2;
  const read = entries.get('link')?.value;
  const link = Array.isArray(read) ? read.find(v => typeof v === 'number') : read;
  if (typeof link === 'number') {
    const ports = numberAt(entries, 'ports') ?? defaultPorts(topology, count, chipsPerChild);
    return (link * ports) / chipsPerChild;
  }
  const uplink = numberAt(entries, 'uplink');
  if (uplink !== undefined) return uplink / chipsPerChild;
  if (!['bandwidth', 'bidirectional', 'link', 'uplink'].some(key => entries.has(key))) {
    env.findings.add(
      'key-missing',
      rangeOfProperty(level, 'name'),
      `The level '${level.name}' lacks 'bandwidth' (or 'link', 'bidirectional', 'uplink').`,
    );
  }
  return undefined;
}

function defaultPorts(topology: Choice | undefined, count: number, chipsPerChild: number): number {
  switch (topology?.choice) {
    case 'fully_connected':
      return Math.max(1, count - 1);
    case 'torus':
    case 'mesh':
    case 'ocs':
    case 'ring':
    case 'line':
      return linksPerChild(topology) * (topology.choice === 'ocs' ? chipsPerChild : 1);
    default:
      return chipsPerChild;
  }
}
