/** What a row's words on recomputation mean for a plan. */
import type { Recompute, RecomputeItem } from '../../src/engine/plan/spec.ts';

/** Forward work that MaxText's `minimal` policy repeats: everything but the products of weights. */
const MINIMAL: readonly RecomputeItem[] = ['attention', 'norm', 'swiglu'];

/** Products that a policy may keep, by the words that name them. */
const KEPT: readonly [RegExp, readonly RecomputeItem[]][] = [
  [/qkv/i, ['qkv']],
  [/\bout\b|out(_| )?proj/i, ['out']],
  [/mlpwi|\bgate\b/i, ['mlp_up']],
  [/mlpwo/i, ['mlp_down']],
  [/context|attention/i, ['attention']],
];
/** Parts of a layer that Megatron-Core recomputes, by its own names. */
const MODULES: readonly [RegExp, RecomputeItem][] = [
  [/core_attn/i, 'attention'],
  [/rms_?norm|layer_?norm/i, 'norm'],
  [/mla/i, 'mla_up'],
  [/moe_act/i, 'moe_act'],
];
const EVERYTHING: readonly RecomputeItem[] = [
  'qkv',
  'attention',
  'out',
  'mlp_up',
  'mlp_down',
  'norm',
  'swiglu',
];

/** @returns undefined where the words leave it open */
export function recomputeOf(text: string, maxtext: boolean): Recompute | undefined {
  if (/^\s*none/i.test(text)) return { mode: 'none' };
  if (/^\s*full\b/i.test(text)) return { mode: 'full' };
  if (/selective\s*\(op\)/i.test(text)) return { mode: 'selective', items: ['op'] };
  const modules = MODULES.flatMap(([word, item]) => (word.test(text) ? [item] : []));
  if (modules.length > 0) return { mode: 'selective', items: modules };
  if (/selective|attn_only/i.test(text)) return { mode: 'selective', items: ['attention'] };
  if (/minimal/i.test(text)) return { mode: 'selective', items: [...MINIMAL] };
  // A policy that names what it keeps or offloads repeats the rest; the layer's input is kept by all of them.
  if (maxtext && /custom|offload|saved/i.test(text)) {
    const words = text.replace(/layer[_ ]inputs?|decoder[_ ]layer[_ ]input/gi, '');
    const named = KEPT.flatMap(([word, items]) => (word.test(words) ? items : []));
    // "custom offload" and no more: what the public recipes that name something have in common.
    const kept = new Set<RecomputeItem>(named.length > 0 || !/custom/i.test(text) ? named : ['qkv']);
    return { mode: 'selective', items: EVERYTHING.filter(item => !kept.has(item)) };
  }
  return undefined;
}
