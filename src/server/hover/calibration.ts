/** How well a log fits the level that it calibrates. */
import type { LevelSpec } from '../../engine/fabric/spec.ts';
import { formatBytesBinary, formatCount, formatShare, formatTime } from '../../engine/units/index.ts';
import { isFabric, isLevel, type Property } from '../../language/generated/ast.ts';
import type { View } from '../view.ts';
import { keyText } from './words.ts';

/** Of the key `calibrate`, where a plan uses the fabric; undefined for other keys. */
export function fitWords(property: Property, view: View): string | undefined {
  const level = property.$container;
  if (!isLevel(level) || !isFabric(level.$container) || keyText(property.key) !== 'calibrate')
    return undefined;
  const fabric = level.$container.name;
  const spec = view.report.plans
    .flatMap(plan => (plan.spec?.fabric.name === fabric ? plan.spec.fabric.levels : []))
    .find(each => each.name === level.name);
  return spec?.calibration && table(spec, spec.calibration);
}

function table(level: LevelSpec, fit: NonNullable<LevelSpec['calibration']>): string {
  const { op, bytes, error } = fit.worst;
  const stated =
    level.efficiencyFrom === 'stated'
      ? `; \`efficiency\` is stated, ${formatShare(level.efficiency)} counts`
      : '';
  const rows = [
    ['efficiency', `**${formatShare(fit.efficiency, true)}** of line rate${stated}`],
    fit.floor !== undefined && [
      'floor',
      `**${formatTime(fit.floor)}**${level.floor === fit.floor ? '' : `; stated: ${formatTime(level.floor)}`}`,
    ],
    fit.latency !== undefined && ['latency', `**${formatTime(fit.latency)}** a step`],
    ['points', `${formatCount(fit.points)} times of ${formatCount(fit.sizes)} sizes`],
    ['median error', formatShare(fit.medianError, true)],
    [
      'worst',
      `${formatShare(Math.abs(error), true)} too ${error > 0 ? 'slow' : 'fast'}: ${op.replaceAll('_', '-')} of ${formatBytesBinary(bytes)}`,
    ],
  ].filter(row => row !== false);
  return [
    `Fit to \`${fit.file}\`:`,
    ['| | |', '|---|---|', ...rows.map(row => `| ${row.join(' | ')} |`)].join('\n'),
  ].join('\n\n');
}
