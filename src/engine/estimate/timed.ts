/**
 * The step of a core, played: its time is a longest path through every operation of every stage, and the parts are what it
 * grows by when one kind of traffic after the other is put into it. They add up to the whole, and none is negative.
 */
import { playStep, type StepTimes, type StepWork } from '../schedule/step.ts';
import { dataTrafficOf, durationsOf, isInner, sendsOf } from './chunks.ts';
import { type CollectiveWork, type Core, type StageCost, sum, waitsByOwner, waitsOf } from './core.ts';

/** What the timeline of a core is played from; nothing of it is as long as the step has operations. */
export function stepWorkOf(core: Core): StepWork {
  const { plan, degrees, costs, slowest } = core;
  const sends = sendsOf(slowest.collectives);
  const data = dataTrafficOf(core.work, costs);
  return {
    schedule: plan.pp.schedule,
    stages: degrees.pp,
    microbatches: degrees.microbatches,
    durations: durationsOf(costs),
    ...(sends && { sends }),
    ...(data && { data }),
  };
}

export interface Timed {
  core: Core;
  /** Of the busiest stage's collectives, in their sequence. */
  collectives: CollectiveWork[];
  /** Seconds that the step waits, by owner. */
  exposed: Record<string, number>;
  optimizer: number;
}

/** @returns the same core with what its played step says; as it is where the pipeline has too many stages to be played */
export function timed(core: Core): Timed {
  const step = playStep(stepWorkOf(core));
  if (!step) return closed(core);
  const { costs } = core;
  // Where a pass hides less alone than in a pair, a stage works longer than its kernels and waits say.
  const busiest = busiestOf(costs, step);
  const cost = costs[busiest]!;
  const unpaired = Math.max(0, step.busy[busiest]! - cost.compute - sum(cost.inner));
  const optimizer = Math.max(...costs.map(each => each.optimizer));
  const parts = {
    sends: step.sent - step.compute,
    gathers: step.gathered - step.sent,
    reductions: step.reduced - step.gathered,
    unpaired,
  };
  const collectives = [...spread(cost.collectives, parts), ...elsewhere(cost, costs, parts)];
  const exposed: Record<string, number> = {};
  for (const { demand, exposed: seconds } of collectives)
    exposed[demand.owner] = (exposed[demand.owner] ?? 0) + seconds;
  const works = cost.compute + sum(cost.inner) + unpaired;
  const bubble = waitsOf(step.compute, works);
  const useful = cost.compute + sum(exposed) + bubble + optimizer;
  const overhead = core.overheadOf(useful);
  const slowest = { ...cost, collectives };
  return {
    core: { ...core, slowest, bubble, bubbleShare: bubble / works, overhead, time: useful + overhead },
    collectives,
    exposed,
    optimizer,
  };
}

function busiestOf(costs: readonly StageCost[], { busy }: StepTimes): number {
  let busiest = 0;
  // Stages that are alike differ by rounding alone: the first of them stands for all.
  for (let stage = 1; stage < costs.length; stage++)
    if (busy[stage]! > busy[busiest]! * (1 + 1e-12)) busiest = stage;
  return busiest;
}

function closed(core: Core): Timed {
  const { slowest } = core;
  const { collectives, optimizer } = slowest;
  return { core, collectives, exposed: waitsByOwner(slowest), optimizer };
}

type Part = 'sends' | 'gathers' | 'reductions' | 'unpaired';
type Parts = Record<Part, number>;

/** Which part of the step's growth is a collective's. */
function partOf({ demand, runsBeside, inPairs }: CollectiveWork): Part | undefined {
  if (inPairs) return 'unpaired';
  if (isInner(demand)) return undefined;
  if (demand.cover === 'pipeline') return 'sends';
  return runsBeside === 'first_forward' ? 'gathers' : 'reductions';
}

/** Every part to its collectives: as each alone would expose, or as long as each is where none would. */
function spread(collectives: readonly CollectiveWork[], parts: Parts): CollectiveWork[] {
  const alone = weights(collectives);
  const own = collectives.map(() => 0);
  for (const part of ['sends', 'gathers', 'reductions', 'unpaired'] as const) {
    const members = collectives.flatMap((each, at) => (partOf(each) === part ? [at] : []));
    share(parts[part], members, collectives, alone, own);
  }
  return collectives.map((each, at) => {
    const part = partOf(each);
    if (!part) return each;
    return { ...each, exposed: part === 'unpaired' ? each.exposed + own[at]! : own[at]! };
  });
}

/**
 * Nobody waits for a collective longer than it takes, as long as others of the same kind take longer than is waited for them; what is
 * left then is a wait for other stages, and is theirs in the first proportion.
 */
function share(
  seconds: number,
  members: readonly number[],
  collectives: readonly CollectiveWork[],
  alone: readonly number[],
  own: number[],
): void {
  let left = seconds;
  let open = [...members];
  while (left > 0 && open.length > 0) {
    const sum = open.reduce((total, at) => total + alone[at]!, 0);
    if (sum <= 0) break;
    const full = open.filter(at => (left * alone[at]!) / sum > collectives[at]!.total);
    if (full.length === 0) {
      for (const at of open) own[at] = (left * alone[at]!) / sum;
      return;
    }
    for (const at of full) {
      own[at] = collectives[at]!.total;
      left -= own[at]!;
    }
    open = open.filter(at => !full.includes(at));
  }
  for (const at of members) own[at]! += Math.max(0, left) * alone[at]!;
}

function weights(collectives: readonly CollectiveWork[]): number[] {
  const sums: Partial<Record<Part, { exposed: number; total: number }>> = {};
  for (const each of collectives) {
    const part = partOf(each);
    if (!part) continue;
    sums[part] ??= { exposed: 0, total: 0 };
    sums[part].exposed += hides(part) ? 0 : each.exposed;
    sums[part].total += each.total;
  }
  return collectives.map(each => {
    const part = partOf(each);
    const all = part && sums[part];
    if (!all) return 0;
    return all.exposed > 0 ? each.exposed / all.exposed : all.total > 0 ? each.total / all.total : 0;
  });
}

/** What an exchange hides in pairs shows alone: in proportion to its length. */
const hides = (part: Part): boolean => part === 'unpaired';

/** Parts of which the busiest stage has no collective, and still waits for: of the stage that has most of them. */
function elsewhere(busiest: StageCost, costs: readonly StageCost[], parts: Parts): CollectiveWork[] {
  const found: CollectiveWork[] = [];
  for (const part of ['sends', 'gathers', 'reductions'] as const) {
    if (parts[part] <= 0 || busiest.collectives.some(each => partOf(each) === part)) continue;
    const total = (cost: StageCost): number =>
      cost.collectives.reduce((seconds, each) => seconds + (partOf(each) === part ? each.total : 0), 0);
    const other = costs.reduce((most, cost) => (total(cost) > total(most) ? cost : most));
    for (const each of spread(other.collectives, { ...parts, unpaired: 0 }))
      if (partOf(each) === part) found.push(each);
  }
  return found;
}
