/** Meshes: degrees, roles, order and places. */
import type { CodeSpec } from '../codes.ts';

export const MESH_CODES = {
  'mesh-product': {
    title: 'Degrees that do not fit the fabric',
    severity: 'error',
    meaning:
      'The degrees of the axes multiply to more chips than the fabric has, or leave a scale-up unit partly used.',
    fix: 'Take the degree that is offered, or enlarge the fabric.',
    wrong: { in: 'mesh', text: 'tp: 8  dp: 5' },
    right: { in: 'mesh', text: 'tp: 8  dp: 4' },
  },
  'mesh-order': {
    title: 'An order that misses or repeats an axis',
    severity: 'error',
    meaning:
      '`order` lists, innermost first, every axis that is neither derived (`from`) nor placed on named dimensions, once.',
    fix: 'Complete it; the quick fix does.',
    wrong: { in: 'mesh', text: 'tp: 8  dp: 4  order: tp' },
    right: { in: 'mesh', text: 'tp: 8  dp: 4  order: tp < dp' },
  },
  'on-contradicts-order': {
    title: 'A place that the order rules out',
    severity: 'error',
    meaning:
      '`tp on node` says that one tp group lies inside one node; by the `order` it does not. The estimate follows the order.',
    fix: 'Change the order or remove the place.',
    wrong: { in: 'mesh', text: 'tp: 8 on node  dp: 4  order: dp < tp' },
    right: { in: 'mesh', text: 'tp: 8 on node  dp: 4  order: tp < dp' },
  },
  'axis-role': {
    title: 'An axis without a role',
    severity: 'warning',
    meaning:
      'Known names (tp, cp, sp, pp, dp, fsdp, ep, etp) carry their role; other axes state it with `as`. Without one an axis carries no traffic.',
    fix: 'Add `as tp`, or whatever it is.',
    wrong: { in: 'mesh', text: 'rows: 8  dp: 4  order: rows < dp' },
    right: { in: 'mesh', text: 'rows: 8 as tp  dp: 4  order: rows < dp' },
  },
  'axis-derived': {
    title: 'A derived axis that does not fit its parents',
    severity: 'error',
    meaning:
      '`ep: 64 from dp` reuses ranks of dp: its size must be a whole part of theirs, and it cannot derive from itself.',
    fix: 'Take a divisor of the size of the parents.',
    wrong: { in: 'mesh', text: 'tp: 8  dp: 4  ep: 3 from dp  order: tp < dp' },
    right: { in: 'mesh', text: 'tp: 8  dp: 4  ep: 2 from dp  order: tp < dp' },
  },
  'degree-divides': {
    title: 'A degree that does not divide what it splits',
    severity: 'error',
    meaning:
      'Heads and widths must divide by tp, layers by the stages, experts by ep, the batch by the data-parallel ranks and the microbatch.',
    fix: 'Take one of the divisors that are offered.',
    wrong: { in: 'plan', text: 'batch.global: 63' },
    right: { in: 'plan', text: 'batch.global: 64' },
  },
} satisfies Record<string, CodeSpec>;
