/** Numbers and names as the panel writes them, on top of the engine's formats. */
import {
  formatBytesBinary,
  formatBytesDecimal,
  formatCount,
  formatRate,
  formatShare,
  formatTime,
} from '../engine/units/format.ts';
import type { LoadMode } from '../layout/heat.ts';
import type {
  PanelAxis,
  PanelCollective,
  PanelLevel,
  PanelLink,
  PanelTopology,
  PlanModel,
  Source,
} from '../layout/model/types.ts';
import { coordinate, coordinateRange, type Ranks } from '../layout/ranks.ts';
import { rangeOver } from '../layout/slot.ts';
import { DIMENSIONS } from '../layout/structure.ts';

export { formatBytesBinary, formatBytesDecimal, formatCount, formatRate, formatShare, formatTime };

/** "all-gather". */
export const opName = (op: string): string => (op === 'send_recv' ? 'send' : op.replaceAll('_', '-'));

export const algorithmName = (algorithm: string): string => algorithm.replaceAll('_', '-');

const PROTOCOLS = { ll: 'LL', ll128: 'LL128', simple: 'Simple' } as const;

/** "ring LL128": with the protocol of the library, where it is known. */
export const byName = ({ algorithm, protocol }: Pick<PanelCollective, 'algorithm' | 'protocol'>): string =>
  `${algorithmName(algorithm)}${protocol ? ` ${PROTOCOLS[protocol]}` : ''}`;

/** "port of a chip, which some schedule reaches". */
export const limitKind = ({ limitBy, limitExact }: Pick<PanelCollective, 'limitBy' | 'limitExact'>): string =>
  `${limitBy}, ${limitExact ? 'which some schedule reaches' : 'a lower bound'}`;

/** "dp · reduce-scatter, gradients". */
export const collectiveTitle = ({ axes, op, what }: PanelCollective): string =>
  `${axes.join('·')} · ${opName(op)}, ${what}`;

/** "nodes", "switches". */
export const plural = (name: string, count: number): string => {
  if (count === 1) return name;
  if (/(s|x|ch|sh)$/.test(name)) return `${name}es`;
  return /[^aeiou]y$/.test(name) ? `${name.slice(0, -1)}ies` : `${name}s`;
};

/** One number of a pair that shares its unit with the other: at most one digit after the point. */
const short = (value: number): string => {
  const rounded = Math.round(value * 10) / 10;
  if (value > 0 && rounded === 0) return '< 0.1';
  return formatCount(Math.round(value)) === String(rounded) || rounded >= 100
    ? formatCount(Math.round(value))
    : String(rounded);
};

/** "6.4 of 21.9 TB/s": both in the unit of the capacity. */
export function carriedOf(carried: number, capacity: number): string {
  const [value, unit] = formatRate(capacity).split(' ');
  const factor = capacity / Number(value!.replaceAll(',', ''));
  return `${short(carried / factor)} of ${short(capacity / factor)} ${unit}`;
}

/** What a bundle says beside itself. */
export const heatText = (share: number, carried: number, mode: LoadMode): string =>
  mode === 'bytes' ? (carried > 0 ? formatBytesDecimal(carried) : '0') : share > 0 ? formatShare(share) : '0';

/** Name of a class of links; where two levels use the same words, with its level. */
export function linkName(model: Pick<PlanModel, 'links' | 'levels'>, index: number): string {
  const link: PanelLink | undefined = model.links[index];
  if (!link) return '';
  const twins = model.links.filter(({ name }) => name === link.name).length > 1;
  return twins ? `${link.name} (${model.levels[link.level]?.name ?? ''})` : link.name;
}

/** "8 pods · 7:1", "8 chips". */
export function levelSize(level: PanelLevel): string {
  const size = `${formatCount(level.count)} ${plural(level.child, level.count)}`;
  if (level.topology.kind === 'fat_tree' || level.ratio !== 1)
    return `${size} · ${Number(level.ratio.toPrecision(3))}:1`;
  const built = topologyName(level.topology);
  return built ? `${size} · ${built}` : size;
}

const by = (sides: readonly number[]): string => sides.join('×');

