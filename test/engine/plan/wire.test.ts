/**
 * Bytes that one rank puts on the wire, axis by axis, against the closed formulas of the field, counted here once more from
 * the shapes: Megatron-LM (2205.05198), ZeRO (1910.02054), ring and Ulysses context parallelism (2309.14509; Llama 3, 2407.21783),
 * and expert dispatch of Megatron-Core. Wire factors are nccl-tests': (n-1)/n of a gather, scatter or all-to-all, twice that of an
 * all-reduce, everything of a send.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupSize } from '../../../src/engine/fabric/pattern.ts';
import type { ModelSpec } from '../../../src/engine/model/spec.ts';
import { degreesOf, stagesOf } from '../../../src/engine/plan/degrees.ts';
import { demandsOf } from '../../../src/engine/plan/demands/index.ts';
import { placeMesh } from '../../../src/engine/plan/placement.ts';
import type { PlanSpec, Role } from '../../../src/engine/plan/spec.ts';
import { axis, pretrain } from '../estimate/samples.ts';
import { deepseekV3, llama8b, mixtral } from '../model/models.ts';
import { mesh, priced } from './support.ts';

const FACTOR = {
  all_gather: (n: number) => (n - 1) / n,
  reduce_scatter: (n: number) => (n - 1) / n,
  all_to_all: (n: number) => (n - 1) / n,
  all_reduce: (n: number) => (2 * (n - 1)) / n,
  broadcast: () => 1,
  send_recv: () => 1,
};

const one = { pp: { schedule: { kind: '1f1b' } } } satisfies Partial<PlanSpec>;

/** Of one stage and step, by what causes it. */
function wire(plan: PlanSpec, index: number): Record<string, number> {
  const { placement } = placeMesh(plan.mesh, plan.fabric);
  const degrees = degreesOf(plan);
  const bytes: Record<string, number> = { tp: 0, cp: 0, pp: 0, dp: 0, ep: 0, etp: 0 };
  for (const each of demandsOf(plan, degrees, placement, stagesOf(plan, degrees.pp)[index]!)) {
    const role = each.role === 'fsdp' ? 'dp' : each.role;
    bytes[role] = bytes[role]! + each.bytes * each.count * FACTOR[each.op](groupSize(each.group));
  }
  return bytes;
}

type Method = PlanSpec['cp']['method'];
interface Drawn {
  t: number;
  c: number;
  p: number;
  D: number;
  fsdp: number;
  e: number;
  et: number;
  m: number;
  b: number;
  zero: 0 | 1 | 2 | 3;
  sharded: boolean;
  sp: boolean;
  full: boolean;
  parallel: boolean;
  tied: boolean;
  experts: boolean;
  shared: number;
  gathered: boolean;
  method: Method;
  u: number;
  stage: number;
}

const power = (most: number) => fc.integer({ min: 0, max: most }).map(n => 2 ** n);
const drawn: fc.Arbitrary<Drawn> = fc.record({
  t: power(4),
  c: power(3),
  p: power(2),
  D: power(3),
  fsdp: power(2),
  e: power(3),
  et: power(2),
  m: fc.integer({ min: 1, max: 4 }),
  b: fc.constantFrom(1, 2),
  zero: fc.constantFrom(0, 1, 2, 3),
  sharded: fc.boolean(),
  sp: fc.boolean(),
  full: fc.boolean(),
  parallel: fc.boolean(),
  tied: fc.boolean(),
  experts: fc.boolean(),
  shared: fc.constantFrom(0, 4096),
  gathered: fc.boolean(),
  method: fc.constantFrom('ring', 'all_gather', 'ulysses', 'hierarchical'),
  u: power(3),
  stage: fc.nat(3),
});

const L = 16;
const S = 16384;
const [h, f, a, k, d, V, E, K, fe] = [4096, 14336, 32, 8, 128, 32000, 64, 4, 2048];

/** Meaningful degrees only: what is derived fits into its parents. */
const legal = (x: Drawn): Drawn => ({
  ...x,
  u: Math.min(x.u, x.c),
  e: x.experts ? Math.min(x.e, x.D) : 1,
  et: x.experts ? Math.min(x.et, x.t) : 1,
  parallel: x.parallel && !x.experts,
  stage: x.stage % x.p,
  // With an fsdp axis beside it the other one only replicates.
  zero: x.fsdp > 1 ? 0 : x.zero,
});

