/**
 * A measured training job as the plan that a user would write. What a row leaves unstated takes one documented default per software
 * generation ({@link DEFAULTS}), never the setting that fits best.
 */

import { estimatePlan } from '../../src/engine/estimate/estimate.ts';
import type { ChipSpec, FabricSpec, LevelSpec, Precision } from '../../src/engine/fabric/spec.ts';
import type { AxisSpec, MeshSpec, PlanSpec, Recompute, Role, Schedule } from '../../src/engine/plan/spec.ts';
import { generationOf } from './generation.ts';
import type { Job } from './job.ts';
import { type Chips, chipOf, machineOf } from './machine.ts';
import { modelOf } from './model.ts';
import { recomputeOf } from './remat.ts';
import type { Row } from './row.ts';
import { isGrid, multislice } from './slice.ts';

/** What is taken for what a row does not state; docs/steps.md shows it. */
export const DEFAULTS: readonly (readonly [unstated: string, taken: string])[] = [
  ['microbatch', '1 sequence; one microbatch per step where XLA compiles the whole step'],
  [
    'virtual stages',
    'Megatron-LM on Hopper and later: two layers each where they divide, else one; interleaved in PyTorch: two',
  ],
  ['recomputation', 'as little as fits in memory; MaxText on GPUs: full'],
  ['sequence parallelism', 'on with tensor parallelism, but off before 2022'],
  [
    'overlap of tensor parallelism',
    'on with Megatron-Core and XLA; in PyTorch where the row says "async TP"',
  ],
  ['overlap of data parallelism', 'on, but off in Megatron-LM before 2024'],
  [
    'gradients on the wire',
    '32 bit in Megatron-LM itself; 16 bit in NeMo\'s and Megatron-Bridge\'s recipes, fp16 forks and "pure" precision; else 32 bit',
  ],
  ['order of ranks', 'tp, cp, dp, pp, innermost first; on a slice tensor parallelism takes whole dimensions'],
  ['chips of a rack', 'racks are filled evenly: 256 chips take 64 of each of four racks of 72'],
];

/** A plan, and what of it the row does not state, in words. */
export interface RowPlan {
  plan: PlanSpec;
  assumed: string[];
}

/** @returns a text that says what is missing */
export function planOf(row: Row, job: Job, chips: Chips): RowPlan | string {
  const chip = chipOf(row, chips);
  if (!chip) return `no chip is known by the name '${row.hardware}'`;
  const model = modelOf(job);
  if (typeof model === 'string') return model;
  if (job.chips === undefined) return 'the number of chips is not stated';
  if (job.global === undefined) return 'the global batch is not stated';
  if (job.sequence === undefined) return 'the sequence length is not stated';
  const fabric = fabricOf(row, job, chip, chips);
  if (typeof fabric === 'string') return fabric;
  const software = generationOf(chip, job);
  const mesh = meshOf(job, fabric);
  const data = dataRanks(job);
  if (!Number.isInteger(data)) return `${job.chips} chips are no multiple of tp x cp x pp`;
  const compiled = isCompiled(software);
  // A sharded batch of less than one sequence per rank happens: the step is then priced by its tokens.
  const share = job.global / data;
  const stated = accumulated(job, share) ?? job.micro ?? 1;
  const micro = compiled && job.pp === 1 ? share : Math.min(stated, share);
  const torch = software.startsWith('torchtitan');
  const pipelined = torch && job.pp > 1;
  const schedule = scheduleOf(job, software);
  const chunks = schedule.kind === 'interleaved' ? schedule.chunks : 1;
  const narrow = precisionOf(job.precision, chip);
  const modern = isMegatronCore(software);
  const overlap = !/^megatron_202[12]$/.test(software);
  const sharded = isSharded(job);
  // Megatron-LM itself sums bf16 gradients in fp32 (arguments.py: accumulate_allreduce_grads_in_fp32); NeMo's and Megatron-Bridge's recipes
  // reduce them in bf16, and so did fp16 code.
  const plainMegatron = modern && /Megatron-LM/i.test(job.source);
  const half =
    (software.startsWith('megatron') && !plainMegatron) ||
    software === 'mlperf' ||
    /pure/i.test(job.precision);
  const plan: PlanSpec = {
    name: row.id,
    fabric,
    model,
    mesh,
    batch: {
      ...wholeBatch(
        share,
        // torchtitan's batch per rank passes the pipeline in as many microbatches as there are stages.
        pipelined ? share / (job.pp * chunks) : micro,
        data,
        job.sequence,
      ),
    },
    precision: {
      compute: narrow,
      weights: 'bf16',
      gradient: half ? 'bf16' : 'fp32',
      optimizer: 'fp32',
      activation: 'bf16',
    },
    software,
    tp: {
      sequenceParallel: job.tp > 1 && (job.sequenceParallel ?? software !== 'megatron_2021'),
      overlap: modern || compiled || (/async TP/i.test(job.notes) && !/no async TP/i.test(job.notes)),
    },
    dp: {
      zero: sharded ? 0 : (Math.min(job.zero, 2) as 0 | 1 | 2),
      accumulate: 'local',
      overlapForward: overlap,
      overlapBackward: overlap,
    },
    fsdp: {
      zero: job.zero,
      reshard: true,
      overlapForward: true,
      overlapBackward: true,
      ...(/fp8 all-gather/i.test(job.precision) && { gather: 'fp8' as const }),
    },
    cp: { method: 'ring' },
    ep: {
      dispatch: 'bf16',
      combine: 'bf16',
      maxNodes: 0,
      imbalance: 1,
      overlap: /EP overlap on/i.test(job.notes),
    },
    pp: { schedule },
    recompute: { mode: 'none' },
    collectives: [],
  };
  const recompute = recomputeOf(job.recompute, compiled);
  const priced = { ...plan, recompute: recompute ?? leastRecompute(plan, software) };
  return { plan: priced, assumed: assumptionsOf(row, job, priced, recompute !== undefined) };
}

