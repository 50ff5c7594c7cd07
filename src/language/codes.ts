/**
 * Every diagnostic code: what it means, how to fix it, and the smallest text that shows it. docs/diagnostics.md is
 * generated from this list, and the tests run both texts of every row. Kebab-case, family first.
 */
import type { Severity } from './analysis/report.ts';
import { CLAIM_CODES } from './codes/claims.ts';
import { FABRIC_CODES } from './codes/fabric.ts';
import { MESH_CODES } from './codes/mesh.ts';
import { NETWORK_CODES } from './codes/network.ts';
import { PLAN_CODES } from './codes/plan.ts';
import { SYNTAX_CODES } from './codes/syntax.ts';
import { TOPOLOGY_CODES } from './codes/topology.ts';
import { VALUE_CODES } from './codes/values.ts';

export interface CodeSpec {
  title: string;
  severity: Severity;
  /** What it means, one or two sentences. */
  meaning: string;
  /** What to do. */
  fix: string;
  /** A text with the finding, and one without; whole blocks, or lines of a block that {@link exampleText} completes. */
  wrong: Example;
  right: Example;
}

/** `in` names the block that the lines belong into; `file` is a whole document. */
export type Example = { in: 'chip' | 'level' | 'model' | 'mesh' | 'plan' | 'file'; text: string };

export const CODES = {
  ...SYNTAX_CODES,
  ...VALUE_CODES,
  ...FABRIC_CODES,
  ...TOPOLOGY_CODES,
  ...MESH_CODES,
  ...PLAN_CODES,
  ...NETWORK_CODES,
  ...CLAIM_CODES,
} satisfies Record<string, CodeSpec>;

export type DiagnosticCode = keyof typeof CODES;

const CHIP = 'peak.bf16: 1PFLOP/s  hbm.capacity: 80GiB  hbm.bandwidth: 3TB/s';
const LEVEL = 'bandwidth: 400GB/s';
const MODEL = 'layers: 8  hidden: 4096  heads: 32  vocab: 32000';
const MESH = 'tp: 8  dp: 4  order: tp < dp';

/** A whole document around the lines of an example: 4 nodes of 8 chips, an 8-layer model, tp 8 x dp 4. */
export function exampleText(example: Example): string {
  if (example.in === 'file') return example.text;
  const body = (block: Example['in'], usual: string) => (example.in === block ? example.text : usual);
  return `chip c { ${body('chip', CHIP)} }
fabric f {
  level node of 8 c { ${body('level', LEVEL)} }
  level cluster of 4 node { bandwidth: 50GB/s }
}
model m { ${body('model', MODEL)} }
mesh w on f { ${body('mesh', MESH)} }
plan p of m on w { ${body('plan', 'batch.global: 64')} }
`;
}
