/** `axis-unwrapped` and `group-few-links`: what the place of an axis costs on a torus or a full mesh. */
import { describe, expect, it, test } from 'vitest';
import { analyse, textAt } from '../analysis/support.ts';

const CHIP = 'chip c { peak.bf16: 400TFLOP/s  hbm.capacity: 192GiB  hbm.bandwidth: 3TB/s }\n';
const text = (levels: string, mesh: string) => `${CHIP}fabric f { ${levels} }
model m { layers: 32  hidden: 4096  ffn: 14336  heads: 32  kv_heads: 8  vocab: 32000 }
mesh w on f { ${mesh} }
plan p of m on w { batch.global: 1024 }`;

describe('on a dimension that does not close', () => {
  const found = async (levels: string, mesh: string) => {
    const result = await analyse(text(levels, mesh));
    return result.findings
      .filter(f => f.code === 'axis-unwrapped')
      .map(f => [textAt(result.text, f), f.message] as const);
  };
  const open = 'level slice of 32 c { topology: mesh(4x8)  link: 50GB/s }';

  test('each axis at its line', async () => {
    const all = await found(open, 'tp: 4  dp: 8  order: tp < dp');
    expect(all.map(([at]) => at)).toEqual(['tp: 4', 'dp: 8']);
    expect(all[0]![1]).toMatch(
      /^'tp' lies on slice\.x, which does not close: .* takes twice as long as on a ring/,
    );
    expect(all[1]![1]).toContain('slice.y');
  });

  test('one axis over both dimensions', async () => {
    const [[at, message]] = (await found(open, 'dp: 32')) as [[string, string]];
    expect(at).toBe('dp: 32');
    expect(message).toMatch(/slice\.x and slice\.y, which do not close: .* up to twice/);
  });

  it.each([
    ['closed dimensions', 'level slice of 32 c { topology: torus(4x8)  link: 50GB/s }', 'tp: 4  dp: 8'],
    ['pipeline stages pass on to their neighbour', open, 'tp: 1  pp: 32  order: tp < pp'],
    [
      'two chips have one link anyway',
      'level slice of 32 c { topology: torus(2x16)  link: 50GB/s }',
      'tp: 2  dp: 16',
    ],
    ['pairs on a line', open, 'tp: 2  pp: 16  order: tp < pp'],
    [
      'cubes that an optical circuit switch closes',
      'level cube of 64 c { topology: mesh(4x4x4)  link: 50GB/s } level pod of 8 cube { topology: ocs(8x8x8)  link: 50GB/s }',
      'tp: 4  dp: 128',
    ],
  ])('nothing is said: %s', async (_, levels, mesh) => {
    expect(await found(levels, mesh)).toEqual([]);
  });

  test('a dimension that is named', async () => {
    const levels = 'level slice of 32 c { topology: torus(4x8, wrap: [true, false])  link: 50GB/s }';
    const all = await found(levels, 'tp: 4 on slice.x  dp: 8 on slice.y');
    expect(all.map(([at]) => at)).toEqual(['dp: 8 on slice.y']);
  });
});

test('a dimension that the level does not have is named, with those that it has', async () => {
  const result = await analyse(
    text('level pod of 32 c { topology: torus(4x8)  link: 50GB/s }', 'tp: 4 on pod.x  dp: 8 on pod.z'),
  );
  expect(result.findings.map(f => f.message).join('\n')).toContain(
    'is placed on pod.z, but pod has the dimensions x and y',
  );
});

test('an axis that nothing waits for is remarked only', async () => {
  const { findings } = await analyse(
    text('level slice of 32 c { topology: mesh(4x8)  link: 50GB/s }', 'tp: 4  dp: 8  order: tp < dp'),
  );
  const severities = findings.filter(f => f.code === 'axis-unwrapped').map(f => f.severity);
  // Tensor parallelism waits for every layer, gradients hide under the backward pass.
  expect(severities).toEqual(['warning', 'info']);
});

describe('a small group on a full mesh', () => {
  const box = 'level box of 8 c { topology: fully_connected  link: 64GB/s }';
  const found = async (levels: string, mesh: string) => {
    const result = await analyse(text(levels, mesh));
    return result.findings
      .filter(f => f.code === 'group-few-links')
      .map(f => [textAt(result.text, f), f.message] as const);
  };

  test('uses m - 1 of n - 1 links', async () => {
    const all = await found(box, 'tp: 4  dp: 2  order: tp < dp');
    expect(all[0]![0]).toBe('tp: 4');
    expect(all[0]![1]).toMatch(
      /^'tp' joins 4 of the 8 chips of a box, a full mesh: its groups use 3 of the 7 links of each\. .* with tp 8 all links would work\.$/,
    );
  });

  it.each([
    ['the whole box', box, 'tp: 8'],
    ['a switch', 'level box of 8 c { bandwidth: 448GB/s }', 'tp: 4  dp: 2  order: tp < dp'],
    [
      'groups that reach beyond it',
      `${box} level cluster of 4 box { bandwidth: 50GB/s }`,
      'tp: 1  dp: 32  order: tp < dp',
    ],
  ])('nothing is said: %s', async (_, levels, mesh) => {
    expect(await found(levels, mesh)).toEqual([]);
  });
});
