/** A medium in words: what its rows of the table say, lane by lane. */
import { type Fact, MEDIA, type Medium, type MediumRow } from '../../engine/fabric/media.ts';
import { formatEnergy, formatLength, formatTime } from '../../engine/units/format.ts';

/** "Reaches 3 m at 50G lanes, 2 m at 100G lanes. Energy at each end, per bit: 0 J. …", each figure with its range and confidence. */
export function mediumWords(medium: Medium): string {
  const rows = MEDIA.filter(row => row.medium === medium);
  const facts = [
    `Reaches ${once(rows, row => row.reach, formatLength)}.`,
    `Energy at each end, per bit: ${once(rows, row => row.energy, formatEnergy)}.`,
    sentence('Price per bandwidth over passive copper: ', rows, row => row.price, String),
    sentence('Adds ', rows, row => (row.latency?.value ? row.latency : undefined), formatTime),
  ];
  return facts.filter(Boolean).join(' ');
}

type Pick = (row: MediumRow) => Fact | undefined;
type Format = (value: number) => string;

function sentence(head: string, rows: readonly MediumRow[], pick: Pick, format: Format): string {
  return rows.some(row => pick(row)) ? `${head}${once(rows, pick, format)}.` : '';
}

/** The figure alone where all lanes have the same. */
function once(rows: readonly MediumRow[], pick: Pick, format: Format): string {
  const texts = rows.map(row => worded(pick(row), format));
  return texts.every(text => text === texts[0]) ? texts[0]! : perLane(rows, pick, format);
}

/** `3 m at 50G lanes, 2 m at 100G lanes`; one mark for all where nobody verified any. */
function perLane(rows: readonly MediumRow[], pick: Pick, format: Format): string {
  const doubtful = rows.every(row => pick(row)?.confidence === 'unverified');
  const texts = rows.map(row => `${worded(pick(row), format, !doubtful)} at ${row.lane / 1e9}G lanes`);
  return texts.join(', ') + (doubtful ? DOUBT : '');
}

const DOUBT = ' (recalled, unverified)';

function worded(fact: Fact | undefined, format: Format, marked = true): string {
  if (!fact) return 'unknown';
  const range = fact.range ? `, from ${format(fact.range[0])} to ${format(fact.range[1])}` : '';
  return `${format(fact.value)}${range}${marked && fact.confidence === 'unverified' ? DOUBT : ''}`;
}
