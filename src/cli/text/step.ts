/** The step bar, as numbers: what the step consists of, and how much of it each part is. */
import type { Estimate } from '../../engine/estimate/result.ts';
import { formatShare, formatTime } from '../../engine/units/index.ts';
import type { Page } from './page.ts';
import { table } from './table.ts';

interface Piece {
  name: string;
  seconds: number;
  share: number;
}

export function stepText(estimate: Estimate, page: Page): string {
  const pieces = piecesOf(estimate);
  return table<Piece>(
    [
      { head: '', cell: piece => piece.name, foot: 'step' },
      {
        head: '',
        cell: piece => formatTime(piece.seconds),
        align: 'right',
        foot: formatTime(estimate.step.time),
      },
      { head: '', cell: piece => shareOf(piece.share), align: 'right' },
      {
        head: '',
        cell: piece => bar(piece.share),
        ink: piece => (piece.name.startsWith('exposed') ? 'yellow' : 'dim'),
        giveUp: 1,
      },
    ],
    pieces,
    page,
  );
}

/** In the sequence of the panel's bar; what takes no time is left out, compute and axes that communicate are not. */
function piecesOf({ step, collectives }: Estimate): Piece[] {
  const speaking = new Set(collectives.map(each => each.owner));
  const pieces: [string, number][] = [
    ['compute', step.compute],
    ...Object.entries(step.exposed)
      .filter(([axis, seconds]) => seconds > 0 || speaking.has(axis))
      .map(([axis, seconds]): [string, number] => [`exposed ${axis}`, seconds]),
    ['bubble', step.bubble],
    ['optimizer', step.optimizer],
    ['overhead', step.overhead],
  ];
  return pieces
    .filter(([name, seconds]) => seconds > 0 || name.startsWith('exposed'))
    .map(([name, seconds]) => ({ name, seconds, share: seconds / step.time }));
}

/** One digit always, so that the column is aligned at its point. */
export const shareOf = (share: number): string => formatShare(share, true).replace(/^0 %$/, '0.0 %');

const LENGTH = 40;
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

function bar(share: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, share)) * LENGTH * 8);
  return '█'.repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8];
}
