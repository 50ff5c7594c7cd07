/** `topology-ocs`: an optical circuit switch joins whole cubes of chips. */
import { formatCount } from '../../../engine/units/format.ts';
import { product } from '../../lower/topology.ts';
import { argumentRange, countFix, dimsText, type LevelCheck, replaceArgument } from './context.ts';
import { nearestShape } from './nearest.ts';

export function checkOcs(check: LevelCheck): void {
  const { topology, below, node, count, chipsPerChild, findings } = check;
  if (topology.kind !== 'ocs') return;
  const { shape } = topology;
  const at = argumentRange(check, 'shape');
  if (below?.topology.kind !== 'torus' || below.count !== chipsPerChild) {
    const what = !below
      ? 'chips'
      : below.topology.kind === 'torus'
        ? `a ${below.name} whose children are no chips`
        : `a ${below.name}, which is no torus`;
    findings.add(
      'topology-ocs',
      at,
      `An ocs joins cubes: its children must be a level of chips with \`torus(…)\` or \`mesh(…)\`, not ${what}. Write \`torus(${dimsText(shape)})\` if it is a torus of its children.`,
    );
    return;
  }
  const cube = below.topology.dims;
  if (shape.length !== cube.length) {
    findings.add(
      'topology-ocs',
      at,
      `A ${below.name} has ${cube.length} dimensions (${dimsText(cube)}), the shape has ${shape.length} (${dimsText(shape)}).`,
    );
    return;
  }
  const chips = count * chipsPerChild;
  const near = nearestShape(
    shape.map((size, i) => Math.max(1, size / cube[i]!)),
    count,
  )?.map((cubes, i) => cubes * cube[i]!);
  const fix = near && replaceArgument(check, 'shape', dimsText(near), true);
  const offer = near ? ` ${dimsText(near)} is.` : '';
  if (shape.some((size, i) => size % cube[i]! !== 0)) {
    findings.add(
      'topology-ocs',
      at,
      `${dimsText(shape)} is not made of whole ${dimsText(cube)} cubes.${offer}`,
      {
        fixes: [fix],
      },
    );
  } else if (product(shape) !== chips) {
    const cubes = product(shape) / product(cube);
    findings.add(
      'topology-ocs',
      at,
      `${shape.join(' × ')} = ${formatCount(product(shape))} chips in ${formatCount(cubes)} cubes, but a ${node.name} has ${formatCount(count)} ${below.name}${count === 1 ? '' : 's'} of ${formatCount(chipsPerChild)}: ${formatCount(chips)} chips.`,
      { fixes: [fix, countFix(check, cubes)] },
    );
  }
}
