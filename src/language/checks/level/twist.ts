/** `topology-twist`: only K x K x 2K and K x 2K x 2K can be twisted, and only with links around all ends. */
import { argumentRange, dimsText, type LevelCheck, replaceArgument } from './context.ts';
import { isTwistable, nearestTwistable } from './nearest.ts';

export function checkTwist(check: LevelCheck): void {
  const { topology, findings } = check;
  if ((topology.kind !== 'torus' && topology.kind !== 'ocs') || !topology.twist) return;
  const dims = topology.kind === 'torus' ? topology.dims : topology.shape;
  const at = argumentRange(check, 'twist');
  if (!isTwistable(dims)) {
    const near = dimsText(nearestTwistable(dims));
    findings.add(
      'topology-twist',
      at,
      `${dimsText(dims)} cannot be twisted: K x K x 2K and K x 2K x 2K can, K at least 4. The nearest is ${near}.`,
      {
        fixes: [
          replaceArgument(check, 'twist', 'false', true),
          replaceArgument(check, topology.kind === 'torus' ? 'dims' : 'shape', near),
        ],
      },
    );
  } else if (topology.kind === 'torus' && topology.wrap.some(closes => !closes)) {
    findings.add(
      'topology-twist',
      at,
      'A twist shifts the links around the ends: every dimension must close. Remove `wrap`.',
    );
  }
}
