/** Words in the picture, in plane coordinates; the overlay puts them on screen and leaves out what does not fit. */
import { bundleHeat, linkHeat } from '../../layout/heat.ts';
import type { PlanModel } from '../../layout/model/types.ts';
import { coordinateRange, ranksOf } from '../../layout/ranks.ts';
import { type Lane, middle, type Scene } from '../../layout/scene.ts';
import { ranksOfRef } from '../../layout/slot.ts';
import { sectionsOf } from '../../layout/structure.ts';
import { isTight } from '../../layout/widths.ts';
import type { Look } from '../look.ts';
import type { Palette } from '../palette.ts';
import { textWidth } from '../placement/overlay.ts';
import {
  coordinates,
  formatCount,
  formatRate,
  heatText,
  levelMedium,
  levelSize,
  outerAxis,
  plural,
  span,
} from '../words.ts';
import { axesInside, chipLabels, gridHeaders } from './cell-labels.ts';
import type { Window } from './units.ts';

export interface Label {
  x: number;
  /** Base line. */
  y: number;
  text: string;
  anchor?: 'start' | 'middle' | 'end';
  /** Pixels. */
  size: number;
  bold?: boolean;
  tone?: 'text' | 'dim' | 'faint' | 'error';
  /** Instead of a tone: a colour of its own (on a cell). */
  colour?: string;
  /** Width in the plane that the words must fit into. */
  room?: number;
  /** Height in the plane of what they stand on: left out where that is too low on screen. */
  height?: number;
  /** Stands on lines: with a halo of the ground. */
  halo?: boolean;
  /** Reads from bottom to top. */
  turned?: boolean;
}

export interface LabelInput {
  scene: Scene;
  model: PlanModel;
  look: Look;
  palette: Palette;
  window: Window;
}

/** Everything that is written, at most some hundreds: cells out of sight write nothing. */
export function labelsOf(input: LabelInput): Label[] {
  const labels: Label[] = [];
  for (const lane of input.scene.lanes) {
    if (lane.box.y > input.window.y1 || lane.box.y + lane.box.h < input.window.y0) continue;
    if (input.scene.left > 0) labels.push(...gutterLabels(lane, input));
    labels.push(...captionLabels(lane, input));
    if (lane.sections || lane.kind === 'lattice' || lane.kind === 'routers')
      labels.push(...wiredLabels(lane, input));
    else if (
      lane.kind === 'boxes' ||
      (lane.kind === 'rails' && lane.slots.columns === lane.slots.count && lane.level > 0)
    )
      labels.push(...boxLabels(lane, input));
    else if (lane.kind === 'rails') labels.push(...railLabels(lane, input));
    else if (lane.kind === 'grid') labels.push(...gridLabels(lane, input), ...gridHeaders(lane, input));
    else labels.push(...chipLabels(lane, input), ...wiredLabels(lane, input));
    if (lane.kind === 'rails' && lane.level > 0) labels.push(...railLabels(lane, input));
  }
  return labels;
}

/** What the places alone say; "#3" stands for the load of class 3. */
function captionLabels(lane: Lane, { model, look, window }: LabelInput): Label[] {
  return (lane.captions ?? []).flatMap((caption): Label[] => {
    const { x, y, anchor, bold, room, pitch } = caption;
    if (pitch !== undefined && pitch * window.k < 13) return [];
    const common = {
      x,
      y,
      ...(anchor ? { anchor } : {}),
      ...(room === undefined ? {} : { room }),
      size: 10.5,
    };
    if (!caption.text.startsWith('#')) {
      return [{ ...common, text: caption.text, tone: bold ? 'text' : 'dim', ...(bold ? { bold } : {}) }];
    }
    const link = Number(caption.text.slice(1));
    if (!model.verdict) return [];
    const { share, carried } = linkHeat(model, link, look.collective, look.load);
    const over = share > 1.005 && look.load !== 'bytes';
    return share > 0
      ? [{ ...common, text: heatText(share, carried, look.load), bold: true, tone: over ? 'error' : 'text' }]
      : [{ ...common, text: 'idle', tone: 'faint' }];
  });
}

