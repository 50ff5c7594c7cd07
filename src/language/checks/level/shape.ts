/** `topology-shape`: sizes along the dimensions multiply to the children, and lists have an entry for each dimension. */
import { formatCount } from '../../../engine/units/format.ts';
import { rangeOf } from '../../analysis/source.ts';
import { product } from '../../lower/topology.ts';
import { argumentRange, countFix, dimsText, type LevelCheck, replaceArgument } from './context.ts';
import { nearestShape } from './nearest.ts';

export function checkShape(check: LevelCheck): void {
  const { topology, choice } = check;
  if (topology.kind === 'torus' && choice?.args.dims !== undefined) {
    checkGrid(check, topology.dims);
    checkWrap(check, topology.dims);
  }
  if (topology.kind === 'hamming_mesh') checkBoards(check, topology.board, topology.boards);
  checkLinkList(check);
}

function checkGrid(check: LevelCheck, dims: readonly number[]): void {
  const { count, node, findings } = check;
  const places = product(dims);
  if (places === count) return;
  const near = nearestShape(dims, count);
  const word = check.choice!.choice;
  const offer = near ? ` ${word}(${dimsText(near)}) has ${formatCount(count)}.` : '';
  findings.add(
    'topology-shape',
    argumentRange(check, 'dims'),
    `${dims.join(' × ')} = ${formatCount(places)} places, but a ${node.name} has ${formatCount(count)} children.${offer}`,
    { fixes: [near && replaceArgument(check, 'dims', dimsText(near), true), countFix(check, places)] },
  );
}

function checkWrap(check: LevelCheck, dims: readonly number[]): void {
  const wrap = check.choice?.args.wrap;
  if (!Array.isArray(wrap)) return;
  if (wrap.length !== dims.length) {
    const text = `[${dims.map((_, i) => wrap[i] !== false).join(', ')}]`;
    check.findings.add(
      'topology-shape',
      argumentRange(check, 'wrap'),
      `'wrap' has ${entries(wrap.length)} for ${dims.length === 1 ? 'one dimension' : `${dims.length} dimensions`}: write one for each, such as ${text}.`,
      { fixes: [replaceArgument(check, 'wrap', text, true)] },
    );
    return;
  }
  dims.forEach((size, i) => {
    if (size !== 2 || wrap[i] !== true) return;
    check.findings.add(
      'wrap-two-places',
      argumentRange(check, 'wrap'),
      `Dimension ${i + 1} has two places: the link around it would join the two that are linked already, so one link is counted.`,
    );
  });
}

function checkBoards(check: LevelCheck, board: readonly number[], boards: readonly number[]): void {
  const { count, node, findings } = check;
  if (board.length !== boards.length) {
    findings.add(
      'topology-shape',
      argumentRange(check, 'boards'),
      `A board has ${board.length} dimensions (${dimsText(board)}), the boards have ${boards.length} (${dimsText(boards)}): both lie in the same rows and columns.`,
    );
    return;
  }
  const places = product(board) * product(boards);
  if (places === count) return;
  const near = count % product(board) === 0 ? nearestShape(boards, count / product(board)) : undefined;
  const offer = near ? ` Boards ${dimsText(near)} have ${formatCount(count)}.` : '';
  findings.add(
    'topology-shape',
    argumentRange(check, 'boards'),
    `${dimsText(boards)} boards of ${dimsText(board)} have ${formatCount(places)} places, but a ${node.name} has ${formatCount(count)} children.${offer}`,
    { fixes: [near && replaceArgument(check, 'boards', dimsText(near), true), countFix(check, places)] },
  );
}

/** A list of rates belongs to a torus and has one for each dimension. */
function checkLinkList({ topology, entries: keys, findings }: LevelCheck): void {
  const entry = keys.get('link');
  const list = entry?.value;
  if (!entry || !Array.isArray(list)) return;
  const dims =
    topology.kind === 'torus' ? topology.dims : topology.kind === 'ocs' ? topology.shape : undefined;
  const range = rangeOf(entry.property.value ?? entry.property);
  if (!dims) {
    findings.add(
      'topology-shape',
      range,
      'A list of rates has one for each dimension of a torus, mesh or ocs; this topology takes one rate.',
    );
  } else if (list.length !== dims.length) {
    findings.add(
      'topology-shape',
      range,
      `'link' has ${entries(list.length)} for ${dims.length} dimensions (${dimsText(dims)}): write one rate for all, or one for each.`,
    );
  }
}

const entries = (count: number): string => (count === 1 ? 'one entry' : `${count} entries`);
