/** How sure the constants are that a file does not state. */
import { describe, expect, test } from 'vitest';
import { restsOnDefault } from '../../../src/engine/estimate/assumptions.ts';
import { estimatePlan } from '../../../src/engine/estimate/estimate.ts';
import type { Assumption, Estimate } from '../../../src/engine/estimate/result.ts';
import type { FabricSpec, Generation, LevelSpec, Routing } from '../../../src/engine/fabric/spec.ts';
import { h100, pretrain } from './samples.ts';

function priced(fabric: FabricSpec): Estimate {
  const result = estimatePlan({ ...pretrain(), fabric });
  if (!result.ok) throw new Error(result.refusals[0]!.message);
  return result.estimate;
}

/** The first example's fabric, its shares not stated: what the generation brings. */
function ofGeneration(generation: Generation): FabricSpec {
  const { fabric } = pretrain();
  const { scaleUp: _, inSwitch: __, ...efficiency } = h100.efficiency;
  const chip = { ...h100, name: 'chip', generation, efficiency };
  const levels = fabric.levels.map((level): LevelSpec => ({ ...level, efficiencyFrom: 'chip' }));
  return { ...fabric, chip, levels };
}

function routed(routing: Routing): FabricSpec {
  const { fabric } = pretrain();
  const levels = fabric.levels.map(
    (level): LevelSpec => ({
      ...level,
      efficiencyFrom: 'stated',
      ...(level.name === 'cluster' && { routing }),
    }),
  );
  return { ...fabric, levels };
}

const about = ({ assumptions }: Estimate, key: string): Assumption | undefined =>
  assumptions.find(each => each.key === key);

describe('rates of a generation', () => {
  // Which of them somebody measured: comments of src/engine/fabric/nccl/rates.ts.
  test.each<[Generation, Assumption['confidence'], Assumption['confidence']]>([
    ['volta', 'measured', 'default'],
    ['ampere', 'measured', 'measured'],
    ['hopper', 'measured', 'measured'],
    ['blackwell', 'measured', 'measured'],
    ['cdna2', 'datasheet', 'default'],
    ['cdna3', 'measured', 'measured'],
    ['cdna4', 'default', 'default'],
  ])('%s: the share %s, the start %s', (generation, share, start) => {
    const found = priced(ofGeneration(generation));
    expect(about(found, 'node.efficiency')!.confidence).toBe(share);
    expect(about(found, 'generation')!.confidence).toBe(start);
    expect(about(found, 'pod.efficiency')!.text).toContain('387 of 400 GB/s');
    // A time is marked with ~ where something in it was made up.
    expect(restsOnDefault(found)).toBe(share === 'default' || start === 'default');
  });

  test('what the chip states is not the generation’s, and without a generation nothing is said of it', () => {
    const fabric = ofGeneration('cdna4');
    const chip = { ...fabric.chip, efficiency: { ...fabric.chip.efficiency, scaleUp: 0.8 } };
    expect(about(priced({ ...fabric, chip }), 'node.efficiency')!.text).toContain('measured on chip');
    // Trainium, Gaudi and Ascend of std/chips: nobody published what collectives reach there.
    const assumed = priced({ ...fabric, chip: { ...chip, shareBasis: 'assumed' } });
    expect(about(assumed, 'node.efficiency')).toMatchObject({ confidence: 'default' });
    expect(about(assumed, 'node.efficiency')!.text).toContain('assumed, nothing is measured on chip');
    const documented = priced({ ...fabric, chip: { ...chip, shareBasis: 'documented' } });
    expect(about(documented, 'node.efficiency')).toMatchObject({ confidence: 'datasheet' });
    expect(about(priced(pretrain().fabric), 'generation')).toBeUndefined();
  });

  test('says how far off they are', () => {
    expect(about(priced(ofGeneration('hopper')), 'generation')!.text).toContain(
      'median error 9 % below 1 MiB and 2 % from 16 MiB on',
    );
  });
});

describe('spreading over uplinks', () => {
  test('the loss of spraying is recalled: the time is marked', () => {
    const found = priced(routed('adaptive'));
    expect(about(found, 'cluster.routing')).toMatchObject({ confidence: 'default' });
    expect(about(found, 'cluster.routing')!.text).toContain('lose 5 %, recalled, unverified');
    expect(restsOnDefault(found)).toBe(true);
  });

  test('nothing is assumed where nothing is sprayed, or where nothing passes', () => {
    expect(about(priced(routed('minimal')), 'cluster.routing')).toBeUndefined();
    expect(restsOnDefault(priced(routed('minimal')))).toBe(false);
    // All of the plan lies in one of the pods then, and nothing leaves it.
    const { fabric } = pretrain();
    const wide = routed('adaptive').levels.map(
      (level): LevelSpec => (level.name === 'pod' ? { ...level, count: 4096 } : level),
    );
    expect(about(priced({ ...fabric, levels: wide }), 'cluster.routing')).toBeUndefined();
  });
});