/** Loads of the link classes of a lane without switch bars that could say them: one line, hottest first. */
function wiredLabels(lane: Lane, { model, look, scene }: LabelInput): Label[] {
  const labels: Label[] = [];
  if (lane.kind === 'groups') {
    const all = lane.bundles.filter(({ link, name }) => link === lane.inner || name === 'global links');
    const hot = all.filter(bundle => bundleHeat(model, bundle, look.collective, look.load).share > 0);
    const [first] = hot;
    const { x, y } = middle(lane.box);
    if (first) {
      const heat = bundleHeat(model, first, look.collective, look.load);
      const over = heat.share > 1.005 && look.load !== 'bytes';
      labels.push({
        x,
        y: y - 6,
        text: heatText(heat.share, heat.carried, look.load),
        anchor: 'middle',
        halo: true,
        size: 20,
        bold: true,
        tone: over ? 'error' : 'text',
      });
      labels.push({
        x,
        y: y + 12,
        text: `on ${hot.length} of ${all.length} ${first.count > 1 ? `bundles of ${first.count}` : 'global links'}`,
        anchor: 'middle',
        halo: true,
        room: lane.box.h * 0.5,
        size: 11,
      });
    } else if (model.verdict && all.length > 0) {
      labels.push({ x, y: y + 4, text: 'global links idle', anchor: 'middle', size: 11, tone: 'dim' });
    }
    return labels;
  }
  if (lane.kind === 'polygon' || lane.kind === 'graph') {
    const level = model.levels[lane.level]!;
    if (level.topology.kind !== 'torus' && level.topology.kind !== 'graph') return labels;
    const { share, carried } = linkHeat(model, lane.inner, look.collective, look.load);
    const text = share > 0 ? heatText(share, carried, look.load) : 'idle';
    if (model.verdict && level.topology.kind === 'torus') {
      const { x, y } = middle(lane.box);
      labels.push({
        x,
        y,
        text,
        anchor: 'middle',
        size: 16,
        bold: share > 0,
        tone: share > 1.005 ? 'error' : share > 0 ? 'text' : 'faint',
      });
    }
  }
  void scene;
  return labels;
}

/** Of rails what a node's port and what the spine carries. */
function railLabels(lane: Lane, { model, look }: LabelInput): Label[] {
  const top = lane.bars.find(({ role }) => role === 'top');
  const trunk = model.links[top?.link ?? -1];
  if (!top || !trunk) return [];
  const { share, carried } = linkHeat(model, top.link, look.collective, look.load);
  const state = share > 0 ? heatText(share, carried, look.load) : model.verdict ? 'idle' : '';
  return [
    {
      x: top.rect.x + top.rect.w - 8,
      y: top.rect.y + 11.2,
      text: `${trunk.name} ${formatRate(trunk.capacity)}${state && `, ${state}`}`,
      anchor: 'end',
      size: 10.5,
      height: 12,
      room: top.rect.w,
      tone: share > 1.005 && look.load !== 'bytes' ? 'error' : 'text',
    },
  ];
}

/** Name of an open unit: "cluster" on top, "pod 2" below. */
export function laneTitle(model: PlanModel, scene: Scene, lane: Lane): string {
  const { name, others } = model.levels[lane.level]!;
  const sections = lane.section === undefined ? undefined : sectionsOf(model.levels, lane.level);
  if (sections) return `${sections.word} ${sections.title(lane.section!)}`;
  const parent = scene.lanes[lane.depth - 1];
  // Which of the parts is of this kind nobody says here.
  if (lane.depth === 0 || others) return name;
  const index = parent?.open ?? lane.unit % (model.levels[lane.level + 1]?.count ?? 1);
  return `${name} ${index}`;
}

function gutterLabels(lane: Lane, { model, scene }: LabelInput): Label[] {
  const level = model.levels[lane.level]!;
  const y = lane.box.y + 12;
  const { section } = lane;
  const ref = { level: lane.level, unit: lane.unit, ...(section === undefined ? {} : { section }) };
  const ranks = ranksOfRef(model.levels, ref, model.ranks);
  const held = coordinates(model.axes, ranks);
  const inner = lane.level === 0 && !lane.sections;
  const third = inner ? (ranks.length === 0 ? 'idle' : held) : levelMedium(level);
  const room = scene.left - 6;
  const size = section === undefined ? levelSize(level) : sectionSize(lane, model);
  const kinds = level.others && `slowest of · ${[...level.others, level.name].sort().join(', ')}`;
  const lines = [size, third, kinds ?? '']
    .filter(Boolean)
    .flatMap(line => (textWidth(line, 11) > room ? line.split(' · ') : [line]));
  return [
    { x: 0, y, text: laneTitle(model, scene, lane), size: 12.5, bold: true },
    ...lines
      .slice(0, 5)
      .map((text, index): Label => ({ x: 0, y: y + 15 + index * 14, text, size: 11, tone: 'dim' })),
  ];
}

/** "192 chips". */
function sectionSize(lane: Lane, model: PlanModel): string {
  let count = 0;
  for (let slot = 0; slot < lane.slots.count; slot++) if (lane.units.numberAt(slot) >= 0) count++;
  const name = model.levels[lane.units.level]?.name ?? 'chip';
  return `${formatCount(count)} ${plural(name, count)}`;
}

