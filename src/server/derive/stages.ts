/** Algorithms of libraries and of several networks, in words that an engineer recognises. */
import type { AlgorithmPrice, PriceStage } from '../../engine/estimate/result.ts';
import { groupSize } from '../../engine/fabric/pattern.ts';
import { formatBytesBinary, formatCount, formatShare, formatTime } from '../../engine/units/index.ts';
import { ALGORITHM_NAME, OP_NAME } from './algorithms.ts';

/** As NCCL and RCCL print them. */
export const PROTOCOL_NAME: Readonly<Record<NonNullable<AlgorithmPrice['protocol']>, string>> = {
  ll: 'LL',
  ll128: 'LL128',
  simple: 'Simple',
};

/** `ring, LL128`. */
export const algorithmWords = ({
  algorithm,
  protocol,
}: Pick<AlgorithmPrice, 'algorithm' | 'protocol'>): string =>
  protocol ? `${ALGORITHM_NAME[algorithm]}, ${PROTOCOL_NAME[protocol]}` : ALGORITHM_NAME[algorithm];

type Layered = Pick<AlgorithmPrice, 'stages' | 'chunks' | 'levels'>;

/** `reduce-scatter inside node, all-reduce across pod, all-gather inside node, in 8 chunks`; '' where it is no such. */
export function stagesWords({ stages, chunks = 1, levels }: Layered): string {
  if (!stages) return '';
  const parts = stages.map(stage => partWords(stage, levels)).join(', ');
  return chunks > 1 ? `${parts}, in ${formatCount(chunks)} chunks` : `${parts}, one after the other`;
}

/** One part each: what it does where, by which algorithm, how long alone. */
export function stageParts(price: Layered): { words: string; how: string; time: string; share: string }[] {
  const all = (price.stages ?? []).reduce((sum, { time }) => sum + time, 0);
  return (price.stages ?? []).map(stage => ({
    words: partWords(stage, price.levels),
    how: `${formatBytesBinary(stage.bytes)} over ${formatCount(groupSize(stage.group))} by ${ALGORITHM_NAME[stage.algorithm]}`,
    time: formatTime(stage.time),
    share: formatShare(all > 0 ? stage.time / all : 0),
  }));
}

/** Rows of a derivation. */
export function stageRows(price: Layered): string[] {
  if (!price.stages) return [];
  const overlap = (price.chunks ?? 1) > 1 ? ', the parts overlap' : '';
  return [
    `| level by level | | ${stagesWords(price)}${overlap} |`,
    ...stageParts(price).map(
      ({ words, how, time, share }) => `| ${words} | ${time} | ${how}: ${share} of all parts' time alone |`,
    ),
  ];
}

/** The nearest network is gone into, those beyond it are crossed. */
function partWords({ op, levels: own }: PriceStage, levels: readonly string[]): string {
  const nearest = own.includes(levels[0] ?? '');
  return `${OP_NAME[op]} ${nearest ? 'inside' : 'across'} ${own.join(' and ')}`;
}
