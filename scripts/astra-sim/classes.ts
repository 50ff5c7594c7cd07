/**
 * Sorts runs into four classes, first from their settings alone, then from the time that was recorded.
 *
 * Both times go through the same two questions: is it within 2 % of the engine's price, and if not, is it below what the links
 * allow? What is left differs by the simulator's settings if the model of these settings says so: in the prediction always,
 * in the observation only where the recorded time is the model's.
 */
import { type Finish, simulate } from './model/simulate.ts';
import { enginePrice, type Price } from './physics/engine-price.ts';
import { physicalLimit } from './physics/limit.ts';
import { type Reason, reasonsOf } from './reasons.ts';
import type { Settings } from './settings.ts';

export const CLASSES = ['agree', 'below_limit', 'simulator_settings', 'unexplained'] as const;
export type Class = (typeof CLASSES)[number];

/** Relative distance from the engine's price that counts as agreement. */
export const AGREES = 0.02;
/** Relative distance of a recorded time from the model of the simulator that counts as explained. */
export const EXPLAINED = 0.005;

export interface Prediction {
  class: Class;
  /** Why it does not agree, the strongest first; or the reason why nothing can be said, in words. */
  reasons: Reason[];
  problem?: string;
  /** Nanoseconds: the engine's price, the physical limit, and when the model of the simulator ends. */
  price?: Price;
  limit?: number;
  model?: Finish;
}

/** @param settings or what in them cannot be read */
export function predict(settings: Settings | string): Prediction {
  if (typeof settings === 'string') return { class: 'unexplained', reasons: [], problem: settings };
  const price = enginePrice(settings);
  const model = simulate(settings);
  const limit = physicalLimit(settings);
  if (!price || !model) {
    const problem =
      'halvingDoubling and doubleBinaryTree need a power of two of ranks: the simulator does not finish';
    return { class: 'unexplained', reasons: [], problem, limit };
  }
  const known = { price, model, limit };
  const sorted = sort(model.last, price.time, limit) ?? 'simulator_settings';
  return { class: sorted, reasons: sorted === 'agree' ? [] : reasonsOf(settings, model, price), ...known };
}

/** @param time recorded, nanoseconds */
export function observe({ price, limit, model }: Prediction, time: number): Class {
  if (!price || !model || limit === undefined) return 'unexplained';
  const sorted = sort(time, price.time, limit);
  if (sorted) return sorted;
  return Math.abs(time / model.last - 1) <= EXPLAINED ? 'simulator_settings' : 'unexplained';
}

function sort(time: number, price: number, limit: number): 'agree' | 'below_limit' | undefined {
  if (Math.abs(time / price - 1) <= AGREES) return 'agree';
  // The simulator counts whole nanoseconds, cut off per message.
  return time < limit - 1 ? 'below_limit' : undefined;
}
