/**
 * Nodes on rails: port i of every node hangs on the switch of rail i, one set of rail switches for every so many nodes, spines
 * above them or none. Rails are lines across the nodes; every node drops a line to each, so no cables cross.
 */
import { laneLinks, wiredLink } from '../links.ts';
import { type Bar, type Bundle, type Caption, type DrawnLane, type Rect, strandWidth } from '../scene.ts';
import { fitTrack, gridSlots, listSlots, trackStart } from '../slots.ts';
import { isNarrow } from '../widths.ts';
import { boxShape } from './boxes.ts';
import type { LaneInput } from './input.ts';

const PAD = 10;
const SPINE = 15;
const RAIL = 5;
const RAIL_GAP = 3;
const TRUNK = 22;
const DROP = 12;
const LABEL = 14;
const NAMES = 44;
/** More rails are drawn as one band, more sets of rail switches share a segment. */
const MOST_RAILS = 16;
const MOST_SETS = 16;

export function railsLane(input: LaneInput): DrawnLane {
  const { levels, links, level, unit, depth, top, left, width, room } = input;
  const spec = levels[level]!;
  const topology = spec.topology.kind === 'rail' ? spec.topology : { rails: 1, spine: true, leaf: undefined };
  const pad = depth > 0 ? PAD : 2;
  const names = isNarrow(width) ? 0 : NAMES;
  const x0 = left + pad + names;
  const extent = width - left - 2 * pad - names;
  const rails = Math.min(MOST_RAILS, topology.rails);
  const perSet = Math.min(spec.count, topology.leaf ?? spec.count);
  const shape = level > 0 ? boxShape(spec, width - names, input.height) : undefined;
  const columns = shape?.rows === 1 ? spec.count : columnsFor(input, perSet);
  // A single row is as high as a row of boxes, and its nodes have names.
  const boxes = columns === spec.count && level > 0;
  const sets = Math.min(MOST_SETS, Math.max(1, Math.round(columns / Math.min(columns, perSet))));
  const across = fitTrack(x0, extent, columns, Math.ceil(columns / sets), {
    inner: boxes ? Math.min(12, (extent / columns) * 0.14) : 1,
    outer: boxes ? Math.min(20, (extent / columns) * 0.3) : 7,
  });
  const spineY = top + pad;
  const railsY = spineY + (topology.spine ? SPINE + TRUNK : 4);
  const railY = (rail: number): number => railsY + rail * (RAIL + RAIL_GAP);
  const cellsY = railY(rails - 1) + RAIL + DROP + (boxes ? LABEL : 6);

  const up = upward(input);
  const bars: Bar[] = [];
  const bundles: Bundle[] = [];
  const first = unit * spec.span;
  const common = { ...(spec.media === undefined ? {} : { media: spec.media }), tier: spec.tier };
  if (topology.spine)
    bars.push({ rect: { x: x0, y: spineY, w: extent, h: SPINE }, role: 'top', count: 1, link: up.trunk });
  const perSegment = Math.ceil(columns / sets);
  const setCount = Math.ceil(spec.count / perSet);
  for (let set = 0; set < sets; set++) {
    const from = set * perSegment;
    const to = Math.min(columns, from + perSegment) - 1;
    if (from > to) break;
    const x = trackStart(across, from) - 2;
    const w = trackStart(across, to) + across.size + 2 - x;
    const shared = Math.max(1, Math.round(setCount / sets));
    const chips = {
      from: first + from * spec.childSpan,
      to: Math.min(first + spec.span, first + from * spec.childSpan + perSet * spec.childSpan),
    };
    for (let rail = 0; rail < rails; rail++) {
      bars.push({ rect: { x, y: railY(rail), w, h: RAIL }, role: 'leaf', count: shared, link: up.port });
    }
    if (topology.spine) {
      const strand = Math.min(
        strandWidth((links[up.trunk]?.capacity ?? spec.bandwidth) * topology.rails),
        w / 6,
        8,
      );
      const mid = x + w / 2;
      bundles.push({
        from: { x: mid, y: spineY + SPINE },
        to: { x: mid, y: railsY },
        strands: 2,
        apart: strand + 6,
        width: strand,
        link: up.trunk,
        name: 'rail switch to spine',
        ...(links[up.trunk]?.kind === 'direct' ? { direct: true } : {}),
        chips,
        count: topology.rails * shared,
        ...common,
      });
    }
  }
  drops({
    input,
    bundles,
    across,
    columns,
    rails,
    railY,
    bottom: cellsY - (boxes ? LABEL : 0),
    link: up.port,
    first,
  });
  const captions = railNames(input, { x: x0 - 6, rails, railY, spine: topology.spine, spineY });
  const body = boxes
    ? boxed(across, cellsY, spec.count, shape?.rows === 1 ? shape.picture : 44)
    : cells(across, cellsY, spec.count, columns, Math.max(60, room - (cellsY - top)));
  return {
    kind: 'rails',
    depth,
    level,
    unit,
    firstChip: first,
    box: { x: left, y: top, w: width - left, h: body.bottom + (boxes ? LABEL : 0) + pad - top },
    bars,
    bundles,
    slots: body.slots,
    captions,
    uplink: up.port,
    inner: -1,
  };
}

