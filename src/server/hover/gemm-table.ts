/** What a table of measured products holds. */
import type { GemmTable } from '../../engine/fabric/spec.ts';
import { formatCount, formatShare } from '../../engine/units/index.ts';
import { isChip, type Property } from '../../language/generated/ast.ts';
import type { View } from '../view.ts';
import { keyText } from './words.ts';

const TABLES: Readonly<Record<string, 'gemmTable' | 'gemm8Table'>> = {
  'efficiency.gemm': 'gemmTable',
  'efficiency.gemm8': 'gemm8Table',
};

/** Of a key whose value is a table, where a plan uses the chip; undefined for other keys. */
export function gemmTableWords(property: Property, view: View): string | undefined {
  const chip = property.$container;
  const kind = isChip(chip) ? TABLES[keyText(property.key)] : undefined;
  if (!isChip(chip) || !kind) return undefined;
  const spec = view.report.plans
    .flatMap(({ spec }) => (spec ? [spec.fabric, ...(spec.fabric.variants ?? [])] : []))
    .find(fabric => fabric.chip.name === chip.name)?.chip;
  const table = spec?.efficiency[kind];
  return table && words(table);
}

function words({ file, shapes }: GemmTable): string {
  const shares = shapes.map(({ share }) => share).sort((a, b) => a - b);
  const size = (of: 'm' | 'n' | 'k' | 'count'): string => {
    let [least, most] = [Infinity, 0];
    for (const shape of shapes) [least, most] = [Math.min(least, shape[of]), Math.max(most, shape[of])];
    return least === most ? formatCount(least) : `${formatCount(least)} to ${formatCount(most)}`;
  };
  const grouped = shapes.some(({ count }) => count > 1);
  const rows = [
    ['m', size('m')],
    ['n', size('n')],
    ['k', size('k')],
    ...(grouped ? [['products in one launch', size('count')]] : []),
    [
      'share of peak',
      `**${formatShare(shares[0]!)}** to **${formatShare(shares.at(-1)!)}**, half of them above ${formatShare(shares[shares.length >> 1]!)}`,
    ],
  ];
  return [
    `From \`${file}\`, ${formatCount(shapes.length)} ${shapes.length === 1 ? 'shape' : 'shapes'}:`,
    ['| | |', '|---|---|', ...rows.map(row => `| ${row.join(' | ')} |`)].join('\n'),
  ].join('\n\n');
}
