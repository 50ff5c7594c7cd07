/** The verdict line and the step bar. */
import { restsOnDefault } from '../../engine/estimate/assumptions.ts';
import type { Cause, Estimate } from '../../engine/estimate/result.ts';
import type { PanelAxis, PanelVerdict, Source, StepPart } from './types.ts';

/** Pieces of the bar in a steady sequence: compute, axes in the sequence of the mesh, bubble, optimizer, overhead. */
export function panelVerdict(
  estimate: Estimate,
  axes: readonly PanelAxis[],
  locate: (causes: Cause[]) => Source | undefined,
): PanelVerdict {
  const { step, throughput, memory, bound } = estimate;
  const part = (kind: StepPart['kind'], name: string, seconds: number, cause?: Cause): StepPart => {
    const source = cause ? locate([cause]) : undefined;
    return { kind, name, seconds, ...(source ? { source } : {}) };
  };
  const exposedAxes = Object.keys(step.exposed);
  const inSequence = [
    ...axes.map(({ name }) => name).filter(name => exposedAxes.includes(name)),
    ...exposedAxes.filter(name => !axes.some(axis => axis.name === name)),
  ];
  const parts = [
    part('compute', 'compute', step.compute),
    ...inSequence.map(name => part('axis', name, step.exposed[name] ?? 0, { kind: 'axis', key: name })),
    part('bubble', 'bubble', step.bubble, { kind: 'plan', key: 'pp.schedule' }),
    part('optimizer', 'optimizer', step.optimizer, { kind: 'plan', key: 'precision.optimizer' }),
    part('overhead', 'overhead', step.overhead, { kind: 'plan', key: 'software' }),
  ].filter(({ seconds }) => seconds > 0);
  const exposed = Object.values(step.exposed).reduce((sum, seconds) => sum + seconds, 0);
  return {
    time: step.time,
    mfu: throughput.mfu,
    mfuFull: throughput.mfuFull,
    bound: { ...bound },
    memory: { peak: memory.peak, capacity: memory.capacity },
    exposedShare: step.time > 0 ? exposed / step.time : 0,
    parts,
    assumed: restsOnDefault(estimate),
    assumptions: estimate.assumptions.map(({ text }) => text),
  };
}
