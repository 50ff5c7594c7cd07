/** Where somebody else's count of a collective differs from the oracle's. */
import type { Answer, Direct } from './direct.ts';

/** What the other side says of one collective with one algorithm; what it leaves out is not compared. */
export interface Theirs {
  op: Answer['op'];
  algorithm: Answer['algorithm'];
  /** Per class, named as the oracle names it, in buffers: the busiest links of the phases added up. */
  classes: ReadonlyMap<string, { bytes: number; both?: number; total?: number }>;
  /** Seconds for a buffer of one byte, without latency. */
  time?: number;
  steps?: number;
  hops?: number;
}

/** Classes that nobody uses may be left out. @returns sentences, none where all agree. */
export function differences(ours: Direct, theirs: readonly Theirs[], tolerance = 1e-9): string[] {
  const found: string[] = [];
  for (const their of theirs) {
    const name = `${their.op} by ${their.algorithm}`;
    const answer = ours.answers.find(({ op, algorithm }) => op === their.op && algorithm === their.algorithm);
    if (!answer) {
      found.push(`${name}: cannot run here`);
      continue;
    }
    const compare = (what: string, one: number | undefined, other: number): void => {
      if (one === undefined) return;
      if (Math.abs(one - other) > tolerance * Math.max(Math.abs(one), Math.abs(other), 1e-300))
        found.push(`${name}: ${what} is ${one}, counted were ${other}`);
    };
    for (const link of new Set([...answer.classes.keys(), ...their.classes.keys()])) {
      const counted = answer.classes.get(link) ?? { bytes: 0, both: 0, total: 0 };
      const said = their.classes.get(link) ?? { bytes: 0, both: 0, total: 0 };
      compare(`bytes on ${link}`, said.bytes, counted.bytes);
      compare(`bytes both ways on ${link}`, said.both, counted.both);
      compare(`bytes over all of ${link}`, said.total, counted.total);
    }
    compare('time', their.time, answer.time);
    compare('steps', their.steps, answer.steps);
    compare('hops', their.hops, answer.hops);
  }
  return found;
}
