/** What a check of a level's topology may look at. A check is a function from this to findings and changes nothing. */
import type { LevelSpec, Topology } from '../../../engine/fabric/spec.ts';
import type { Fix, SourceRange } from '../../analysis/report.ts';
import { rangeOf, rangeOfProperty } from '../../analysis/source.ts';
import type { Level } from '../../generated/ast.ts';
import type { PlacedFailures } from '../../lower/failed.ts';
import { argumentOf, type PlacedLinks } from '../../lower/graph.ts';
import type { Entries } from '../../lower/properties.ts';
import type { Choice } from '../../values/read-choice.ts';
import type { Findings } from '../findings.ts';

export interface LevelCheck {
  node: Level;
  entries: Entries;
  /** As the text states it; undefined where it states none. */
  choice: Choice | undefined;
  topology: Topology;
  /** Children of one unit. */
  count: number;
  chipsPerChild: number;
  /** Ports of all children of one unit together, where children are joined by routers. */
  ports: number;
  /** The level of the children; undefined where they are chips. */
  below: LevelSpec | undefined;
  links: PlacedLinks;
  failed: PlacedFailures;
  findings: Findings;
}

/** Where an argument of the topology stands; the whole topology where it is not written. */
export function argumentRange({ choice, node }: LevelCheck, name: string): SourceRange {
  const value = choice && argumentOf(choice, name);
  if (value) return rangeOf(value);
  return choice ? rangeOf(choice.node) : rangeOfProperty(node, 'name');
}

/** Sets the count of children; undefined where they are of several kinds. */
export function countFix({ node }: LevelCheck, count: number): Fix | undefined {
  const [part, ...more] = node.parts;
  if (!part || more.length > 0 || !Number.isInteger(count) || count < 1) return undefined;
  return {
    title: `Set the count to ${count}`,
    edits: [{ range: rangeOfProperty(part, 'count'), newText: String(count) }],
  };
}

export const replaceArgument = (check: LevelCheck, name: string, text: string, preferred = false): Fix => ({
  title: `Change to '${text}'`,
  edits: [{ range: argumentRange(check, name), newText: text }],
  ...(preferred && { preferred }),
});

export const dimsText = (dims: readonly number[]): string => dims.join('x');
