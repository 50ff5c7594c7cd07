/** Words of other tools for what this language calls otherwise: no spelling distance finds them, or it finds them wrongly. */

/** In claims. */
const METRICS: Readonly<Record<string, string>> = {
  mem: 'peak_memory',
  memory: 'peak_memory',
  hbm: 'peak_memory',
  max_memory: 'peak_memory',
  memory_usage: 'peak_memory',
  step: 'step_time',
  time: 'step_time',
  duration: 'step_time',
  iteration_time: 'step_time',
  tokens: 'tokens_per_second',
  tps: 'tokens_per_second',
  throughput: 'tokens_per_second',
  tokens_per_sec: 'tokens_per_second',
  mfu_full: 'mfu(attention: full)',
  price: 'cost',
  bubble_share: 'bubble',
};

/** Keys of a plan, as launch scripts of training frameworks write them. */
const PLAN_KEYS: Readonly<Record<string, string>> = {
  batch: 'batch.global',
  batch_size: 'batch.global',
  global_batch: 'batch.global',
  global_batch_size: 'batch.global',
  gbs: 'batch.global',
  micro_batch: 'batch.micro',
  microbatch: 'batch.micro',
  micro_batch_size: 'batch.micro',
  microbatch_size: 'batch.micro',
  per_device_train_batch_size: 'batch.micro',
  mbs: 'batch.micro',
  seq_len: 'batch.sequence',
  seqlen: 'batch.sequence',
  seq_length: 'batch.sequence',
  sequence: 'batch.sequence',
  sequence_length: 'batch.sequence',
  max_seq_len: 'batch.sequence',
  context_length: 'batch.sequence',
};

/** Values, whatever the key. */
const WORDS: Readonly<Record<string, string>> = {
  bfloat16: 'bf16',
  float16: 'fp16',
  half: 'fp16',
  float8: 'fp8',
  float8_e4m3: 'fp8',
  float8_e4m3fn: 'fp8',
  fp8_e4m3: 'fp8',
  float4: 'fp4',
  float32: 'fp32',
  float: 'fp32',
  float64: 'fp64',
  double: 'fp64',
};

const lookUp = (list: Readonly<Record<string, string>>, word: string): string | undefined => {
  const plain = word.toLowerCase().replaceAll('-', '_');
  return Object.hasOwn(list, plain) ? list[plain] : undefined;
};

/** What a claim is to say instead: a metric, perhaps with its arguments. */
export const meantMetric = (name: string): string | undefined => lookUp(METRICS, name);

/** The key of a plan that is meant. */
export const meantPlanKey = (key: string): string | undefined => lookUp(PLAN_KEYS, key);

/** Steps of accumulation are nobody's to state: they follow from the batch. */
export const isAccumulation = (key: string): boolean =>
  /^(gradient|grad)_accumulation(_steps)?$|^(num_)?micro_?batches$|^accumulation_steps$/i.test(key);

/** The one of `words` that is meant. */
export function meantWord(name: string, words: readonly string[]): string | undefined {
  const word = lookUp(WORDS, name);
  return word !== undefined && words.includes(word) ? word : undefined;
}
