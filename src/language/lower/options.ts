/** Precision and the options of axes. Defaults are those that the schema documents. */
import type { ChipSpec, Precision } from '../../engine/fabric/spec.ts';
import { PRECISION_BYTES } from '../../engine/fabric/spec.ts';
import type { MeshSpec, PlanSpec, Recompute, RecomputeItem } from '../../engine/plan/spec.ts';
import { DIMENSION_OF } from '../../engine/units/dimension.ts';
import { evaluateNumber } from '../values/evaluate.ts';
import { isChoice } from '../values/read.ts';
import type { Env } from '../values/value.ts';
import type { Entries } from './properties.ts';
import { boolAt, numberAt, wordAt } from './properties.ts';

export function lowerPrecision(entries: Entries): PlanSpec['precision'] {
  const at = (key: string) => wordAt(entries, `precision.${key}`) as Precision | undefined;
  const compute = at('compute') ?? 'bf16';
  // Products may be narrow; weights and activations between them stay at 16 bits unless the plan says otherwise.
  const kept: Precision = PRECISION_BYTES[compute] < 2 ? 'bf16' : compute;
  const [reduce, moments] = [at('reduce'), at('moments')];
  const main = wordAt(entries, 'precision.main') as Precision | 'none' | undefined;
  return {
    compute,
    weights: at('weights') ?? kept,
    gradient: at('gradient') ?? 'fp32',
    optimizer: at('optimizer') ?? 'fp32',
    activation: at('activation') ?? kept,
    ...(reduce && { reduce }),
    ...(main && { main }),
    ...(moments && { moments }),
  };
}

/** `loss.chunk` in tokens, or in bytes of logits. */
export function lowerLoss(entries: Entries, env: Env): PlanSpec['loss'] {
  const chunk = numberAt(entries, 'loss.chunk');
  const fused = boolAt(entries, 'loss.fused');
  if (chunk === undefined && fused === undefined) return undefined;
  const written = entries.get('loss.chunk')?.property.value;
  const inBytes = written && evaluateNumber(written, env)?.dimension === DIMENSION_OF.bytes;
  return {
    ...(chunk !== undefined && (inBytes ? { chunkBytes: chunk } : { chunk })),
    ...(fused !== undefined && { fused }),
  };
}

type Passes = { overlapForward: boolean; overlapBackward: boolean };

/** `true`, `false`, `backward`, `[backward, forward]`. */
function passes(entries: Entries, key: string): Passes {
  const value = entries.get(key)?.value;
  if (value === undefined || typeof value === 'boolean') {
    const both = value ?? true;
    return { overlapForward: both, overlapBackward: both };
  }
  const words = (Array.isArray(value) ? value : [value]).filter(isChoice).map(c => c.choice);
  return { overlapForward: words.includes('forward'), overlapBackward: words.includes('backward') };
}

type Zero = PlanSpec['dp']['zero'];

export function lowerData(entries: Entries, mesh: MeshSpec): Pick<PlanSpec, 'dp' | 'fsdp'> {
  const hybrid = mesh.axes.some(axis => axis.role === 'fsdp');
  const zero = (numberAt(entries, 'dp.zero') ?? (hybrid ? 0 : 1)) as Zero;
  const accumulate = wordAt(entries, 'dp.accumulate') ?? (zero >= 2 ? 'sharded' : 'local');
  const summed = wordAt(entries, 'fsdp.accumulate') as PlanSpec['fsdp']['accumulate'];
  const prefetch = numberAt(entries, 'fsdp.prefetch');
  const gather = (axis: 'dp' | 'fsdp') => {
    const precision = wordAt(entries, `${axis}.gather`) as Precision | undefined;
    return precision === undefined ? {} : { gather: precision };
  };
  const bucket = numberAt(entries, 'dp.bucket') ?? numberAt(entries, 'fsdp.bucket');
  return {
    dp: {
      zero,
      accumulate: accumulate as PlanSpec['dp']['accumulate'],
      ...passes(entries, 'dp.overlap'),
      ...(bucket !== undefined && { bucket }),
      ...gather('dp'),
    },
    fsdp: {
      zero: (numberAt(entries, 'fsdp.zero') ?? 3) as Zero,
      reshard: boolAt(entries, 'fsdp.reshard') ?? true,
      ...(summed && { accumulate: summed }),
      ...(prefetch !== undefined && { prefetch }),
      ...gather('fsdp'),
      ...passes(entries, 'fsdp.overlap'),
    },
  };
}

export function lowerTensor(entries: Entries, chip: ChipSpec): PlanSpec['tp'] {
  return {
    sequenceParallel: boolAt(entries, 'tp.sequence_parallel') ?? chip.kind === 'tpu',
    overlap: boolAt(entries, 'tp.overlap') ?? false,
  };
}

export function lowerContext(entries: Entries): PlanSpec['cp'] {
  const value = entries.get('cp.method')?.value;
  const { choice: method = 'ring', args = {} } = isChoice(value) ? value : {};
  const balance = wordAt(entries, 'cp.balance') as PlanSpec['cp']['balance'];
  return {
    method: method as PlanSpec['cp']['method'],
    ...(typeof args.ulysses === 'number' && { ulysses: args.ulysses }),
    ...(typeof args.ring === 'number' && { ring: args.ring }),
    ...(balance === 'none' && { balance }),
  };
}

export function lowerExperts(entries: Entries, activation: Precision): PlanSpec['ep'] {
  const sms = numberAt(entries, 'ep.sms');
  const dispatcher = wordAt(entries, 'ep.dispatcher') as PlanSpec['ep']['dispatcher'];
  const overlap = wordAt(entries, 'ep.overlap') as 'microbatch' | 'shared_experts' | undefined;
  return {
    dispatch: (wordAt(entries, 'ep.dispatch') as Precision | undefined) ?? activation,
    combine: (wordAt(entries, 'ep.combine') as Precision | undefined) ?? activation,
    maxNodes: numberAt(entries, 'ep.max_nodes') ?? 0,
    imbalance: numberAt(entries, 'ep.imbalance') ?? 1,
    overlap: boolAt(entries, 'ep.overlap') ?? overlap ?? false,
    ...(dispatcher === 'all_gather' && { dispatcher }),
    ...(sms !== undefined && { sms }),
  };
}

export function lowerRecompute(entries: Entries): Recompute {
  const value = entries.get('recompute')?.value;
  if (!isChoice(value)) return { mode: 'none' };
  if (value.choice === 'full') {
    const { layers } = value.args;
    return { mode: 'full', ...(typeof layers === 'number' && { layers }) };
  }
  if (value.choice !== 'selective') return { mode: 'none' };
  const items = Array.isArray(value.args.items) ? value.args.items.filter(isChoice) : [];
  return { mode: 'selective', items: items.map(item => item.choice as RecomputeItem) };
}