/** Classes from a node to its rail switches, and from those to the spine. */
function upward({ levels, links, level }: LaneInput): { port: number; trunk: number } {
  const tree = laneLinks(levels, links, level);
  const of = (...names: string[]): number => {
    const named = wiredLink(links, level, ...names);
    return links[named] && names.some(name => links[named]!.name.startsWith(name)) ? named : -1;
  };
  const port = of('port');
  const trunk = of('rail switch to spine');
  return { port: port >= 0 ? port : tree.uplink, trunk: trunk >= 0 ? trunk : (tree.trunks[0] ?? -1) };
}

/** Rows as long as a set of rail switches, or a few sets. */
function columnsFor({ levels, level, columns }: LaneInput, perSet: number): number {
  const spec = levels[level]!;
  const wanted = Math.min(spec.count, columns[spec.name] ?? 32);
  if (perSet >= wanted) return wanted;
  return Math.min(spec.count, perSet * Math.max(1, Math.round(wanted / perSet)));
}

interface Drops {
  input: LaneInput;
  bundles: Bundle[];
  across: ReturnType<typeof fitTrack>;
  columns: number;
  rails: number;
  railY(rail: number): number;
  bottom: number;
  link: number;
  first: number;
}

/** From every node of the first row a line to each rail, or one to all of them where lines would touch. */
function drops({ input, bundles, across, columns, rails, railY, bottom, link, first }: Drops): void {
  const { levels, links, level } = input;
  const spec = levels[level]!;
  const step = across.size / (rails + 1);
  const apart = step >= 2.8;
  const every = across.size + across.inner < 8 ? Math.ceil(8 / (across.size + across.inner)) : 1;
  for (let column = 0; column < columns; column += every) {
    const x = trackStart(across, column);
    const chip = first + column * spec.childSpan;
    const lines = apart ? rails : 1;
    for (let line = 0; line < lines; line++) {
      const at = apart ? x + step * (line + 1) : x + across.size / 2;
      bundles.push({
        from: { x: at, y: railY(apart ? line : 0) + RAIL },
        to: { x: at, y: bottom },
        strands: 1,
        apart: 0,
        width: apart ? Math.min(2.4, step * 0.45) : Math.min(3, across.size / 3),
        link,
        name: 'node to rail',
        ...(links[link]?.kind === 'direct' ? { direct: true } : {}),
        chips: { from: chip, to: chip + spec.childSpan },
        // Dashes would fall between the rails and be lost.
        tier: spec.tier,
        count: apart ? 1 : rails,
      });
    }
  }
}

function railNames(
  { width, levels, level }: LaneInput,
  at: { x: number; rails: number; railY(rail: number): number; spine: boolean; spineY: number },
): Caption[] {
  if (isNarrow(width)) return [];
  const topology = levels[level]!.topology;
  const total = topology.kind === 'rail' ? topology.rails : at.rails;
  const common = { x: at.x, anchor: 'end' as const };
  const [low, high] = [at.railY(0) + RAIL + 3, at.railY(at.rails - 1) + RAIL + 2];
  return [
    ...(at.spine ? [{ ...common, y: at.spineY + 11, text: 'spine' }] : []),
    { ...common, y: low, text: 'rail 0' },
    ...(total > 2 ? [{ ...common, y: Math.max(high, low + 12), text: String(total - 1) }] : []),
  ];
}

function boxed(across: ReturnType<typeof fitTrack>, y: number, count: number, picture: number) {
  const rects = Array.from(
    { length: count },
    (_, index): Rect => ({
      x: trackStart(across, index),
      y,
      w: across.size,
      h: picture,
    }),
  );
  return { slots: { ...listSlots(rects), columns: count }, bottom: y + picture };
}

function cells(across: ReturnType<typeof fitTrack>, y: number, count: number, columns: number, room: number) {
  const rows = Math.ceil(count / columns);
  const pitch = Math.max(rows > 100 ? 0.3 : 3, Math.min(15, room / rows));
  const gap = pitch >= 9 ? 2 : pitch >= 3 ? 1 : 0;
  const down = {
    start: y,
    size: Math.max(0.2, pitch - gap),
    count: rows,
    block: rows,
    inner: gap,
    outer: gap,
  };
  return { slots: gridSlots(count, across, down), bottom: trackStart(down, rows - 1) + down.size };
}
