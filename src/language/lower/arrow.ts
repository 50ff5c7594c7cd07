/** What an arrow between two layouts is: `W[D/fsdp] -> W[D]` is a gather, `sum tp` that becomes a split a scatter. */
import type { CollectiveOp } from '../../engine/plan/spec.ts';

export interface Layout {
  /** Dimension names in sequence, with the axes that split each. */
  dims: { name: string; axes: string[] }[];
  /** Axes over which partial sums are still open. */
  partial: string[];
}

export interface Step {
  op: CollectiveOp;
  over: string[];
  /** Whether the size is that of the result (gather) or of the input. */
  sized: 'input' | 'result';
  /** Dimensions that gain or lose an axis. */
  gains: string[];
  loses: string[];
}

export type Arrow = { ok: true; steps: Step[] } | { ok: false; message: string };

const ORDER: readonly CollectiveOp[] = ['reduce_scatter', 'all_reduce', 'all_to_all', 'all_gather'];

/** The collectives that lead from one layout to the other; none where nothing has to travel. */
export function arrowSteps(from: Layout, to: Layout): Arrow {
  const names = (layout: Layout) => layout.dims.map(d => d.name).join(', ');
  if (names(from) !== names(to))
    return {
      ok: false,
      message: `Both sides need the same dimensions: [${names(from)}] and [${names(to)}].`,
    };
  for (const layout of [from, to]) {
    const twice = repeated([...layout.dims.flatMap(d => d.axes), ...layout.partial]);
    if (twice) return { ok: false, message: `The axis '${twice}' is used twice in one layout.` };
  }
  const open = to.partial.find(axis => !from.partial.includes(axis));
  if (open) return { ok: false, message: `The sum over '${open}' appears out of nothing on the right side.` };

  const where = (layout: Layout, axis: string) => layout.dims.find(d => d.axes.includes(axis))?.name;
  const steps = new Map<CollectiveOp, Step>();
  const add = (op: CollectiveOp, axis: string, sized: Step['sized'], gains?: string, loses?: string) => {
    const step = steps.get(op) ?? { op, over: [], sized, gains: [], loses: [] };
    steps.set(op, step);
    step.over.push(axis);
    if (gains) step.gains.push(gains);
    if (loses) step.loses.push(loses);
  };
  for (const axis of from.partial) {
    if (to.partial.includes(axis)) continue;
    const gained = where(to, axis);
    if (gained) add('reduce_scatter', axis, 'input', gained);
    else add('all_reduce', axis, 'input');
  }
  for (const { name, axes } of from.dims) {
    for (const axis of axes) {
      const now = where(to, axis);
      if (now === name) continue;
      if (now) add('all_to_all', axis, 'input', now, name);
      else add('all_gather', axis, 'result', undefined, name);
    }
  }
  // An axis that only appears on the right is a local cut: nothing travels.
  return { ok: true, steps: ORDER.flatMap(op => steps.get(op) ?? []) };
}

const repeated = (names: readonly string[]): string | undefined =>
  names.find((n, i) => names.indexOf(n) !== i);
