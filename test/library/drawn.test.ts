/** The fabrics of the standard library in the placement: every unit has a place, and no class of links is left undrawn. */
import { describe, expect, test } from 'vitest';
import { newLowering } from '../../src/cli/files/lowering.ts';
import type { FabricSpec } from '../../src/engine/fabric/spec.ts';
import { LIBRARY } from '../../src/language/library.ts';
import { buildLadder } from '../../src/layout/ladder.ts';
import { slotRef } from '../../src/layout/slot.ts';
import { laneSteps } from '../../src/layout/structure.ts';
import { fitState, initialState } from '../../src/panel/state.ts';
import { createTestServices } from '../language/support.ts';
import { mesh, placement } from '../panel/fixture.ts';

const services = createTestServices();
const document = await services.parse(LIBRARY['std/fabrics'] ?? '', '/plans/std/fabrics.shard');
const lowering = newLowering(services.shardplan);
const fabrics: [string, FabricSpec][] = document.parseResult.value.decls.flatMap(decl => {
  if (decl.$type !== 'Fabric') return [];
  const { spec } = lowering.fabric(decl);
  return spec ? [[decl.name, spec] as [string, FabricSpec]] : [];
});

test('the library has fabrics', () => expect(fabrics.length).toBeGreaterThan(20));

describe.each(fabrics)('%s', (_, spec) => {
  const model = placement(spec, mesh({ dp: 4 }));
  const steps = laneSteps(model.levels);
  const lanes = [0, 1].map(
    width =>
      buildLadder({
        levels: model.levels,
        links: model.links,
        path: steps.slice(1).map(() => 0),
        columns: fitState(initialState(), model).columns,
        width: width === 0 ? 640 : 1100,
        height: 760,
      }).lanes,
  );

  test('has a place for every unit, under the pointer', () => {
    for (const lane of lanes.flat()) {
      const step = Math.max(1, Math.floor(lane.slots.count / 500));
      for (let slot = 0; slot < lane.slots.count; slot += step) {
        if (!slotRef(lane, slot)) continue;
        const { x, y, w, h } = lane.slots.rect(slot);
        expect(lane.slots.hit(x + w / 2, y + h / 2)).toBe(slot);
      }
    }
  });

  test('draws every class of links', () => {
    for (const open of lanes) {
      const drawn = new Set(
        open.flatMap(({ bundles, bars }) => [...bundles, ...bars].map(({ link }) => link)),
      );
      const left = model.links.filter((link, index) => link.kind === 'direct' && !drawn.has(index));
      expect(left.map(({ name, level }) => `${name} of ${model.levels[level]?.name}`)).toEqual([]);
    }
  });
});
