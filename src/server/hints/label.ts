/** The text of one hint, in the density that the user chose. */
import type { CollectiveEstimate } from '../../engine/estimate/result.ts';
import type { CollectiveOp } from '../../engine/plan/spec.ts';
import {
  formatBytesBinary,
  formatBytesDecimal,
  formatCount,
  formatShare,
  formatTime,
} from '../../engine/units/index.ts';
import type { Settings } from '../settings.ts';
import {
  exposedField,
  type Field,
  joinFields,
  leadingTime,
  padLeft,
  padRight,
  shareField,
  timeField,
} from './fields.ts';
import type { ClaimNote, LevelNote, Note, TrafficNote } from './notes.ts';

/** What fits beside a line by default; the setting overrides it. */
const LIMIT = { totals: 48, all: 110 } as const;

/** What engineers call the operations. */
export const SHORT_OP: Readonly<Record<CollectiveOp, string>> = {
  all_reduce: 'AR',
  all_gather: 'AG',
  reduce_scatter: 'RS',
  all_to_all: 'A2A',
  broadcast: 'bcast',
  send_recv: 'send',
};

/** The hint's text; '' when the settings leave nothing to say. */
export function labelOf(note: Note, settings: Settings['hints']): string {
  if (settings.density === 'off') return '';
  const limit = settings.maxLength || LIMIT[settings.density];
  switch (note.kind) {
    case 'traffic':
      return joinFields(
        settings.density === 'all' ? longFields(note, settings) : totalFields(note, settings),
        limit,
      );
    case 'level':
      return joinFields(levelFields(note, settings), limit);
    case 'pace':
      return `${note.setter} sets the pace`;
    case 'claim':
      return claimLabel(note);
  }
}

/** Sums over the collectives of one line: what every density and the tooltip show of it. */
export function summaryOf(note: TrafficNote) {
  const byTotal = [...note.collectives].sort((a, b) => b.total - a.total);
  const main = byTotal[0]!;
  const sum = (of: (c: CollectiveEstimate) => number) =>
    note.collectives.reduce((total, c) => total + of(c), 0);
  const total = sum(c => c.total);
  const count = sum(c => c.count);
  const step = note.plan.estimate!.step.time;
  return {
    main,
    total,
    count,
    each: total / count,
    exposed: sum(c => c.exposed),
    exposedShare: step > 0 ? sum(c => c.exposed) / step : 0,
    /** Different in size or in time: then the largest and the mean speak for none of them. */
    sizes: new Set(note.collectives.map(c => formatBytesBinary(c.bytes))).size,
    times: new Set(note.collectives.map(c => formatTime(c.price.time))).size,
    /** The largest buffer. */
    largest: Math.max(...note.collectives.map(c => c.bytes)),
    /** At line rate over what it takes. */
    ofLimit: total > 0 ? sum(c => c.price.limit * c.count) / total : 1,
    level: main.price.bottleneck.level,
    // What takes no time beside the rest would only lengthen the name.
    ops: [...new Set(byTotal.filter(c => c.total >= total / 100).map(c => SHORT_OP[c.op]))].sort().join('+'),
  };
}

function totalFields(note: TrafficNote, settings: Settings['hints']): Field[] {
  const s = summaryOf(note);
  return [
    { text: settings.times ? leadingTime(s.total) : '', giveUp: 0 },
    { text: settings.exposed ? exposedField(s.exposedShare) : '', giveUp: 1 },
    { text: s.level, giveUp: 2 },
    planField(note),
  ];
}

function longFields(note: TrafficNote, settings: Settings['hints']): Field[] {
  const s = summaryOf(note);
  const levelWidth = Math.max(...note.plan.estimate!.levels.map(level => level.name.length), 0);
  const mixed = s.sizes > 1 || s.times > 1;
  const bytes = padLeft(formatBytesBinary(s.largest), 8);
  const kinds = `${formatCount(note.collectives.length)} collectives`;
  const size = mixed
    ? `${s.sizes > 1 ? 'up to ' : ''}${bytes}`
    : `${bytes} ×${padLeft(formatCount(s.count), 5)}`;
  const each = s.times > 1 ? padLeft('…', 7) : timeField(s.each);
  return [
    { text: padRight(s.ops, 5), giveUp: 1 },
    { text: mixed ? kinds : '', giveUp: 3 },
    { text: settings.bytes ? size : '', giveUp: 3 },
    { text: padRight(s.level, levelWidth), giveUp: 2 },
    { text: settings.times ? `${each} → ${timeField(s.total)}` : '', giveUp: 0 },
    { text: settings.exposed ? exposedField(s.exposedShare) : '', giveUp: 1 },
    { text: `${padLeft(formatShare(s.ofLimit), 5)} of limit`, giveUp: 4 },
    planField(note),
  ];
}

function levelFields(note: LevelNote, settings: Settings['hints']): Field[] {
  const { level } = note;
  if (level.bytes === 0) return [{ text: 'idle', giveUp: 0 }, planField(note)];
  return [
    { text: `${shareField(level.maxLoad)} used`, giveUp: 0 },
    { text: settings.bytes ? `${formatBytesDecimal(level.bytes)} cross it` : '', giveUp: 1 },
    planField(note),
  ];
}

/** Named only where several plans have numbers for the same line. */
const planField = (note: TrafficNote | LevelNote): Field => ({
  text: note.shared ? note.plan.plan : '',
  giveUp: 3,
});

function claimLabel({ claim }: ClaimNote): string {
  const mark = claim.holds === undefined ? '?' : claim.holds ? '✓' : '✗';
  return claim.actual === '' ? mark : `${claim.actual}  ${mark}`;
}
