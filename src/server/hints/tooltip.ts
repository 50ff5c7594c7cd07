/** What stands behind a hint: markdown of a few rows, and the way to the whole. */
import type { Estimate } from '../../engine/estimate/result.ts';
import {
  formatBytesDecimal,
  formatCount,
  formatEnergy,
  formatShare,
  formatTime,
} from '../../engine/units/index.ts';
import { collectiveBrief } from '../derive/collective.ts';
import { links } from '../links.ts';
import type { View } from '../view.ts';
import type { ClaimNote, LevelNote, Note, TrafficNote } from './notes.ts';

/** Collectives that a tooltip spells out; the rest is one line. */
const SHOWN = 4;

export function tooltipOf(note: Note, view: View): string {
  return [bodyOf(note), links(view, note.plan)].filter(Boolean).join('\n\n');
}

function bodyOf(note: Note): string {
  switch (note.kind) {
    case 'traffic':
      return traffic(note);
    case 'level':
      return level(note);
    case 'pace':
      return paceBrief(note.name, note.setter);
    case 'claim':
      return claim(note);
  }
}

/** Why a level of parts of a faster kind shows no load. */
export const paceBrief = (name: string, setter: string): string =>
  `All parts do the same at the same time, and the step goes at the pace of the slowest kind: **${setter}**. Loads and times are those of its links; **${name}** waits for it.`;

function traffic(note: TrafficNote): string {
  const estimate = note.plan.estimate!;
  const byTotal = [...note.collectives].sort((a, b) => b.total - a.total);
  const parts = byTotal.slice(0, SHOWN).map(c => collectiveBrief(c, estimate));
  if (byTotal.length > SHOWN) {
    const rest = byTotal.slice(SHOWN);
    parts.push(`and ${rest.length} more: ${formatTime(rest.reduce((sum, c) => sum + c.total, 0))} a step`);
  }
  if (note.shared)
    parts.push(`Numbers of plan \`${note.plan.plan}\`; put the cursor into another plan to see its own.`);
  return parts.join('\n\n');
}

/** Rows about one level, for its hint and its hover. */
export function levelBrief({ level, plan }: Pick<LevelNote, 'level' | 'plan'>): string {
  const rows = [
    `**${formatShare(level.maxLoad, true)}** of its busiest link, **${formatShare(level.load, true)}** of all its links over a step of ${formatTime(plan.estimate!.step.time)}`,
    `**${formatBytesDecimal(level.bytes)}** cross from one child to another in a step, all chips together`,
    `${formatCount(level.used)} of ${formatCount(level.capacity)} chips use it`,
  ];
  if (level.critical > 0)
    rows.push(`the step waits **${formatTime(level.critical)}** for collectives that bind here`);
  if (level.energy) rows.push(energyRow(level.energy, plan.estimate!, level.name));
  if (level.price)
    rows.push(`**${formatCount(Math.round(level.price))} usd** to buy, by its \`price\`, spares included`);
  if (level.hottest) rows.push(`\`${level.hottest}\` fills its busiest link most`);
  return [
    `**${level.name}** (${level.tier === 'scale_up' ? 'scale-up' : 'scale-out'}) under plan \`${plan.plan}\``,
    ...rows.map(r => `- ${r}`),
  ].join('\n');
}

/** How sure the energy is stands beside it: most figures are nobody's measurement. */
function energyRow(energy: number, { energy: total, assumptions }: Estimate, level: string): string {
  const share = total ? ` (${formatShare(energy / total)} of the fabric's)` : '';
  const rests = assumptions.filter(({ key }) => key === `${level}.energy`).map(({ text }) => text);
  const from = rests.length > 0 ? `; ${rests.join(' and ')}` : '';
  return `**${formatEnergy(energy)}** a step over its links${share}${from}`;
}

const level = (note: LevelNote): string => levelBrief(note);

function claim({ claim: c, plan }: ClaimNote): string {
  const verdict = c.holds === undefined ? 'cannot be priced' : c.holds ? 'holds' : 'fails';
  return [
    `\`${c.severity} ${c.text}\` **${verdict}** in plan \`${plan.plan}\``,
    c.actual && `- actual: **${c.actual}**`,
  ]
    .filter(Boolean)
    .join('\n');
}