function planOf(x: Drawn): PlanSpec {
  const model: ModelSpec = {
    ...llama8b,
    layers: L,
    hidden: h,
    ffn: f,
    heads: a,
    kvHeads: k,
    headDim: d,
    vocab: V,
    parallelBlock: x.parallel,
    normsPerLayer: 2,
    tiedEmbeddings: x.tied,
    ...(x.experts && {
      moe: { ...mixtral.moe!, experts: E, topk: K, expertFfn: fe, sharedFfn: x.shared, denseLayers: 0 },
    }),
  };
  return pretrain({
    model,
    mesh: mesh(
      { tp: x.t, cp: x.c, ...(x.fsdp > 1 && { fsdp: x.fsdp }), dp: x.D, pp: x.p, ep: x.e, etp: x.et },
      { ep: ['dp'], etp: ['tp'] },
    ),
    batch: { global: x.m * x.b * x.D * x.fsdp, micro: x.b, sequence: S },
    tp: { sequenceParallel: x.sp, overlap: false },
    cp: { method: x.method, ...(x.method === 'hierarchical' && { ulysses: x.u }) },
    dp: {
      zero: x.zero,
      accumulate: x.sharded ? 'sharded' : 'local',
      overlapForward: true,
      overlapBackward: true,
    },
    fsdp: {
      zero: 3,
      reshard: true,
      overlapForward: true,
      overlapBackward: true,
      accumulate: x.sharded ? 'sharded' : 'local',
    },
    ep: {
      dispatch: 'fp8',
      combine: 'bf16',
      maxNodes: 0,
      imbalance: 1,
      overlap: false,
      ...(x.gathered && { dispatcher: 'all_gather' }),
    },
    pp: { schedule: { kind: '1f1b' } },
    recompute: x.full ? { mode: 'full' } : { mode: 'none' },
  });
}

/** The table. `g` 4 and `w` 2 bytes, activations 2. */
function table(x: Drawn): Record<string, number> {
  const { t, c, p, D, fsdp, e, et, m, b } = x;
  const [beta, w, g] = [2, 2, 4];
  const T = (b * S) / c;
  const Tr = x.sp ? T / t : T;
  const l = L / p;
  const first = x.stage === 0;
  const last = x.stage === p - 1;
  const again = x.full ? 1 : 0;
  const share = (n: number) => (n - 1) / n;
  const kt = Math.max(k / t, 1);

  // Tensor parallelism: forward, backward and repeated operations of the hidden width, an all-reduce counted as two.
  const blocks = x.parallel || (x.experts && x.shared === 0) ? 1 : 2;
  const perLayer = x.sp ? (2 + 3 + 2 * again) * blocks : (2 + 2 + 2 * again) * blocks;
  const ends = (first ? 2 : 0) + (last ? (x.sp ? 3 : 2) : 0);
  let tp = m * (l * perLayer + ends) * beta * T * h * share(t) + (last ? m * 3 * 2 * 4 * T * share(t) : 0);
  if (x.sp) tp += 2 * share(t) * g * (l * (2 * h + (x.experts ? E * h : 0)) + (last ? h : 0));
  if (t > k) tp += 2 * share(t / k) * g * l * 2 * h * d;

  // Context parallelism.
  const u = x.method === 'ulysses' ? c : x.method === 'hierarchical' ? x.u : 1;
  const r = c / u;
  const sent = u === 1 ? kt : Math.max(kt, u);
  const exchanged = share(u) * beta * T * d * (2 * (a / t) + 2 * sent);
  const block = beta * T * 2 * sent * d;
  const travelled =
    x.method === 'all_gather'
      ? share(r) * r * block * (1 + again + 1 + 1)
      : (r - 1) * block * (1 + again) + (r - 1) * 2 * block;
  const cp = c === 1 ? 0 : m * l * (exchanged * (2 + again) + (r === 1 ? 0 : travelled));

  // Sends between stages.
  let pp = p === 1 ? 0 : (2 * m * beta * T * h) / (x.sp ? t : 1);
  if (x.tied && p > 1 && (first || last)) pp += (2 * share(2) * g * V * h) / t;

  // Parameters of the rank.
  const attention = (2 * h * a * d) / t + (2 * h * k * d) / Math.min(t, k);
  const mlp = x.experts ? (3 * h * x.shared) / t + E * h : (3 * h * f) / t;
  const table = (V * h) / t;
  const dense =
    l * (attention + mlp + 2 * h) + (first ? table : 0) + (last ? h + (x.tied && first ? 0 : table) : 0);
  const routed = x.experts ? (l * E * 3 * h * fe) / (e * et) : 0;
  const replicas = (phi: number, inner: number, outer: number): number => {
    if (fsdp > 1) {
      const scatters = x.sharded ? m : 1;
      // Sharded over `inner` by FSDP, and the shards reduced over `outer`.
      return (2 * m * w + scatters * g) * phi * share(inner) + (2 * g * phi * share(outer)) / inner;
    }
    const n = inner * outer;
    if (x.zero === 0) return 2 * g * phi * share(n);
    if (x.zero === 3) return (2 * m * w + (x.sharded ? m : 1) * g) * phi * share(n);
    const scatters = x.zero === 2 && x.sharded ? m : 1;
    return (scatters * g + w) * phi * share(n);
  };
  // Experts: D c t / (e et) replicas; those of tensor and context ranks belong to the group that shards.
  const dp = replicas(dense, fsdp * c, D) + replicas(routed, fsdp * c * (t / et), D / e);

  // Experts' tokens: fp8 to them, the rest in 16 bits.
  const moe = x.experts ? m * l : 0;
  const n = e * et;
  let ep = 0;
  let split = 0;
  if (x.gathered) {
    const hidden = (1 + again) * (1 + 2) + 2 * 2;
    const gathered = moe * share(n) * Tr * n * (hidden * h + (5 * (1 + again) + 4) * E);
    if (e > 1) ep = gathered;
    else split = gathered;
  } else {
    ep = moe * share(e) * Tr * K * h * ((1 + again) * (1 + 2) + 2 * 2);
    split = moe * share(et) * beta * Tr * K * h * et * (4 + 2 * again);
  }
  return { tp: t === 1 ? 0 : tp, cp, pp, dp, ep, etp: split };
}

