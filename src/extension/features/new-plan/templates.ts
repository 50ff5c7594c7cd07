/** Texts that "New Plan from Template" offers. A test holds that each is free of errors. */
import gpuDense from './templates/gpu-dense.shard';
import gpuMoe from './templates/gpu-moe.shard';
import smallest from './templates/smallest.shard';
import tpuTorus from './templates/tpu-torus.shard';

export interface Template {
  label: string;
  description: string;
  text: string;
}

export const TEMPLATES: readonly Template[] = [
  {
    label: 'Dense model on GPUs',
    description: 'tensor, pipeline and data parallel on 1,024 H100',
    text: gpuDense,
  },
  {
    label: 'Mixture of experts on GPUs',
    description: 'expert, pipeline and data parallel on 512 H100',
    text: gpuMoe,
  },
  {
    label: 'Dense model on a TPU torus',
    description: 'tensor and fully sharded data parallel on 512 TPU v4',
    text: tpuTorus,
  },
  { label: 'Smallest plan', description: 'one node of eight GPUs', text: smallest },
];