function boxLabels(lane: Lane, { model, look, scene }: LabelInput): Label[] {
  const level = model.levels[lane.level]!;
  const labels: Label[] = [];
  const bar = lane.kind === 'rails' ? undefined : lane.bars.find(({ role }) => role === 'top');
  const link = model.links[lane.uplink];
  if (bar && link) {
    const rate =
      link.span === level.childSpan ? link.capacity : link.capacity * (level.childSpan / link.span);
    labels.push({
      x: bar.rect.x + bar.rect.w - 8,
      y: bar.rect.y + 12.8,
      text: `${formatRate(rate)} per ${level.child}`,
      anchor: 'end',
      size: 11,
      room: bar.rect.w,
    });
  }
  let prefixed = false;
  const numbered =
    textWidth(`${level.child} ${level.count - 1}`, 11) >
    lane.slots.rect(0).w + (lane.kind === 'rails' ? 0 : 6);
  const differing = axesInside(model, lane.level);
  for (let child = 0; child < level.count; child++) {
    const rect = lane.slots.rect(child);
    const unit = lane.unit * level.count + child;
    const ranks = ranksOf(model.levels, lane.level - 1, unit, model.ranks);
    const idle = ranks.to <= ranks.from;
    const open = lane.open === child;
    const name = numbered ? String(child) : `${level.child} ${child}`;
    labels.push({
      x: rect.x,
      y: rect.y - 4,
      text: name,
      size: 11,
      bold: open,
      tone: idle ? 'faint' : 'text',
      room: rect.w + 6,
    });
    const axis = outerAxis(differing, ranks);
    const range = axis && coordinateRange(axis, ranks);
    let below = idle ? 'idle' : '';
    if (axis && range) {
      const whole = `${axis.name} ${span(range)}`;
      const short = (isTight(scene.width) && prefixed) || textWidth(whole, 10.5) > rect.w;
      below = short ? span(range) : whole;
      prefixed = true;
    }
    labels.push({
      x: rect.x,
      y: rect.y + rect.h + 12,
      text: below,
      size: 10.5,
      tone: idle ? 'faint' : 'dim',
      room: rect.w + 8,
    });
    const bundle = lane.bundles[child];
    if (!model.verdict || !bundle || bundle.link !== lane.uplink || lane.kind === 'rails') continue;
    const heat = bundleHeat(model, bundle, look.collective, look.load);
    labels.push({
      x: bundle.from.x + bundle.apart / 2 + bundle.width / 2 + 3,
      y: (bundle.from.y + bundle.to.y) / 2 + 4,
      text: heatText(heat.share, heat.carried, look.load),
      size: 10.5,
      bold: heat.share > 0,
      tone: heat.share > 1.005 && look.load !== 'bytes' ? 'error' : heat.share > 0 ? 'text' : 'faint',
      // As far as the strands of the next one.
      room: rect.w * 1.1 - bundle.apart - bundle.width - 4,
    });
  }
  return labels;
}

function gridLabels(lane: Lane, { model, look }: LabelInput): Label[] {
  const level = model.levels[lane.level]!;
  const top = lane.bars.find(({ role }) => role === 'top');
  const leaves = lane.bars.filter(({ role }) => role === 'leaf');
  const first = lane.bundles[0];
  if (!top || !first) return [];
  const labels: Label[] = [];
  const beside = top.rect.h > top.rect.w;
  const heat = bundleHeat(model, first, look.collective, look.load);
  const rate = formatRate(model.links[first.link]!.capacity * first.count);
  const state =
    heat.share > 0 ? `each ${heatText(heat.share, heat.carried, look.load)}` : model.verdict ? 'idle' : '';
  const name =
    leaves.length > 0 ? 'spine switches' : level.topology.kind === 'switch' ? 'switch' : 'switches';
  const said = `${lane.bundles.length} ${plural('bundle', lane.bundles.length)} of ${rate}${state && `, ${state}`}`;
  if (beside) {
    // Clear of the coordinates of the columns, which stand right above the cells.
    const y = (lane.header?.y ?? top.rect.y) - 18;
    labels.push({
      x: top.rect.x,
      y,
      text: leaves.length > 0 ? 'spine and leaves' : name,
      size: 10.5,
      tone: 'dim',
      room: 120,
    });
    labels.push({
      x: lane.box.x + lane.box.w - 12,
      y,
      text: said,
      anchor: 'end',
      size: 10.5,
      room: lane.box.w - 150,
    });
    return labels;
  }
  const y = top.rect.y + 10.5;
  labels.push({ x: top.rect.x + 8, y, text: name, size: 10.5, height: 12, room: top.rect.w / 3 });
  labels.push({
    x: top.rect.x + top.rect.w - 8,
    y,
    text: said,
    anchor: 'end',
    size: 10.5,
    height: 12,
    room: top.rect.w * 0.64,
  });
  // Narrow bars cannot say all; the share is what matters.
  if (said.length * 5.8 > top.rect.w * 0.64) {
    labels.push({
      x: top.rect.x + top.rect.w - 8,
      y,
      text: state,
      anchor: 'end',
      size: 10.5,
      height: 12,
      room: top.rect.w * 0.4,
    });
    labels.splice(-2, 1);
  }
  for (const leaf of leaves) {
    const text = leaf.count === 1 ? 'leaf' : `${leaf.count} leaves`;
    labels.push({
      ...middle(leaf.rect),
      y: leaf.rect.y + 8.5,
      text,
      anchor: 'middle',
      size: 9.5,
      room: leaf.rect.w,
    });
  }
  return labels;
}
