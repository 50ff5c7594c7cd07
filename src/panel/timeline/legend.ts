/** The legend of the timeline: what waits, with seconds and share, and what the greys mean. */
import type { Panel } from '../app.ts';
import { el, swatch } from '../dom.ts';
import { formatShare, formatTime } from '../words.ts';
import { kindColours } from './paint.ts';
import { kindName, type Step } from './step.ts';

const PASSES = {
  forward: 'forward',
  backward: 'backward',
  weights: 'weight gradient',
  pair: 'both in one',
} as const;

export function legendOf(
  step: Step,
  panel: Panel,
  colourOf: (axis: string) => string,
): (HTMLElement | false)[] {
  const { palette, state, model } = panel;
  const { first, op, microbatches, allMicrobatches } = step.data;
  const verdict = model!.verdict!;
  const entry = (mark: HTMLElement, text: string, more = ''): HTMLElement =>
    el('span.tl-key', {}, mark, text, el('span.dim', {}, more));
  const colours = kindColours(palette);
  const passes = new Set(op.slice(0, first[1]).map((_, block) => kindName(step, block)));
  return [
    ...Object.entries(PASSES).flatMap(([kind, name]) =>
      passes.has(kind as 'pair') ? [entry(swatch(colours[kind as 'pair']!), name)] : [],
    ),
    ...verdict.parts.flatMap(({ kind, name, seconds }) =>
      kind === 'axis' || kind === 'bubble'
        ? [
            entry(
              kind === 'axis' ? swatch(colourOf(name)) : el('span.swatch.bubble', { 'aria-hidden': 'true' }),
              `${name}${kind === 'axis' ? ' exposed' : ''} ${formatTime(seconds)}`,
              formatShare(seconds / verdict.time, true),
            ),
          ]
        : [],
    ),
    state.critical && entry(swatch(palette.error, 'tl-path'), 'critical path'),
    microbatches < allMicrobatches &&
      el('span.dim', {}, `first ${microbatches} of ${allMicrobatches} microbatches`),
  ];
}
