// biome-ignore-all lint/suspicious/noTemplateCurlyInString: snippets hold `${1:…}` for the editor
/** Whole declarations to start from. */
import { Kind, type Proposal } from './item.ts';

const block = (label: string, detail: string, snippet: string): Proposal => ({
  label,
  kind: Kind.Snippet,
  detail,
  snippet,
});

/** At the top of a file. */
export const TOP_BLOCKS: readonly Proposal[] = [
  block('import', 'names of another file', 'import "${1:std/chips}"'),
  block(
    'plan',
    'how the work is split',
    'plan ${1:pretrain} of ${2:a_model} on ${3:a_mesh} {\n  batch.global:   ${4:1024}\n  batch.sequence: ${5:8192}\n  $0\n}',
  ),
  block(
    'mesh',
    'axes and how they lie on the fabric',
    'mesh ${1:m} on ${2:a_fabric} {\n  tp: ${3:8}\n  pp: ${4:1}\n  dp: ${5:1}\n  order: tp < pp < dp\n}',
  ),
  block(
    'fabric',
    'the network, level by level',
    'fabric ${1:cluster} {\n  level node of 8 ${2:h100_sxm} {\n    topology:  switch(reduce: true)\n    bandwidth: 450GB/s\n    latency:   0.6us\n  }\n  level pod of ${3:32} node {\n    topology:  fat_tree(tiers: 2)\n    bandwidth: 400Gb/s\n    latency:   4us\n  }\n}',
  ),
  block(
    'model',
    'the network that is trained, from its config.json',
    'model ${1:name} from "${2:config.json}"',
  ),
  block(
    'model inline',
    'the network that is trained, written out',
    'model ${1:name} {\n  layers: ${2:32}\n  hidden: ${3:4096}\n  heads:  ${4:32}\n  vocab:  ${5:128256}\n  $0\n}',
  ),
  block(
    'chip',
    'one accelerator',
    'chip ${1:name} {\n  peak.bf16:     ${2:989TFLOP/s}\n  hbm.capacity:  ${3:80GiB}\n  hbm.bandwidth: ${4:3.35TB/s}\n  power:         ${5:700W}\n}',
  ),
  block('let', 'a named value', 'let ${1:name} = $0'),
];

/** In a fabric. */
export const LEVEL_BLOCK: Proposal = block(
  'level',
  'units joined by one network',
  'level ${1:pod} of ${2:32} ${3:node} {\n  topology:  ${4:fat_tree(tiers: 2)}\n  bandwidth: ${5:400Gb/s}\n  latency:   ${6:4us}\n}',
);

/** In a plan, beside its keys. */
export const PLAN_ITEMS: readonly Proposal[] = [
  block('assert', 'a claim that fails the check', 'assert ${1:step_time} < $0'),
  block('expect', 'a claim that warns', 'expect ${1:exposed(dp)} < $0'),
  block(
    'collective',
    'states one collective',
    'collective ${1:name}: ${2:all_to_all}(over: ${3:ep}, size: $0)',
  ),
  block('shard', 'a layout, or how it changes', 'shard ${1:W}[${2:D/fsdp}, F] -> ${1:W}[D, F]'),
  block('sweep', 'tries several values', 'sweep ${1:key} in [$0]'),
];
