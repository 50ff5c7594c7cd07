/** `meshwright import nccl-topo`: a machine as a fabric that the language reads and lays out as it stands. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { fullMesh, HYBRID_CUBE_MESH, nvlinks, nvswitch, pcieTree } from '../interop/nccl-dump.ts';
import { folder, meshwright } from './support.ts';

describe('a dump of NCCL', () => {
  it.each([
    [
      'a switch',
      nvswitch(),
      [],
      /level node of 8 h100_sxm \{\n\s+topology:\s+switch\n\s+bandwidth:\s+370\.8GB\/s/,
    ],
    [
      'a full mesh',
      fullMesh(8, 'gfx942'),
      [],
      /level node of 8 mi300x \{\n\s+topology:\s+fully_connected\n\s+link:\s+48GB\/s/,
    ],
    [
      'a cube mesh',
      nvlinks(8, HYBRID_CUBE_MESH),
      ['--chip', 'a100_40gb'],
      /\[0, 1, 20GB\/s\], \[0, 2, 20GB\/s\], \[0, 3, 40GB\/s\]/,
    ],
    [
      'a PCI tree',
      pcieTree(),
      ['--chip', 'a100_40gb', '--name', 'old'],
      /4: PCI .*\n\/\/ 5: PCI [\s\S]*fabric old \{/,
    ],
    ['one GPU', nvswitch(1), [], /level node of 1 h100_sxm/],
  ])('%s', async (_, xml, options, expected) => {
    const cwd = folder({ 'topo.xml': xml });
    const { stdout, stderr, status } = await meshwright(['import', 'nccl-topo', 'topo.xml', ...options], {
      cwd,
    });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout).toMatch(expected);
    writeFileSync(join(cwd, 'machine.shard'), stdout);
    expect(await meshwright(['check', 'machine.shard'], { cwd })).toMatchObject({ status: 0 });
    expect(await meshwright(['fmt', '--check', 'machine.shard'], { cwd })).toMatchObject({ status: 0 });
  });

  test('what cannot be read is said at the file', async () => {
    const cwd = folder({ 'topo.xml': '<!DOCTYPE a>\n<system/>' });
    const bad = await meshwright(['import', 'nccl-topo', 'topo.xml'], { cwd });
    expect(bad).toMatchObject({ status: 1, stdout: '' });
    expect(bad.stderr).toMatch(
      /^topo\.xml:1:1: error graph-file: Line 1, column 1: document types and entities/,
    );
    const missing = await meshwright(['import', 'nccl-topo', 'nowhere.xml'], { cwd });
    expect(missing).toMatchObject({ status: 1, stdout: '' });
    expect(missing.stderr).toContain('nowhere.xml does not exist');
  });

  test('a GPU that the library does not have', async () => {
    const cwd = folder({ 'topo.xml': nvlinks(2, [[0, 1, 1]]) });
    const { status, stderr } = await meshwright(['import', 'nccl-topo', 'topo.xml'], { cwd });
    expect(status).toBe(2);
    expect(stderr).toContain('no chip for sm 70: say what the GPUs are with --chip NAME');
  });
});
