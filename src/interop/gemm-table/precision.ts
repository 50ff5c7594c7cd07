/** What tools call the formats that chips multiply in. */
import type { Precision } from '../../engine/fabric/spec.ts';

const NAMES: readonly (readonly [RegExp, Precision])[] = [
  [/^(bf16|bfloat16)$/, 'bf16'],
  [/^(fp16|f16|float16|half)$/, 'fp16'],
  [/^mxfp8/, 'mxfp8'],
  [/^(fp8|f8|float8|e4m3|e5m2|bf8)/, 'fp8'],
  [/^(int8|i8|s8)$/, 'int8'],
  [/^(tf32|xf32)$/, 'tf32'],
  [/^(fp32|f32|float32|float|single)$/, 'fp32'],
  [/^(fp64|f64|float64|double)$/, 'fp64'],
  [/^(fp6|f6|mxfp6)/, 'fp6'],
  [/^(fp4|f4|mxfp4|nvfp4)/, 'fp4'],
];

/** `bf16`, `torch.bfloat16`, `bf16_r` of ROCm, `float8_e4m3fn` of PyTorch. */
export function precisionNamed(text: string): Precision | undefined {
  const name = text
    .toLowerCase()
    .replace(/^torch\./, '')
    .replace(/_r$/, '');
  return NAMES.find(([like]) => like.test(name))?.[1];
}
