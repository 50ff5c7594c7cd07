/** `level` to engine input. */
import { defaultFloor } from '../../engine/fabric/floors.ts';
import { achievedShare, defaultHop } from '../../engine/fabric/nccl/defaults.ts';
import type { ChipSpec, LevelSpec, Routing, Tier } from '../../engine/fabric/spec.ts';
import { parseQuantity } from '../../engine/units/quantity.ts';
import { rangeOf, rangeOfProperty } from '../analysis/source.ts';
import { checkTopology } from '../checks/level/index.ts';
import { checkRouting } from '../checks/level/routing.ts';
import { checkWired } from '../checks/level/wired.ts';
import { checkReach } from '../checks/media.ts';
import type { Level, Part } from '../generated/ast.ts';
import { DIRECT_TOPOLOGIES } from '../schema/topology.ts';
import { isChoice } from '../values/read.ts';
import type { Choice } from '../values/read-choice.ts';
import type { Env } from '../values/value.ts';
import { calibrationOf, type Logs } from './calibrate.ts';
import { failedSpec, lowerFailed } from './failed.ts';
import { NO_LINKS, type PlacedLinks, statedLinks } from './graph.ts';
import { linksOfFile } from './graph-file.ts';
import { lowerMedia, lowerPrice } from './media.ts';
import type { Entries } from './properties.ts';
import { numberAt, readProperties, wordAt } from './properties.ts';
import { lowerRates } from './rates.ts';
import { lowerTopology } from './topology.ts';

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
  /** All levels below, innermost first, and the files that this one may name; undefined where one is not understood. */
  known?: { levels: readonly LevelSpec[]; logs: Logs };
}

/** @param count children of one unit; undefined after a finding */
export function lowerLevel(
  level: Level,
  count: number | undefined,
  below: Below,
  env: Env,
): LevelSpec | undefined {
  const entries = readProperties(level.props, 'level', env);
  const stated = entries.get('topology')?.value;
  const choice = isChoice(stated) ? stated : undefined;
  const { chip, chipsPerChild, known } = below;
  const children = count ?? 1;
  const ports = children * (numberAt(entries, 'ports') ?? chipsPerChild);
  const links = choice?.choice === 'graph' ? linksOf(choice, children, level, below, env) : NO_LINKS;
  const topology = lowerTopology({ choice, count: children, ports, links: links.links });
  const tier = tierOf(entries, choice, below);
  const input = { level, entries, topology, count: children, chipsPerChild, env };
  const rates = links.sound ? lowerRates(input) : undefined;
  const media = lowerMedia(entries, tier);
  checkReach(entries, media, env.findings);
  const failed = lowerFailed(entries);
  const broken = failedSpec(failed);
  // Broken children are idle, too: spares stand in for them as far as there are any.
  const spare = Math.max(numberAt(entries, 'spare') ?? 0, broken?.children.length ?? 0);
  if (count === undefined || !known) return undefined;
  if (spare >= count) {
    const entry = entries.get(numberAt(entries, 'spare') === spare ? 'spare' : 'failed')!;
    env.findings.add(
      'level-spare',
      rangeOf(entry.property),
      `All ${count} children would be ${entry.spec.key === 'spare' ? 'spare' : 'broken'}; nothing is left to compute.`,
    );
    return undefined;
  }
  const { findings } = env;
  const check = { node: level, entries, choice, topology, count, chipsPerChild, ports };
  const sound = checkTopology({ ...check, below: below.level, links, failed, findings });
  if (!sound || !links.sound || !rates) return undefined;
  const usual = achievedShare(chip, tier);
  const ofChip = links.achieved ? undefined : usual;
  const efficiency = numberAt(entries, 'efficiency');
  const routing = wordAt(entries, 'routing');
  const described: LevelSpec = {
    name: level.name,
    count,
    topology,
    uplink: numberAt(entries, 'uplink'),
    link: undefined,
    ...rates,
    ...optional('ports', numberAt(entries, 'ports')),
    ...(routing !== undefined && { routing: routing as Routing }),
    ...(broken && { failed: broken }),
    ...optional('reconfigure', numberAt(entries, 'reconfigure')),
    efficiency: efficiency ?? ofChip ?? 1,
    efficiencyFrom: efficiency !== undefined ? 'stated' : ofChip !== undefined ? 'chip' : 'default',
    latency: numberAt(entries, 'latency') ?? defaultHop(chip, tier) ?? DEFAULT_LATENCY[tier],
    floor: numberAt(entries, 'floor') ?? defaultFloor(chip, tier),
    tier,
    media: wordAt(entries, 'media'),
    ...media,
    price: lowerPrice(entries, env),
    spare,
  };
  checkRouting(
    described,
    { name: level.name, chip, levels: [...known.levels, described] },
    entries,
    findings,
  );
  if (broken) {
    const chips = known.levels.reduce((n, each) => n * (each.count - each.spare), 1);
    if (!checkWired(described, chips, rangeOf(entries.get('failed')!.property), findings)) return undefined;
  }
  const fabric = { name: level.name, chip, levels: [...known.levels, described] };
  return withFit(described, calibrationOf(entries, fabric, known.logs, env), entries);
}

/** Links of a `graph`, from its list or its file. */
function linksOf(choice: Choice, count: number, level: Level, { known }: Below, env: Env): PlacedLinks {
  if (choice.args.file === undefined) return statedLinks(choice, env);
  return known ? linksOfFile(choice, count, level, known.logs, env) : { ...NO_LINKS, sound: false };
}

const optional = <K extends string>(key: K, value: number | undefined): { [key in K]?: number } =>
  (value === undefined ? {} : { [key]: value }) as { [key in K]?: number };

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
