/** The plans that docs/fabrics.md prices. */

const IMPORTS = 'import "std/chips"\nimport "std/fabrics"\nimport "std/models"\n';

/** Chips of every plan over scale-up domains: a multiple of 8, 16, 64 and 512. */
const DOMAIN_CHIPS = 512;

export interface Domain {
  /** Chips of one scale-up domain, as built, and those that work. */
  size: number;
  working: number;
}

/** 512 working chips; racks of 72 keep eight spare, one domain of 576 keeps 64. */
export const DOMAINS: readonly Domain[] = [
  { size: 8, working: 8 },
  { size: 16, working: 16 },
  { size: 72, working: 64 },
  { size: 576, working: 512 },
];

/** DeepSeek-V3 on 512 GB200 in domains of one size. @param maxNodes domains that a token may be sent to; 0: a copy per expert */
export function expertsOn({ size, working }: Domain, maxNodes = 0): string {
  const spare = size > working ? `  spare: ${size - working}` : '';
  const domain = `  level domain of ${size} gb200 { topology: switch(reduce: true)  bandwidth: 900GB/s  latency: 1us  media: copper${spare} }`;
  const network = `  level cluster of ${DOMAIN_CHIPS / working} domain { topology: fat_tree(tiers: 2)  bandwidth: 400Gb/s  latency: 3.7us  media: optics }`;
  return `${IMPORTS}fabric f {
${domain}
${working < DOMAIN_CHIPS ? network : ''}
}
mesh m on f { dp: 64  ep: 64 from dp  pp: 8  order: dp < pp }
plan p of deepseek_v3 on m {
  batch.global: 4096  batch.micro: 1  batch.sequence: 4096
  precision.compute: fp8  precision.gradient: fp32
  dp.zero: 1  pp.schedule: 1f1b  recompute: full
  ep.dispatch: fp8  ep.combine: bf16${maxNodes > 0 ? `  ep.max_nodes: ${maxNodes}` : ''}
}`;
}

/** One expert model on a straight and on a twisted slice. */
export const TWIST = `${IMPORTS}
mesh straight on tpu_v4_4x4x8 { fsdp: 128  ep: 128 from fsdp }
mesh twisted on tpu_v4_4x4x8_twisted { fsdp: 128  ep: 128 from fsdp }
plan before of qwen3_30b_a3b on straight {
  batch.global: 256  batch.micro: 1  batch.sequence: 4096  recompute: full
}
plan after like before on twisted { }`;

/** One dense model on the same network, its links made of different things. */
export const mediaPlan = (medium: string): string => `${IMPORTS}
fabric f {
  level node of 8 b200 { topology: switch(reduce: true)  bandwidth: 900GB/s  latency: 0.6us  media: copper }
  level cluster of 128 node {
    topology: fat_tree(tiers: 2)  bandwidth: 400Gb/s  latency: 4us  media: ${medium}  lane: 200Gb/s
  }
}
mesh m on f { tp: 8 on node  dp: 128 }
plan p of llama3_70b on m {
  batch.global: 1024  batch.micro: 1  batch.sequence: 8192
  tp.sequence_parallel: true  dp.zero: 1  recompute: full
}`;

export interface Machine {
  title: string;
  /** Where the fabric stands. */
  note: string;
  fabric?: string;
  /** Axes of the dense and of the expert plan over 1,024 chips, as such a machine is used. */
  dense: string;
  experts: string;
  name: string;
  /** Keys that the axes need. */
  denseKeys?: string;
  expertKeys?: string;
}

const TENSOR = 'tp.sequence_parallel: true  dp.zero: 1';

export const MACHINES: readonly Machine[] = [
  {
    title: 'fat tree, H100 SuperPOD',
    note: '128 nodes of 8 H100, 1:1',
    name: 'h100_superpod',
    dense: 'tp: 8 on node  dp: 128',
    experts: 'dp: 128  ep: 64 from dp  pp: 8  order: dp < pp',
  },
  {
    title: 'scale-up racks, GB200 NVL72',
    note: '16 racks with 64 of 72 chips at work',
    name: 'racks',
    fabric: `fabric racks {
  level rack of 72 gb200 { topology: switch(reduce: true)  bandwidth: 900GB/s  latency: 1us  media: copper  spare: 8 }
  level superpod of 16 rack { topology: fat_tree(tiers: 2)  bandwidth: 400Gb/s  latency: 3.7us  media: optics }
}`,
    dense: 'tp: 8 on rack  dp: 128',
    experts: 'dp: 128  ep: 64 from dp  pp: 8  order: dp < pp',
  },
  {
    title: 'twisted torus, TPU v5p',
    note: 'a slice of 8 x 8 x 16 over optical circuit switches',
    name: 'tpu_v5p_8x8x16_twisted',
    dense: 'fsdp: 1024',
    experts: 'fsdp: 1024  ep: 64 from fsdp',
    denseKeys: 'fsdp.zero: 3',
    expertKeys: 'fsdp.zero: 3',
  },
  {
    title: 'dragonfly, MI250X',
    note: 'Slingshot like Frontier: 16 groups of 8 switches with 8 ports down and 5 to other groups',
    name: 'dragon',
    fabric: `fabric dragon {
  level node of 4 mi250x { topology: fully_connected  link: 100GB/s  latency: 1us  media: copper }
  level system of 256 node {
    topology: dragonfly(groups: 16, routers: 8, hosts: 8, global_links: 5)
    bandwidth: 200Gb/s  latency: 2us  media: optics  routing: adaptive
  }
}`,
    dense: 'tp: 4 on node  pp: 2  dp: 128  order: tp < pp < dp',
    experts: 'dp: 128  ep: 64 from dp  pp: 8  order: dp < pp',
    denseKeys: `${TENSOR}  pp.schedule: 1f1b`,
  },
  {
    title: 'full mesh, MI300X',
    note: '128 nodes of 8 MI300X on a fat tree',
    name: 'mi300x_cluster',
    dense: 'tp: 8 on node  dp: 128',
    experts: 'dp: 128  ep: 64 from dp  pp: 8  order: dp < pp',
  },
];

/** A dense and an expert model on 1,024 chips of a machine. */
export const machinePlans = (machine: Machine): string => `${IMPORTS}${machine.fabric ?? ''}
mesh wide on ${machine.name} { ${machine.dense} }
mesh sparse on ${machine.name} { ${machine.experts} }
plan dense of llama3_70b on wide {
  batch.global: 1024  batch.micro: 1  batch.sequence: 8192  recompute: full
  ${machine.denseKeys ?? TENSOR}
}
plan experts of deepseek_v3 on sparse {
  batch.global: 8192  batch.micro: 1  batch.sequence: 4096  recompute: full
  ${machine.expertKeys ?? 'dp.zero: 1  pp.schedule: 1f1b'}
}`;
