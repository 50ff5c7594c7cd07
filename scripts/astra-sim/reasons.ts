/**
 * Which of the simulator's settings make it differ from physics. The model runs again with one setting at a time taken
 * out of the way; what moves its time by more than 1 % of the engine's price is named, the strongest first. What is left when
 * all are out of the way lies in how the simulator plays the algorithm.
 */
import { type Finish, type Options, simulate } from './model/simulate.ts';
import type { Price } from './physics/engine-price.ts';
import type { Settings } from './settings.ts';

export const REASONS = {
  store_and_forward: 'a hop waits for the whole message before it passes it on',
  links_not_shared: 'messages pass a link at the same time, each at its full rate (congestion-unaware)',
  chunks_and_queues: 'chunks follow each other in a queue, or overlap in several',
  endpoint_delay: 'every message waits at its end',
  reduction_memory: 'parts are added up in a memory of finite rate, after they arrived',
  rounding: 'times are cut to whole nanoseconds, message by message',
  whole_buffer_tree: 'a tree passes the whole chunk from level to level, unpipelined',
  half_way_clockwise: 'all messages half-way round a ring go clockwise, where half of them could go back',
  message_order: 'links serve whole messages in the order of their coming',
} as const;
export type Reason = keyof typeof REASONS;

/** Share of the engine's price below which an effect is not named, unless it is the strongest. */
const NAMED = 0.01;

interface Without {
  settings?: Partial<Settings>;
  options?: Options;
}

const SETTINGS: Partial<Record<Reason, Without>> = {
  store_and_forward: { options: { storeAndForward: false } },
  links_not_shared: { settings: { congestion: true }, options: { storeAndForward: false } },
  chunks_and_queues: { settings: { splits: 1, active: 1, queues: 1 } },
  endpoint_delay: { settings: { endpoint: 0 } },
  reduction_memory: { settings: { memory: Number.POSITIVE_INFINITY } },
  rounding: { options: { wholeNanoseconds: false } },
};

export function reasonsOf(settings: Settings, { last }: Finish, price: Price): Reason[] {
  const effects: { reason: Reason; effect: number }[] = [];
  let all: Without = {};
  for (const [reason, without] of Object.entries(SETTINGS) as [Reason, Without][]) {
    // Where links are not shared, no message waits for another, and none is passed on whole.
    if (reason === (settings.congestion ? 'links_not_shared' : 'store_and_forward')) continue;
    effects.push({ reason, effect: Math.abs(last - run(settings, without)) / price.time });
    all = {
      settings: { ...all.settings, ...without.settings },
      options: { ...all.options, ...without.options },
    };
  }
  const rest = Math.abs(run(settings, all) - price.time) / price.time;
  effects.push({ reason: algorithmsOwn(settings), effect: rest });
  effects.sort((a, b) => b.effect - a.effect);
  return effects.filter(({ effect }, index) => index === 0 || effect > NAMED).map(({ reason }) => reason);
}

/** What no setting takes out of the way. */
function algorithmsOwn({ dimensions }: Settings): Reason {
  if (dimensions.some(({ method }) => method === 'doubleBinaryTree')) return 'whole_buffer_tree';
  const halves = dimensions.some(
    ({ block, npus, method }) => block === 'Ring' && npus > 2 && npus % 2 === 0 && method !== 'ring',
  );
  return halves ? 'half_way_clockwise' : 'message_order';
}

function run(settings: Settings, without: Without): number {
  return simulate({ ...settings, ...without.settings }, without.options)?.last ?? Number.NaN;
}
