/** What the links of a level are, how bytes choose among them, and where the groups of an axis lie on them. */
import { bisectionOf, type GroupPlace, linkKinds, placesOfGroup } from '../../engine/fabric/describe.ts';
import { type Network, type NetworkLevel, networkOf } from '../../engine/fabric/network.ts';
import { type Group, groupSize, normaliseGroup } from '../../engine/fabric/pattern.ts';
import type { FabricSpec, LevelSpec, Routing } from '../../engine/fabric/spec.ts';
import { placeMesh } from '../../engine/plan/placement.ts';
import type { PlanSpec } from '../../engine/plan/spec.ts';
import { formatCount, formatRate } from '../../engine/units/index.ts';

/** Rows about the links of a level: classes, routes, bisection, what is down; none for a level the fabric lacks. */
export function linkRows(fabric: FabricSpec, name: string): string[] {
  const level = networkOf(fabric).levels.find(({ spec }) => spec.name === name);
  if (!level) return [];
  const kinds = linkKinds(level).map(
    ({ name: link, count, capacity }) => `${formatCount(count)} × ${link} of ${formatRate(capacity)}`,
  );
  const bisection = bisectionOf(level);
  return [
    kinds.length > 0 ? `links of one ${name}, each way: ${kinds.join(', ')}` : '',
    routeWords(level),
    bisection
      ? `**${formatRate(bisection.capacity)}** each way between the halves ${bisection.halves}, at line rate`
      : '',
    missingWords(level.spec),
  ].filter(Boolean);
}

const ON_TREE: Readonly<Record<Routing, string>> = {
  minimal: 'flows are split evenly over parallel uplinks',
  dor: 'flows are split evenly over parallel uplinks',
  ecmp: 'flows are hashed onto parallel uplinks: where few meet, the busiest carries far more than its part',
  valiant: 'packets are sprayed over parallel uplinks, which loses about 5 % (recalled, unverified)',
  adaptive: 'packets are sprayed over parallel uplinks, which loses about 5 % (recalled, unverified)',
};

function routeWords({ spec }: NetworkLevel): string {
  const { topology, routing = 'minimal' } = spec;
  const detours =
    routing === 'valiant'
      ? ', over a random place between (valiant)'
      : routing === 'adaptive'
        ? ', or over a random place between where that is faster (adaptive)'
        : '';
  switch (topology.kind) {
    case 'switch':
      return topology.oversubscription === undefined && spec.uplink === undefined ? '' : ON_TREE[routing];
    case 'fat_tree':
      return ON_TREE[routing];
    case 'fully_connected':
      return spec.failed
        ? 'flows take the shortest ways past what is down'
        : 'every flow takes the link between its two ends';
    case 'torus':
      return `${gridWords(routing, topology.dims, topology.twist)}${detours}${closedWords(topology.dims, topology.wrap, topology.twist)}`;
    case 'ocs': {
      const wrap = topology.shape.map(size => size > 2);
      return `${gridWords(routing, topology.shape, topology.twist)}${detours}${closedWords(topology.shape, wrap, topology.twist)}`;
    }
    case 'hyperx':
      return `${gridWords(routing, topology.dims, false)}${detours}; along a dimension one link leads to every other switch`;
    case 'hamming_mesh':
      return `${gridWords(routing, topology.board, false)}${detours}; from board to board over the switch of the row or column`;
    case 'dragonfly':
      return routing === 'valiant'
        ? 'flows go over a random third group: two global links each (valiant)'
        : `flows go local, global, local: one global link each${routing === 'adaptive' ? ', or over a random third group where that is faster (adaptive)' : ''}`;
    case 'rail':
      return topology.spine
        ? `one rail carries the ports of one position${topology.leaf ? '; from rail to rail and beyond a leaf flows take the spine' : '; from rail to rail flows take the spine'}`
        : 'there is no spine: what is for another rail is passed on inside the child first';
    case 'graph':
      return `flows take the shortest ways, in equal parts where several are as short${detours}`;
    default:
      return '';
  }
}

/** Dimension order is what `minimal` means on a grid. */
function gridWords(routing: Routing, sizes: readonly number[], twist: boolean): string {
  if (routing === 'ecmp') return 'flows take all shortest ways, by their number (ecmp)';
  const names = sizes.flatMap((size, at) => (size > 1 ? ['xyzwvu'[at] ?? `d${at + 1}`] : []));
  if (names.length < 2) return 'flows take the shorter way';
  return `flows go dimension by dimension, ${names.join(' before ')}${twist ? ', on the shortest ways of the twisted torus' : ''}`;
}

