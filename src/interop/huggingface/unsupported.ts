/** What a `config.json` may say that the formulas do not know, and what is safe to pass over. */
import type { Reader } from './reader.ts';

/** Keys of layers that are not attention followed by an MLP: an error wherever they state something. */
const otherLayers: [RegExp, string][] = [
  [
    /^(hybrid_override_pattern|layers_block_type|attn_type_list|attn_layer_(period|offset|indices))$/,
    'mixes other kinds of layers with attention',
  ],
  [
    /^(linear_|full_attention_interval$|linear_attn_config$|lightning_|attn_output_gate$)/,
    'has linear-attention layers',
  ],
  [/^(mamba_|ssm_|conv_kernel$|state_size$|time_step_)/, 'has state-space layers'],
  [
    /^(global_head_dim|num_global_key_value_heads|attention_k_eq_v|enable_moe_block|num_kv_shared_layers|hidden_size_per_layer_input|use_double_wide_mlp)$/,
    'has layers of different head sizes, shared keys or an MLP beside its experts (Gemma 3n, Gemma 4)',
  ],
  [
    /^(encoder_layers|decoder_layers|num_encoder_layers|num_decoder_layers|cross_attention_layers|add_cross_attention)$/,
    'has an encoder or cross-attention',
  ],
];

/** Keys that change neither the number of parameters nor the arithmetic of training. */
const harmless: RegExp[] = [
  /_token_(id|index)$/,
  /_tokens_per_image$/,
  /^(architectures|model_type|auto_map|transformers_version|_name_or_path|name_or_path|tokenizer_class|unsloth_\w+)$/,
  /dtype$/,
  /dropout|_pdrop$|^attention_drop/,
  /^rope_|^rotary_|partial_rotary|^original_max_position|^initial_context_length$|yarn/,
  /eps(ilon)?$|initializer_range|^init_|initializer_factor/,
  /^(max_position_embeddings|model_max_length|max_sequence_length|n_ctx|seq_length)$/,
  /^(use_cache|quantization_config|compression_config|pretraining_tp|ep_size|torchscript|return_dict|output_\w+|problem_type|id2label|label2id|task_specific_params|pad_\w+|bos_\w+|eos_\w+|gradient_checkpointing|_attn_implementation|attn_implementation|cache_implementation|use_flash_attn|_commit_hash|num_logits_to_keep|vision_feature_\w+)$/,
  /^(hidden_act|hidden_activation|activation_function|swiglu_limit|scoring_func|norm_topk_prob|routed_scaling_factor|router_\w+_coef|aux_loss_alpha|seq_aux|topk_method|for_llm_compressor|query_pre_attn_scalar|(final|attn)_logit_softcapping|attn_temperature_tuning|attn_scale|floor_scale|no_rope_layers|no_rope_layer_interval|use_bidirectional_attention|reorder_and_upcast_attn|scale_attn_\w+|summary_\w+|max_window_layers|indexer_rope_interleave)$/,
  /^use_sliding_window$|^mlp_only_layers$|^rope$|^moe_router_\w+$|^router_jitter_noise$|^head_dim$|^qk_head_dim$|^experts_per_token$/,
];

/** Errors for layers that are not modelled. True where there is any. */
export function refuseOtherLayers(reader: Reader): boolean {
  const stated = reader.unread();
  for (const [pattern, what] of otherLayers) {
    const keys = stated.filter(key => pattern.test(key));
    if (keys.length === 0) continue;
    for (const key of keys) reader.read.add(key);
    reader.error(`The model ${what}, which is not modelled: ${keys.map(key => `"${key}"`).join(', ')}`, keys);
  }
  return reader.problems.some(problem => problem.severity === 'error');
}

/** One warning for keys that nothing has read and nobody has declared harmless. */
export function warnOfUnknownKeys(reader: Reader): void {
  const keys = reader.unread().filter(key => !harmless.some(pattern => pattern.test(key)));
  if (keys.length === 0) return;
  const names = keys.slice(0, 12).map(key => `"${key.slice(0, 40)}"`);
  const more = keys.length > names.length ? ` and ${keys.length - names.length} more` : '';
  reader.warn(
    `Not read: ${names.join(', ')}${more}. If they add parameters or arithmetic, the estimate lacks them`,
    keys,
  );
}
