/** The flows of a traffic pattern one by one: for wirings whose shape and groups give no formula. */
import type { Traffic } from './load.ts';
import { groupSize, periodOf, type Range } from './pattern.ts';
import { treeEdges } from './trees.ts';
import { positionsFrom, rootAlong } from './wiring/members.ts';
import type { Demand } from './wiring/wiring.ts';

/** Where flows are looked for: chips [from, to) of a wiring whose endpoints hold `end` chips; those within `below` are not its. */
export interface Section {
  from: number;
  to: number;
  end: number;
  below: number;
}

/** Sources beyond this many flows are sampled evenly and their bytes scaled up; such groups fit no unit of the fabric. */
const MOST_FLOWS = 400_000;

/** @returns bytes between endpoints, counted from the section's first; flows that leave the section are left out. */
export function listFlows(traffic: Traffic, section: Section): Demand[] {
  const sums = new Map<number, Demand>();
  const listed: Demand[] = [];
  const ends = Math.ceil((section.to - section.from) / section.end);
  const add = (from: number, to: number, bytes: number): void => {
    if (to < section.from || to >= section.to || from < section.from || from >= section.to) return;
    if (Math.floor(from / section.below) === Math.floor(to / section.below)) return;
    const source = Math.floor((from - section.from) / section.end);
    const target = Math.floor((to - section.from) / section.end);
    if (source === target) return;
    // Where endpoints are chips hardly two flows are of the same ones, and nobody minds.
    if (section.end === 1) {
      listed.push({ source, target, bytes });
      return;
    }
    const key = source * ends + target;
    const demand = sums.get(key);
    if (demand) demand.bytes += bytes;
    else sums.set(key, { source, target, bytes });
  };
  switch (traffic.kind) {
    case 'sets':
      for (const { windows, shift, bytes } of traffic.sets) {
        for (let chip = section.from; chip < section.to; chip++)
          if (liesIn(windows, chip)) add(chip, chip + shift, bytes);
      }
      break;
    case 'pairs':
      listPairs(traffic, section, add);
      break;
    case 'trees':
      listTrees(traffic, section, add);
      break;
    case 'gather':
    case 'packed':
      break;
  }
  return section.end === 1 ? listed : [...sums.values()];
}

/** Whether only some of the sources are listed. */
export function thinned(traffic: Traffic, section: Section): boolean {
  return traffic.kind === 'pairs' && !traffic.fromRoots && sourcesOf(groupSize(traffic.group), section) > 1;
}

/** Sources for which one is listed. */
const sourcesOf = (members: number, { from, to }: Section): number =>
  Math.max(1, Math.ceil(((to - from) * members) / MOST_FLOWS));

type Add = (from: number, to: number, bytes: number) => void;

/** Positions in each window count from the start of a period of the one around it. */
function liesIn(windows: readonly Range[], chip: number): boolean {
  let at = chip;
  return windows.every(({ period, lo, hi }) => {
    at %= period;
    return at >= lo && at < hi;
  });
}

function listPairs(
  { group, bytes, fromRoots }: Traffic & { kind: 'pairs' },
  section: Section,
  add: Add,
): void {
  const offsets = positionsFrom(group, 0);
  const every = fromRoots ? 1 : sourcesOf(offsets.length, section);
  for (let chip = section.from; chip < section.to; chip += every) {
    const first = rootAlong(group, chip);
    if (fromRoots && first !== chip) continue;
    for (const offset of offsets) add(chip, first + offset, bytes * every);
  }
}

function listTrees({ group: [digit], bytes }: Traffic & { kind: 'trees' }, section: Section, add: Add): void {
  const edges = treeEdges(digit.size);
  const period = periodOf(digit);
  for (let block = Math.floor(section.from / period) * period; block < section.to; block += period) {
    for (let residue = 0; residue < digit.stride; residue++) {
      for (const [child, parent] of edges) {
        const from = block + residue + child * digit.stride;
        const to = block + residue + parent * digit.stride;
        add(from, to, bytes);
        add(to, from, bytes);
      }
    }
  }
}