describe('bytes on the wire', () => {
  it('are those of the formulas, whatever the degrees', () => {
    fc.assert(
      fc.property(drawn.map(legal), x => {
        const [counted, expected] = [wire(planOf(x), x.stage), table(x)];
        for (const [role, bytes] of Object.entries(expected))
          expect(
            Math.abs(counted[role]! - bytes),
            `${role}: ${counted[role]} for ${bytes}`,
          ).toBeLessThanOrEqual(1e-9 * bytes);
      }),
      { numRuns: 400 },
    );
  });

  it('are none where every degree is 1', () => {
    expect(wire(pretrain({ mesh: mesh({ tp: 1, cp: 1, fsdp: 1, dp: 1, pp: 1 }) }), 0)).toEqual({
      tp: 0,
      cp: 0,
      pp: 0,
      dp: 0,
      ep: 0,
      etp: 0,
    });
  });

  it('do not depend on what axes are called', () => {
    const named = (x: Drawn): PlanSpec => {
      const plan = planOf(x);
      const other = (name: string) => `axis_${name}`;
      const axes = plan.mesh.axes.map(each =>
        axis(other(each.name), each.size, { role: each.name as Role, from: each.from.map(other) }),
      );
      return { ...plan, mesh: { ...plan.mesh, axes, order: plan.mesh.order.map(other) } };
    };
    fc.assert(
      fc.property(drawn.map(legal), x => {
        expect(wire(named(x), x.stage)).toEqual(wire(planOf(x), x.stage));
        const [one, two] = [priced(planOf(x)), priced(named(x))];
        expect(two.step.time).toBe(one.step.time);
        expect(two.memory.peak).toBe(one.memory.peak);
        const renamed = Object.entries(one.step.exposed).map(([name, time]) => [`axis_${name}`, time]);
        expect(two.step.exposed).toEqual(Object.fromEntries(renamed));
      }),
      { numRuns: 25 },
    );
  });
});

describe('latent attention over tensor ranks', () => {
  const plan = (fields: Partial<PlanSpec> = {}) =>
    pretrain({
      model: { ...deepseekV3, mtpLayers: 0, moe: undefined } as unknown as ModelSpec,
      mesh: mesh({ tp: 8, pp: 2 }),
      batch: { global: 1, micro: 1, sequence: 4096 },
      pp: { schedule: { kind: '1f1b' }, layers: [30, 31] },
      recompute: { mode: 'none' },
      ...fields,
    });

  it('gathers latents of 1,536 + 512 + 64, not 7,168, before attention: down-projections are whole on every rank', () => {
    // Megatron-Core: the down-projections are duplicated linear layers that work on a rank's part of the sequence.
    const stage = { layers: 30, tokens: 4096, beta: 2 };
    const hidden = 7168;
    const latent = 1536 + 512 + 64;
    // Attention: gather, scatter | gather of output gradients, again, scatter. MLP: all five of the hidden width.
    const perToken = latent + hidden + hidden + 2 * latent + 5 * hidden;
    const down = hidden * latent;
    const norms = 2 * hidden + 1536 + 512;
    const bytes =
      (7 / 8) * stage.beta * stage.tokens * (stage.layers * perToken + 2 * hidden) +
      2 * (7 / 8) * 4 * stage.layers * (norms + down);
    expect(wire(plan(), 0).tp! / bytes).toBeCloseTo(1, 12);
  });

  it('reduces the gradients of latents where the sequence is not split', () => {
    const names = ['gradients of latents', 'input gradients'].map(
      what =>
        priced(plan({ tp: { sequenceParallel: false, overlap: false } })).collectives.find(
          each => each.what === what,
        )!.bytes,
    );
    expect(names).toEqual([2 * 4096 * 2112, 2 * 4096 * 7168]);
  });
});

