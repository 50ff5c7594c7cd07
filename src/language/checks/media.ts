/** `media-reach`: a cable that is longer than its medium carries the lane's rate. */
import { type Medium, mediumOf, reaching } from '../../engine/fabric/media.ts';
import type { LevelSpec } from '../../engine/fabric/spec.ts';
import { formatCount, formatLength } from '../../engine/units/format.ts';
import type { Fix } from '../analysis/report.ts';
import { rangeOf } from '../analysis/source.ts';
import type { Entries } from '../lower/properties.ts';
import type { Findings } from './findings.ts';

/** The longest cable of a level is one of those between its groups, where these have a medium of their own. */
export function checkReach(
  entries: Entries,
  { lane, length, cables }: Pick<LevelSpec, 'lane' | 'length' | 'cables'>,
  findings: Findings,
): void {
  const cable = cables?.global ?? cables?.local;
  const at = entries.get('length');
  if (!at || !cable || length === undefined || lane === undefined) return;
  if (cable.reach === undefined || length <= cable.reach) return;
  const range = rangeOf(at.property.value ?? at.property);
  const longest = `this level's longest cable is ${formatLength(length)}`;
  const own = entries.get('reach');
  if (own) {
    findings.add('media-reach', range, `Links here reach ${formatLength(cable.reach)}, ${longest}.`, {
      related: [{ message: 'Stated here.', range: rangeOf(own.property) }],
    });
    return;
  }
  const { medium } = cable;
  if (!medium) return;
  const sure = mediumOf(medium, lane).reach.confidence === 'published' ? '' : ' (recalled, unverified)';
  const rate = `${formatCount(lane / 1e9)}G per lane${entries.has('lane') ? '' : ' (no lane is stated)'}`;
  const other = reaching(length, lane).map(row => ({ medium: row.medium, reach: row.reach.value }));
  const electrical = other.find(each => each.medium === 'aec' || each.medium === 'aoc');
  const offered = [electrical, other.find(each => each.medium === 'optics')].filter(
    each => each !== undefined,
  );
  const advice =
    offered.length > 0
      ? `use ${offered.map(each => `${each.medium} (${formatLength(each.reach)})`).join(' or ')}`
      : 'state the `reach` of the modules that span it (FR4 reaches 2 km)';
  findings.add(
    'media-reach',
    range,
    `${medium} at ${rate} reaches ${formatLength(cable.reach)}${sure}, ${longest}: ${advice}.`,
    { fixes: offered.map((each, index) => mediumFix(entries, each, index === 0)) },
  );
}

/** Changes the key that names the medium of the longest cable. */
function mediumFix(
  entries: Entries,
  { medium, reach }: { medium: Medium; reach: number },
  preferred: boolean,
): Fix | undefined {
  const value = (entries.get('media.global') ?? entries.get('media') ?? entries.get('media.local'))?.property
    .value;
  if (!value) return undefined;
  return {
    title: `Use '${medium}', which reaches ${formatLength(reach)}`,
    edits: [{ range: rangeOf(value), newText: medium }],
    preferred,
  };
}