/** "torus 12×16×16", "ring", "9 groups of 4 routers"; empty for switches and what is named by its ratio. */
export function topologyName(topology: PanelTopology): string {
  switch (topology.kind) {
    case 'torus':
      return torusName(topology.dims, topology.wrap, topology.twist);
    case 'ocs':
      return `OCS · torus ${by(topology.shape)}${topology.twist ? ' · twisted' : ''}`;
    case 'rail':
      return `${topology.rails} rails${topology.spine ? '' : ' · no spine'}`;
    case 'dragonfly':
      return `dragonfly · ${topology.groups} groups · ${topology.routers} routers each`;
    case 'hyperx':
      return `HyperX ${by(topology.dims)}`;
    case 'hamming_mesh':
      return `HammingMesh · ${by(topology.boards)} boards · of ${by(topology.board)}`;
    case 'graph':
      return `${formatCount(topology.links.length)} links`;
    default:
      return '';
  }
}

function torusName(dims: readonly number[], wrap: readonly boolean[], twist: boolean): string {
  // A dimension of one or two places has no wrap to show.
  const long = dims.map((side, dim) => side > 2 || wrap[dim]);
  const closed = wrap.filter((closes, dim) => long[dim] && closes).length;
  const some = long.filter(Boolean).length;
  if (dims.length === 1) return closed > 0 ? 'ring' : 'line';
  if (twist) return `torus ${by(dims)} · twisted`;
  if (closed === some && some > 0) return `torus ${by(dims)}`;
  if (closed === 0) return `mesh ${by(dims)}`;
  const open = dims.flatMap((_, dim) => (long[dim] && !wrap[dim] ? [DIMENSIONS[dim]] : []));
  return `torus ${by(dims)} · ${open.join(', ')} open`;
}

/** "optics · 7 µs". */
export function levelMedium(level: PanelLevel): string {
  const latency = level.latency > 0 ? shortTime(level.latency) : '';
  return [level.media, latency].filter(Boolean).join(' · ');
}

/** Hardware latencies as people write them: "7 µs", "0.6 µs". */
const shortTime = (seconds: number): string =>
  formatTime(seconds)
    .replace(/(\.\d*?)0+(?= )/, '$1')
    .replace(/\.(?= )/, '');

/** "48–71", "5". */
export const span = ({ low, high }: { low: number; high: number }): string =>
  low === high ? String(low) : `${low}–${high}`;

/** Where a unit stands on every axis that it does not hold whole: "dp 48–71 · pp 5". */
export function coordinates(axes: readonly PanelAxis[], ranks: Ranks | readonly Ranks[]): string {
  const intervals = 'from' in ranks ? [ranks] : ranks;
  return axes
    .flatMap(axis => {
      const range = axis.size > 1 ? rangeOver(axis, intervals) : undefined;
      if (!range || range.high - range.low + 1 >= axis.size) return [];
      return `${axis.name} ${span(range)}`;
    })
    .join(' · ');
}

/** The axis along which a unit's siblings differ most: the outermost one that it does not hold whole. */
export function outerAxis(axes: readonly PanelAxis[], ranks: Ranks): PanelAxis | undefined {
  const partial = axes.filter(axis => {
    const range = axis.size > 1 && axis.digits.length === 1 ? coordinateRange(axis, ranks) : undefined;
    return range && range.high - range.low + 1 < axis.size;
  });
  return partial.sort((a, b) => b.digits[0]!.stride - a.digits[0]!.stride)[0];
}

/** "tp 3 · pp 5 · dp 69". */
export const rankText = (axes: readonly PanelAxis[], rank: number): string =>
  axes
    .filter(({ size }) => size > 1)
    .map(axis => `${axis.name} ${coordinate(axis, rank)}`)
    .join(' · ');

/** "line 45", for people who count from one; with the file where it is another one. */
export function lineText(source: Source, uri: string): string {
  const line = `line ${source.start.line + 1}`;
  return decoded(source.uri) === decoded(uri)
    ? line
    : `${decoded(source.uri).split('/').at(-1) ?? ''}, ${line}`;
}

/** Editors and servers escape addresses differently. */
function decoded(uri: string): string {
  try {
    return decodeURIComponent(uri);
  } catch {
    return uri;
  }
}
