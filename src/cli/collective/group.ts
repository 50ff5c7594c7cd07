/** The ranks of one group: digits of the chip number. */
import type { Network } from '../../engine/fabric/network.ts';
import { type Group, normaliseGroup } from '../../engine/fabric/pattern.ts';
import type { FabricSpec } from '../../engine/fabric/spec.ts';
import { axesOfRole, groupOf, placeMesh } from '../../engine/plan/placement.ts';
import type { MeshSpec, Role } from '../../engine/plan/spec.ts';
import { oneOf } from '../arguments.ts';
import { UsageError } from '../command.ts';

/** @throws UsageError */
export function groupOfMesh(
  mesh: MeshSpec | undefined,
  words: string,
  network: Network,
  fabric: FabricSpec,
): { axis: string; group: Group; chips: number } {
  if (!mesh) {
    if (words !== 'all') {
      throw new UsageError(
        `The fabric '${fabric.name}' has no mesh here, so it has no axis '${words}': use --group all.`,
      );
    }
    return everyChip(network.chips);
  }
  const { placement } = placeMesh(mesh, fabric);
  if (words === 'all') return everyChip(placement.chips);
  const names = words.split('*').map(word => axisNamed(mesh, word.trim()));
  for (const name of names) {
    const parents = mesh.axes.find(each => each.name === name)?.from ?? [];
    const twice =
      names.filter(each => each === name).length > 1 || parents.some(each => names.includes(each));
    if (twice) throw new UsageError(`--group ${words}: '${name}' is in it twice.`);
  }
  const { group } = groupOf(placement, names);
  return { axis: names.join('*'), group, chips: placement.chips };
}

const everyChip = (chips: number) => ({
  axis: 'all',
  group: normaliseGroup([{ stride: 1, size: chips }]),
  chips,
});

/** By name, or by role where one axis has it. */
function axisNamed(mesh: MeshSpec, word: string): string {
  if (mesh.axes.some(each => each.name === word)) return word;
  const [only, ...more] = axesOfRole(mesh, word as Role);
  if (only && more.length === 0) return only.name;
  const known = [...mesh.axes.map(each => each.name), 'all'];
  throw new UsageError(`The mesh '${mesh.name}' has no axis '${word}': ${oneOf(word, known)}`);
}