/** Which dimensions close. */
function closedWords(sizes: readonly number[], wrap: readonly boolean[], twist: boolean): string {
  const named = (closes: boolean) =>
    sizes.flatMap((size, at) =>
      size > 2 && wrap[at] === closes ? [`${'xyzwvu'[at] ?? `d${at + 1}`} (${size})`] : [],
    );
  const rings = named(true);
  const lines = named(false);
  if (rings.length + lines.length === 0) return '';
  const verb = (list: string[], one: string, many: string) => (list.length > 1 ? many : one);
  const parts = [
    rings.length > 0 &&
      `${rings.join(' and ')} ${verb(rings, 'closes', 'close')}${twist ? ', the short sides with a twist' : verb(rings, ' to a ring', ' to rings')}`,
    lines.length > 0 && `${lines.join(' and ')} ${verb(lines, 'is a line', 'are lines')}`,
  ];
  return `; ${parts.filter(Boolean).join(', ')}`;
}

/** At most so many broken parts by number. */
const SHOWN = 6;

function missingWords({ failed, spare }: LevelSpec): string {
  const listed = (all: readonly string[]): string =>
    all.length > SHOWN ? `${all.slice(0, SHOWN).join(', ')} and ${all.length - SHOWN} more` : all.join(', ');
  const links = (failed?.links ?? []).map(([a, b]) => `${a}–${b}`);
  const children = (failed?.children ?? []).map(String);
  const parts = [
    links.length > 0 && `${links.length === 1 ? 'link' : 'links'} ${listed(links)}`,
    children.length > 0 && `${children.length === 1 ? 'child' : 'children'} ${listed(children)}`,
  ].filter(Boolean);
  const down = parts.length > 0 ? `down in every unit: ${parts.join('; ')}` : '';
  const idle = spare > 0 ? `${formatCount(spare)} of a unit's children are spare` : '';
  return [down, idle].filter(Boolean).join('; ');
}

/** Rows about the groups of an axis: the chips of the first one, and how they lie on each level it crosses. */
export function placeRows({ mesh, fabric }: Pick<PlanSpec, 'mesh' | 'fabric'>, axis: string): string[] {
  const { placement } = placeMesh(mesh, fabric);
  const group = normaliseGroup(placement.digits.get(axis) ?? []);
  if (groupSize(group) < 2) return [];
  const network = networkOf(fabric);
  if (placement.chips > network.chips) return [];
  return [
    `the first group holds chips ${membersWords(group)}`,
    ...placesOfGroup(network, group, placement.chips).map(place => placeWords(place, network)),
  ];
}

/** `0, 1, … 7`, `0, 8, … 1,016`: the first of them and the last. */
function membersWords(group: Group): string {
  let chips = [0];
  for (const { stride, size } of group) {
    // Four are shown: no more are made of each digit, inner ones vary fastest.
    const shown = Math.min(size, 4);
    chips = Array.from({ length: shown }, (_, k) => chips.map(chip => chip + k * stride))
      .flat()
      .slice(0, 4);
  }
  const last = group.reduce((sum, { stride, size }) => sum + stride * (size - 1), 0);
  const all = groupSize(group);
  const words = chips.slice(0, 4).map(chip => formatCount(chip));
  if (all <= 4) return words.join(', ');
  return `${words.slice(0, 3).join(', ')}, … ${formatCount(last)}`;
}

function placeWords(
  { level, coordinate, members, size, apart, closed }: GroupPlace,
  network: Network,
): string {
  const at = network.levels.findIndex(({ spec }) => spec.name === level);
  const child = at > 0 ? network.levels[at - 1]!.spec.name : 'chip';
  const what = coordinate
    ? `on **${level}.${coordinate}**: ${formatCount(members)} of ${formatCount(size)} places`
    : `on **${level}**: in ${formatCount(members)} of its ${formatCount(size)} children (${child})`;
  const far =
    apart === undefined
      ? ', at several distances'
      : apart === 1
        ? ', side by side'
        : `, ${formatCount(apart)} apart`;
  const closes =
    closed === 'ring'
      ? '; a ring'
      : closed === 'line'
        ? '; a line, it does not close'
        : closed === 'part'
          ? '; a line, part of a ring'
          : '';
  return `${what}${far}${closes}`;
}
