/**
 * The numbers that the engine computes with, each with the range in which its arithmetic means something. The language checks what
 * people write with units and quick fixes; this is the engine's own wall, for callers that hand it plain data.
 */
import type { FabricSpec, LevelSpec } from '../fabric/spec.ts';
import type { ModelSpec } from '../model/spec.ts';
import type { PlanSpec } from '../plan/spec.ts';
import { unusableNumber } from './gemm-table.ts';
import type { Cause, Refusal } from './result.ts';

interface Range {
  least: number;
  most: number;
  whole?: boolean;
}

const count = (least: number, most: number): Range => ({ least, most, whole: true });
const WIDTH = count(1, 1e8);
const OPTIONAL_WIDTH = count(0, 1e8);
/** FLOP/s, bytes/s, bytes: anything that a machine can have. */
const AMOUNT: Range = { least: 1, most: 1e30 };
/** Achieved over peak; above 1 where a file states a peak too low. */
const SHARE: Range = { least: 1e-6, most: 100 };
const RATIO: Range = { least: 1e-3, most: 1e6 };
const SECONDS: Range = { least: 0, most: 1e6 };

type Look = (name: string, value: number | undefined, range: Range) => void;

/** @returns one refusal per number that is no number, or none that the formulas can use. */
export function numbersOutOfRange(plan: PlanSpec): Refusal[] {
  const refusals: Refusal[] = [];
  const looking =
    (subject: string, causeOf: (name: string) => Cause): Look =>
    (name, value, range) => {
      if (value === undefined || fits(value, range)) return;
      const message = `${subject}${name} is ${said(value)}; it must be ${wanted(range)}.`;
      refusals.push({ code: 'value-range', message, cause: causeOf(name) });
    };
  const stated = looking('', key => ({ kind: 'plan', key }));
  lookAtChip(
    plan.fabric,
    looking(`Chip ${plan.fabric.chip.name}: `, key => ({ kind: 'plan', key: `chip.${key}` })),
  );
  for (const level of plan.fabric.levels) {
    const look = looking(`Level ${level.name}: `, () => ({ kind: 'level', key: level.name }));
    lookAtLevel(level, look);
  }
  lookAtModel(
    plan.model,
    looking(`Model ${plan.model.name}: `, key => ({ kind: 'plan', key: `model.${key}` })),
  );
  for (const axis of plan.mesh.axes)
    looking('Axis ', key => ({ kind: 'axis', key }))(axis.name, axis.size, count(1, 1e8));
  lookAtPlan(plan, stated);
  for (const { name, size } of plan.collectives)
    looking('Collective ', key => ({ kind: 'collective', key }))(name, size, { least: 0, most: 1e30 });
  return refusals;
}

function fits(value: number, { least, most, whole }: Range): boolean {
  return value >= least && value <= most && (!whole || Number.isInteger(value));
}

function said(value: number): string {
  return Number.isFinite(value) ? String(value) : Number.isNaN(value) ? 'not a number' : 'unbounded';
}

function wanted({ least, most, whole }: Range): string {
  return `${whole ? 'a whole number' : 'a number'} from ${least} to ${most}`;
}

function lookAtChip({ chip }: FabricSpec, look: Look): void {
  for (const [precision, peak] of Object.entries(chip.peak)) look(`peak.${precision}`, peak, AMOUNT);
  look('hbm.capacity', chip.hbm.capacity, AMOUNT);
  look('hbm.bandwidth', chip.hbm.bandwidth, AMOUNT);
  look('sms', chip.sms, count(1, 1e6));
  for (const [key, share] of Object.entries(chip.efficiency))
    look(`efficiency.${key}`, typeof share === 'object' ? unusableNumber(share) : share, SHARE);
}

function lookAtLevel(level: LevelSpec, look: Look): void {
  const { topology } = level;
  look('count', level.count, count(1, 1e9));
  look('spare', level.spare, count(0, level.count >= 1 && level.count <= 1e9 ? level.count - 1 : 1e9));
  // A level may state its uplinks or links instead.
  const elsewhere = level.uplink !== undefined || level.link !== undefined;
  look('bandwidth', level.bandwidth, elsewhere ? { ...AMOUNT, least: 0 } : AMOUNT);
  look('uplink', level.uplink, AMOUNT);
  look('link', level.link, AMOUNT);
  look('efficiency', level.efficiency, SHARE);
  look('latency', level.latency, SECONDS);
  look('floor', level.floor, SECONDS);
  if (topology.kind === 'switch') look('oversubscription', topology.oversubscription, RATIO);
  if (topology.kind !== 'fat_tree') return;
  look('tiers', topology.tiers, count(1, 8));
  look('leaf', topology.leaf, count(1, 1e6));
  look('planes', topology.planes, count(1, 1024));
  for (const ratio of topology.oversubscription) look('oversubscription', ratio, RATIO);
}

function lookAtModel(model: ModelSpec, look: Look): void {
  look('layers', model.layers, count(1, 1e5));
  for (const key of ['hidden', 'heads', 'kvHeads', 'headDim'] as const) look(key, model[key], WIDTH);
  look('ffn', model.ffn, OPTIONAL_WIDTH);
  look('vocab', model.vocab, count(1, 1e9));
  look('normsPerLayer', model.normsPerLayer, count(0, 16));
  look('mtpLayers', model.mtpLayers, count(0, 64));
  for (const key of ['qkNormParameters', 'learnedPositions', 'extraParametersPerLayer'] as const)
    look(key, model[key], count(0, 1e15));
  look('slidingWindow', model.slidingWindow?.size, count(1, 1e12));
  look('slidingWindow.layers', model.slidingWindow?.layers, count(0, 1e5));
  if (model.mla)
    for (const [key, width] of Object.entries(model.mla)) look(`mla.${key}`, width, OPTIONAL_WIDTH);
  const { moe } = model;
  if (!moe) return;
  look('experts', moe.experts, count(1, 1e6));
  look('topk', moe.topk, count(1, moe.experts >= 1 ? moe.experts : 1e6));
  look('expertFfn', moe.expertFfn, WIDTH);
  look('sharedFfn', moe.sharedFfn, OPTIONAL_WIDTH);
  look('denseLayers', moe.denseLayers, count(0, 1e5));
}

function lookAtPlan(plan: PlanSpec, look: Look): void {
  const { schedule } = plan.pp;
  look('batch.global', plan.batch.global, count(1, 1e9));
  look('batch.micro', plan.batch.micro, count(1, 1e9));
  look('batch.sequence', plan.batch.sequence, count(1, 1e9));
  look('dp.bucket', plan.dp.bucket, AMOUNT);
  look('ep.max_nodes', plan.ep.maxNodes, count(0, 1e6));
  look('ep.imbalance', plan.ep.imbalance, { least: 1, most: 1e4 });
  look('fsdp.prefetch', plan.fsdp.prefetch, count(0, 1e4));
  look('ep.sms', plan.ep.sms, count(0, 1e6));
  look('cp.ulysses', plan.cp.ulysses, count(1, 1e6));
  look('cp.ring', plan.cp.ring, count(1, 1e6));
  look('noise', plan.noise, { least: 0, most: 10 });
  if (schedule.kind === 'interleaved' || schedule.kind === 'circular')
    look('pp.schedule', schedule.chunks, count(1, 1e4));
  for (const layers of plan.pp.layers ?? []) look('pp.layers', layers, count(0, 1e5));
}