const dataRanks = ({ chips, tp, cp, pp }: Job): number => chips! / (tp * cp * pp);
/** Whether weights or gradients are split as FSDP does it, and not by an optimizer of Megatron's. */
const isSharded = ({ zero, fsdp }: Job): boolean => zero >= 2 && (fsdp !== undefined || zero === 3);
const isCompiled = (software: string): boolean => software.startsWith('maxtext');
const isMegatronCore = (software: string): boolean => software === 'megatron_2024' || software === 'mlperf';

function assumptionsOf(row: Row, job: Job, plan: PlanSpec, recomputeStated: boolean): string[] {
  const { schedule } = plan.pp;
  const compiled = isCompiled(plan.software!);
  return [
    ...(recomputeStated ? [] : [`recomputation (taken: ${wordsOf(plan.recompute)})`]),
    ...(job.pp > 1 && typeof job.chunks !== 'number'
      ? [`virtual stages (taken: ${schedule.kind === 'interleaved' ? schedule.chunks : 1})`]
      : []),
    ...(job.micro === undefined && !compiled ? [`microbatch (taken: ${plan.batch.micro})`] : []),
    ...(plan.software === 'torchtitan' && job.pp > 1
      ? ['number of microbatches (taken: one per stage)']
      : []),
    ...(plan.fabric.levels.length > 1 && row.scaleOut === undefined ? ['network between nodes'] : []),
    ...(plan.model.moe ? ['expert kernels and dispatcher'] : []),
  ];
}

function wordsOf(recompute: Recompute): string {
  if (recompute.mode === 'selective') return recompute.items.join(', ');
  return recompute.mode === 'full' && recompute.layers !== undefined
    ? `${recompute.layers} layers of each stage`
    : recompute.mode;
}

/**
 * A batch that comes out even: the largest microbatch up to the wanted one that divides a rank's share. A share that is no whole number
 * of sequences counts by its tokens.
 */
function wholeBatch(share: number, wanted: number, ranks: number, sequence: number): PlanSpec['batch'] {
  const own = Math.max(1, Math.round(share));
  let micro = Math.min(own, Math.max(1, Math.floor(wanted)));
  while (own % micro !== 0) micro--;
  return { global: own * ranks, micro, sequence: Math.round((sequence * share) / own) };
}

/** Sequences of a microbatch where a log says how many are accumulated, which is surer than a column that somebody filled in. */
function accumulated({ notes }: Job, share: number): number | undefined {
  const [, digits] = /grad(?:ient)?[- ]acc(?:umulation)? (\d+)/i.exec(notes) ?? [];
  const micro = digits === undefined ? undefined : share / Number(digits);
  return micro !== undefined && micro >= 1 && Number.isInteger(micro) ? micro : undefined;
}

/** Where a chip has one of the two 8-bit formats, products in the other run at its rate. */
function precisionOf(text: string, { peak }: ChipSpec): Precision {
  if (/mxfp8/i.test(text)) return 'mxfp8';
  if (/fp8/i.test(text)) return peak.fp8 === undefined && peak.int8 !== undefined ? 'int8' : 'fp8';
  if (/int8/i.test(text)) return peak.int8 === undefined ? 'fp8' : 'int8';
  return 'bf16';
}

/** Two layers to a virtual stage where they divide, else one. */
function scheduleOf(job: Job, software: string): Schedule {
  if (job.pp === 1) return { kind: '1f1b' };
  const perStage = Math.floor((job.layers ?? 1) / job.pp);
  const divided = perStage % 2 === 0 ? perStage / 2 : perStage;
  const modern = isMegatronCore(software);
  const chunks = job.chunks === 'interleaved' ? 2 : (job.chunks ?? (modern ? divided : 1));
  return chunks > 1 ? { kind: 'interleaved', chunks } : { kind: '1f1b' };
}

