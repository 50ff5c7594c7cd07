/**
 * The price of one collective over all chips of a fabric. "Warm": the links are laid out, the size of the buffer is new, as when
 * a number of a model is edited. "Laid anew": the fabric was never seen before, as when one of its own numbers is edited.
 * What grows with the fabric shows in the ratio to a small fabric of the same shape.
 */
import { median, type Result } from './measure.mts';

type Engine = typeof import('./engine.ts');
type Op = Parameters<Engine['pricer']>[1];

const WARM = 0.1;
const BROKEN = 100;

export async function fabricPrices({ fabrics, pricer }: Engine): Promise<Result[]> {
  const { fatTree, torus, dragonfly, hyperx, hammingMesh, rail, brokenDragonfly, brokenTorus, torusWithout } =
    fabrics;
  type Fabric = ReturnType<typeof fatTree>;
  const results: Result[] = [];
  const time = (fabric: Fabric, op: Op, fresh: boolean, rounds = 200) =>
    median(pricer(fabric, op, fresh), rounds, rounds >> 1);

  /** Sizes of one shape, the first one small. */
  const grows = async (
    shape: string,
    op: Op,
    sizes: readonly (readonly [string, Fabric])[],
  ): Promise<void> => {
    const what = op.replaceAll('_', '-');
    const [small, ...others] = sizes;
    if (!small) return;
    const baseline = await time(small[1], op, false);
    results.push({
      name: `${what}, ${shape} of ${small[0]}, warm`,
      unit: 'ms',
      budget: WARM,
      value: baseline,
    });
    const laid = await time(small[1], op, true, 20);
    results.push({ name: `${what}, ${shape} of ${small[0]}, laid anew`, unit: 'ms', value: laid });
    for (const [chips, fabric] of others) {
      const name = `${what}, ${shape} of ${chips}`;
      const value = await time(fabric, op, false);
      results.push({
        name: `${name}, warm`,
        unit: 'ms',
        budget: WARM,
        value,
        baseline,
        ratio: value / baseline,
      });
      const anew = await time(fabric, op, true, 20);
      results.push({
        name: `${name}, laid anew`,
        unit: 'ms',
        value: anew,
        baseline: laid,
        ratio: anew / laid,
      });
    }
  };

  for (const op of ['all_reduce', 'all_to_all'] as const) {
    await grows('fat tree', op, [
      ['1,024', fatTree(1024)],
      ['65,536', fatTree(65_536)],
      ['1,048,576', fatTree(1_048_576)],
    ]);
    await grows('torus', op, [
      ['1,024', torus([16, 8, 8])],
      ['16x16x16', torus([16, 16, 16])],
      ['1,048,576', torus([128, 128, 64])],
    ]);
    await grows('HyperX', op, [
      ['1,024', hyperx([8, 8], 16)],
      ['1,048,576', hyperx([32, 32, 32], 32)],
    ]);
  }
  await grows('dragonfly', 'all_to_all', [
    ['1,056', dragonfly(4, 8, 4, 33)],
    ['16,512', dragonfly(8, 16, 8, 129)],
    ['1,049,600', dragonfly(16, 64, 16, 1025)],
  ]);
  await grows('HammingMesh', 'all_to_all', [
    ['1,024', hammingMesh([4, 4], [8, 8])],
    ['1,048,576', hammingMesh([8, 8], [128, 128])],
  ]);
  await grows('rail fabric', 'all_to_all', [
    ['1,024', rail(1024)],
    ['131,072', rail(131_072)],
  ]);
  const dims = [16, 8, 8];
  const baseline = await time(torus(dims), 'all_to_all', true, 20);
  const value = await median(() => naiveExchange(dims), 5, 2);
  results.push({
    name: 'all-to-all, torus of 1,024, chip by chip beside laid anew',
    unit: 'ms',
    value,
    baseline,
    ratio: value / baseline,
  });
  for (const op of ['all_reduce', 'all_to_all'] as const) {
    const what = op.replaceAll('_', '-');
    for (const [name, fabric] of [
      ['dragonfly of 1,056 with two failed links', brokenDragonfly()],
      ['torus 16x16x16 with a failed link', brokenTorus()],
      ['torus 16x16x16 with a failed chip', torusWithout(5)],
    ] as const)
      results.push({
        name: `${what}, ${name}, laid anew`,
        unit: 'ms',
        budget: BROKEN,
        value: await time(fabric, op, true, 8),
      });
  }
  return results;
}

/** All pairs of a torus walked link by link: what a price costs without knowing that the fabric is regular. */
function naiveExchange(dims: readonly number[]): number {
  const count = dims.reduce((product, size) => product * size, 1);
  const load = new Float64Array(2 * dims.length * count);
  for (let source = 0; source < count; source++) {
    for (let target = 0; target < count; target++) {
      let at = source;
      let stride = 1;
      for (const [axis, size] of dims.entries()) {
        const to = Math.floor(target / stride) % size;
        let here = Math.floor(at / stride) % size;
        const way = (to - here + size) % size <= size / 2 ? 1 : size - 1;
        while (here !== to) {
          load[(2 * axis + (way === 1 ? 0 : 1)) * count + at]!++;
          const next = (here + way) % size;
          at += (next - here) * stride;
          here = next;
        }
        stride *= size;
      }
    }
  }
  return load.reduce((most, each) => Math.max(most, each), 0);
}