describe('matrices gathered in 8 bits', () => {
  const gathers = (gather?: 'fp8') =>
    wire(
      pretrain({
        ...one,
        model: llama8b,
        mesh: mesh({ fsdp: 8 }),
        batch: { global: 8, micro: 1, sequence: 4096 },
        fsdp: {
          zero: 3,
          reshard: false,
          overlapForward: true,
          overlapBackward: true,
          ...(gather && { gather }),
        },
      }),
      0,
    ).dp!;

  it('halve the gather of layers and leave embedding, head and norms', () => {
    const matrices = 32 * (2 * 4096 * 4096 + 2 * 4096 * 1024 + 3 * 4096 * 14336);
    expect(gathers() - gathers('fp8')).toBeCloseTo((7 / 8) * matrices, 0);
  });
});

describe('weights that are kept after the forward pass', () => {
  const counts = (pp: number) =>
    priced({
      model: llama8b,
      mesh: mesh({ fsdp: 8, pp }),
      batch: { global: 64, micro: 1, sequence: 4096 },
      fsdp: { zero: 3, reshard: false, overlapForward: true, overlapBackward: true },
    })
      .collectives.filter(each => each.name === 'param_gather')
      .map(each => each.count);

  it('are gathered once a microbatch, once a step between microbatches of a pipeline', () => {
    expect(counts(1)).toEqual([8]);
    expect(counts(4)).toEqual([1]);
  });

  it('are all on the chip, as those that are gathered ahead are', () => {
    const buffers = (fsdp: Partial<PlanSpec['fsdp']>) =>
      priced({
        model: llama8b,
        mesh: mesh({ fsdp: 8 }),
        batch: { global: 8, micro: 1, sequence: 4096 },
        fsdp: { zero: 3, reshard: true, overlapForward: true, overlapBackward: true, ...fsdp },
      }).memory.parts.find(part => part.name === 'buffers')!.bytes;
    // One of 32 layers: 2 x 4096^2 + 2 x 4096 x 1024 + 3 x 4096 x 14336 and two norms.
    const layer = 2 * (2 * 4096 ** 2 + 2 * 4096 * 1024 + 3 * 4096 * 14336 + 2 * 4096);
    expect(buffers({ prefetch: 3 }) - buffers({})).toBeCloseTo(2 * layer, 0);
    expect(buffers({ reshard: false }) - buffers({})).toBeCloseTo(30 * layer, 0);
  });
});

describe('experts over data and context ranks, and over tensor ranks', () => {
  const replicas = (degrees: Record<string, number>, from: string[]) =>
    wire(
      pretrain({
        ...one,
        model: { ...mixtral, moe: { ...mixtral.moe!, experts: 64 } },
        mesh: mesh(degrees, { ep: from }),
        batch: { global: 16, micro: 1, sequence: 4096 },
        dp: { zero: 1, accumulate: 'local', overlapForward: true, overlapBackward: true },
      }),
      0,
    );

  it('leave D c t / (e et) replicas of each', () => {
    const routed = (32 * 64 * 3 * 4096 * 14336) / 16;
    const share = (n: number) => (n - 1) / n;
    // 16 of dp x cp = 4 x 4 hold different experts: no replica is left. The dense weights have 16.
    const folded = replicas({ cp: 4, dp: 4, ep: 16 }, ['dp', 'cp']);
    const plain = replicas({ cp: 4, dp: 16, ep: 16 }, ['dp']);
    const dense = 32 * (2 * 4096 * 4096 + 2 * 4096 * 1024 + 64 * 4096 + 2 * 4096) + 2 * 32000 * 4096 + 4096;
    expect(folded.dp! / (6 * dense * share(16))).toBeCloseTo(1, 12);
    expect(plain.dp! / (6 * (dense * share(64) + routed * share(4)))).toBeCloseTo(1, 12);
    const tensor = replicas({ tp: 4, dp: 8, ep: 16 }, ['tp', 'dp']);
    expect(tensor.ep! / (4 * 32 * 2 * 2 * (4096 / 4) * 2 * 4096 * share(16))).toBeCloseTo(1, 12);
  });
});