function meshOf(job: Job, fabric: FabricSpec): MeshSpec {
  const data = dataRanks(job);
  const sharded = isSharded(job);
  // Some sources count cores: no more shards than ranks.
  const shards = sharded ? largestShare(data, job.fsdp ?? data) : 1;
  const own = (name: Role, size: number): AxisSpec => ({ name, size, role: name, from: [], on: [] });
  const axes = [
    own('tp', job.tp),
    own('cp', job.cp),
    ...(sharded ? [own('fsdp', shards)] : []),
    own('dp', data / shards),
    own('pp', job.pp),
  ];
  const order = axes.map(({ name }) => name);
  if (job.ep > 1) {
    const ranks = sharded ? ['fsdp', 'dp'] : ['dp'];
    // More experts' ranks than data-parallel ones take those of tensor parallelism with them, and split no expert.
    const wide = data % job.ep !== 0 && (data * job.tp) % job.ep === 0;
    const size = wide || data % job.ep === 0 ? job.ep : data;
    axes.push({ name: 'ep', size, role: 'ep', from: wide ? ['tp', ...ranks] : ranks, on: [] });
    if (wide) return { name: fabric.name, axes, order };
    const [, split] = /expert-TP (\d+)/i.exec(job.notes) ?? [];
    const etp = split === undefined ? job.tp : Number(split);
    if (etp > 1 && job.tp % etp === 0)
      axes.push({ name: 'etp', size: etp, role: 'etp', from: ['tp'], on: [] });
  }
  return { name: fabric.name, axes, order };
}

function largestShare(ranks: number, wanted: number): number {
  for (let size = Math.min(ranks, wanted); size > 1; size--) if (ranks % size === 0) return size;
  return 1;
}

/** Line rate of the network between nodes per chip, bytes/s, where a row does not state it: what servers of that age are built with. */
const USUAL_NIC: Readonly<Record<string, number>> = {
  volta: 12.5e9,
  ampere: 25e9,
  hopper: 50e9,
  blackwell: 50e9,
};
/**
 * TPU hosts' own network, per chip (cloud.google.com/tpu/docs: v5e two 100 Gb/s cards to eight chips, v5p 50 Gb/s a chip; the
 * scaling book: 25 GB/s to four chips of v4), and the share of it that collectives reach.
 */
const HOST_NETWORK: Readonly<Record<string, number>> = {
  tpu_v4: 6.25e9,
  tpu_v5e: 3.125e9,
  tpu_v5p: 6.25e9,
  tpu_v6e: 12.5e9,
  tpu_v7: 12.5e9,
};
const HOST_SHARE = 0.51;

function fabricOf(row: Row, job: Job, chip: ChipSpec, chips: Chips): FabricSpec | string {
  const ranks = job.chips!;
  const scaleOut = row.scaleOut ?? USUAL_NIC[chip.generation ?? ''];
  const usual = { ...row, ...(scaleOut !== undefined && { scaleOut }) };
  if (!isGrid(chip, row)) {
    const machine = machineOf(usual, chips, ranks);
    return typeof machine === 'string' ? machine : machine.fabric;
  }
  const slices = multislice(chip, ranks, job.notes);
  const machine = machineOf({ ...usual, ...firstSides(job) }, chips, ranks / slices);
  if (typeof machine === 'string' || slices === 1)
    return typeof machine === 'string' ? machine : machine.fabric;
  const dcn: LevelSpec = {
    name: 'dcn',
    count: slices,
    tier: 'scale_out',
    bandwidth: scaleOut ?? HOST_NETWORK[chip.name] ?? 6.25e9,
    topology: { kind: 'switch', reduce: false },
    efficiency: HOST_SHARE,
    efficiencyFrom: 'default',
    latency: 30e-6,
    floor: 0,
    spare: 0,
  };
  return { ...machine.fabric, levels: [...machine.fabric.levels, dcn] };
}

/** A slice's dimensions are told apart by who uses them: tensor parallelism gets whole ones where it can. */
function firstSides({ tp }: Job): { prefer?: number } {
  return tp > 1 ? { prefer: tp } : {};
}

/** Share of the memory that a job may fill, and what the reckoning may be off by. */
const FILLED = 0.97;
const SLACK = 1.05;

/** As little as fits in memory: nothing, or the layers of each stage that it takes. */
function leastRecompute(plan: PlanSpec, software: string): Recompute {
  if (software === 'maxtext_gpu') return { mode: 'full' };
  const capacity = plan.fabric.chip.hbm.capacity * FILLED * SLACK;
  const peak = (recompute: Recompute): number => {
    const result = estimatePlan({ ...plan, recompute });
    return result.ok ? result.estimate.memory.peak : 0;
  };
  const whole = peak({ mode: 'none' });
  if (whole <= capacity) return { mode: 'none' };
  const least = peak({ mode: 'full' });
  const stages = plan.mesh.axes.find(({ role }) => role === 'pp')!.size;
  const most = Math.ceil(plan.model.layers / stages);
  const layers = Math.ceil((most * (whole - capacity)) / (whole - least));
  return layers >= most ? { mode: 'full' } : { mode: 'full', layers };
}
