/** `fabric` to engine input: the chain of levels from the chips to the one that no other contains. */
import type { ChipSpec, FabricSpec, LevelSpec } from '../../engine/fabric/spec.ts';
import { rangeOf, rangeOfProperty } from '../analysis/source.ts';
import type { Chip, Fabric, Level } from '../generated/ast.ts';
import { isLevel } from '../generated/ast.ts';
import type { Env } from '../values/value.ts';
import type { Logs } from './calibrate.ts';
import type { Below } from './level.ts';
import { lowerLevel, partCount } from './level.ts';
import type { PlacedRefusal } from './lowered.ts';
import { mixed, refuseMixed, type Step } from './mixed.ts';
import { readProperties } from './properties.ts';

export interface FabricInput {
  env: Env;
  refusals: PlacedRefusal[];
  chip(chip: Chip): ChipSpec | undefined;
  /** A chip that the text names but does not declare at the moment. */
  lostChip(name: string): ChipSpec | undefined;
  logs: Logs;
}

export function lowerFabric(fabric: Fabric, input: FabricInput): FabricSpec | undefined {
  const { env } = input;
  readProperties(fabric.props, 'fabric', env);
  if (fabric.levels.length === 0) {
    env.findings.add(
      'fabric-empty',
      rangeOfProperty(fabric, 'name'),
      `The fabric '${fabric.name}' has no levels.`,
    );
    return undefined;
  }
  const chains = chainsOf(fabric, input);
  // Levels beside the chains are read too, so that their slips are found.
  for (const level of fabric.levels) {
    if (!chains?.some(chain => chain.some(step => step.level === level)))
      readProperties(level.props, 'level', env);
  }
  const variants = chains?.map(chain => lowerChain(fabric, chain, input));
  if (!variants?.every(variant => variant !== undefined)) return undefined;
  return variants.length === 1 ? variants[0] : mixed(chains!, variants, input);
}

function lowerChain(fabric: Fabric, chain: readonly Step[], input: FabricInput): FabricSpec | undefined {
  const { env } = input;
  const leaf = chain[0]!.part.child;
  const unit = leaf?.ref;
  const chip = isLevel(unit) ? undefined : unit ? input.chip(unit) : leaf && input.lostChip(leaf.$refText);
  if (!chip) {
    // Its own declaration (or the unresolved name) has the finding; the levels are still read.
    for (const { level } of chain) {
      readProperties(level.props, 'level', env);
      for (const part of level.parts) partCount(part, env);
    }
    return undefined;
  }
  const levels: LevelSpec[] = [];
  let below: Below = { chip, chipsPerChild: 1 };
  let sound = true;
  for (const { level } of chain) {
    const counts = level.parts.map(part => partCount(part, env));
    const count = counts.some(c => c === undefined)
      ? undefined
      : counts.reduce<number>((sum, c) => sum + c!, 0);
    const known = sound ? { levels, logs: input.logs } : undefined;
    const spec = lowerLevel(level, count, { ...below, ...(known && { known }) }, env);
    if (spec === undefined) sound = false;
    if (spec) levels.push(spec);
    below = { chip, chipsPerChild: below.chipsPerChild * (count ?? 1), ...(spec && { level: spec }) };
  }
  if (!sound || levels.length === 0) return undefined;
  if (below.chipsPerChild > 1e9) {
    const range = rangeOfProperty(fabric, 'name');
    env.findings.add(
      'value-range',
      range,
      `The fabric would have ${below.chipsPerChild.toExponential(1)} chips.`,
    );
    return undefined;
  }
  return { name: fabric.name, chip, levels };
}

/** Chips of a fabric, spare ones left out. */
export const chipsOf = (fabric: FabricSpec): number =>
  fabric.levels.reduce((n, l) => n * (l.count - l.spare), 1);

/** From the level made of chips to the top, once for each kind of parts; undefined after a finding. */
function chainsOf(fabric: Fabric, input: FabricInput): Step[][] | undefined {
  const { env } = input;
  const contained = new Set<Level>();
  for (const level of fabric.levels) {
    for (const part of level.parts) if (isLevel(part.child?.ref)) contained.add(part.child.ref);
  }
  const tops = fabric.levels.filter(level => !contained.has(level));
  if (tops.length === 0) {
    const first = fabric.levels[0]!;
    env.findings.add(
      'fabric-cycle',
      rangeOfProperty(first, 'name'),
      `The level '${first.name}' contains itself, so nothing is the top.`,
    );
    return undefined;
  }
  const names = [...new Set(tops.map(t => t.name))];
  if (names.length > 1) {
    for (const top of tops.slice(1)) {
      env.findings.add(
        'fabric-top',
        rangeOfProperty(top, 'name'),
        `No other level contains '${top.name}', nor '${tops[0]!.name}': the fabric has ${tops.length} tops.`,
        { related: [{ message: `'${tops[0]!.name}'`, range: rangeOfProperty(tops[0]!, 'name') }] },
      );
    }
    return undefined;
  }
  return reachesAll(fabric, tops[0]!, env) ? walkDown(tops[0]!, [], input) : undefined;
}

/** Levels that the top does not reach, although each is contained in some other, contain each other. */
function reachesAll(fabric: Fabric, top: Level, env: Env): boolean {
  const reached = new Set<Level>();
  const visit = (level: Level): void => {
    if (reached.has(level)) return;
    reached.add(level);
    for (const part of level.parts) if (isLevel(part.child?.ref)) visit(part.child.ref);
  };
  visit(top);
  const lost = fabric.levels.filter(level => !reached.has(level));
  for (const level of lost) {
    const inside = fabric.levels.find(each => each.parts.some(part => part.child?.ref === level));
    const through = inside && inside !== level ? ` through '${inside.name}'` : '';
    env.findings.add(
      'fabric-cycle',
      rangeOfProperty(level, 'name'),
      `The level '${level.name}' contains itself${through}, so the top '${top.name}' does not reach it.`,
    );
  }
  return lost.length === 0;
}

function walkDown(level: Level, above: readonly Step[], input: FabricInput): Step[][] | undefined {
  const { env } = input;
  if (above.some(step => step.level === level)) {
    env.findings.add(
      'fabric-cycle',
      rangeOfProperty(level, 'name'),
      `The level '${level.name}' contains itself.`,
    );
    return undefined;
  }
  if (level.parts.length === 0) {
    env.findings.add(
      'key-missing',
      rangeOf(level),
      `The level '${level.name}' does not say what it is made of.`,
    );
    return undefined;
  }
  let kinds = level.parts.filter(
    (part, index) => level.parts.findIndex(each => each.child?.ref === part.child?.ref) === index,
  );
  if (kinds.length > 1 && above.some(step => step.kinds > 1)) {
    refuseMixed(level, `'${level.name}' mixes children inside a level that mixes them, too.`, input);
    kinds = kinds.slice(0, 1);
  }
  const chains: Step[][] = [];
  for (const part of kinds) {
    const steps = [{ level, part, kinds: kinds.length }, ...above];
    const child = part.child?.ref;
    const found = isLevel(child) ? walkDown(child, steps, input) : [steps];
    if (!found) return undefined;
    chains.push(...found);
  }
  return chains;
}
