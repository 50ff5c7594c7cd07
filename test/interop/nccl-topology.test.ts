/** Rates and rules: NCCL's `src/graph/topo.h` and `topo.cc`, RCCL's `topo.h`. */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { readNcclTopology } from '../../src/interop/nccl-topology.ts';
import { fullMesh, HYBRID_CUBE_MESH, nvlinks, nvswitch, pcieTree } from './nccl-dump.ts';

const linksOf = (text: string) => readNcclTopology(text).links.map(({ a, b, rate }) => [a, b, rate / 1e9]);

test('NVSwitches are one vertex; the NVLinks of a GPU add up', () => {
  const topology = readNcclTopology(nvswitch());
  expect(topology.gpus).toHaveLength(8);
  expect(topology.gpus[0]).toEqual({ busId: '0000:10:00.0', sm: 90 });
  expect(topology.switches).toEqual(['NVSwitch']);
  // 18 x 20.6 GB/s = 370.8, what a ring over an H100 node reaches.
  expect(topology.links.map(({ a, b, rate }) => [a, b, Math.round(rate / 1e8) / 10])).toEqual(
    [...Array(8).keys()].map(n => [n, 8, 370.8]),
  );
  expect(topology.nics).toEqual([{ name: 'mlx5_0', rate: 50e9 }]);
  expect(topology.problems).toEqual([]);
});

test('xGMI between every two', () => {
  for (const [gcn, rate] of [
    ['gfx942', 48],
    ['940', 48],
    ['910', 36],
    ['gfx90a', 36],
    ['908', 24],
  ] as const) {
    const links = linksOf(fullMesh(4, gcn));
    expect(links).toHaveLength(6);
    expect(links[0]).toEqual([0, 1, rate]);
  }
});

test('a hybrid cube mesh: every GPU has six links, both ends count once', () => {
  const { links, switches } = readNcclTopology(nvlinks(8, HYBRID_CUBE_MESH));
  expect(switches).toEqual([]);
  expect(links).toHaveLength(HYBRID_CUBE_MESH.length);
  const total = (n: number) =>
    links.filter(({ a, b }) => a === n || b === n).reduce((sum, { rate }) => sum + rate, 0);
  expect([...Array(8).keys()].map(total)).toEqual(Array(8).fill(120e9));
});

test('the PCI tree, where nothing else joins the GPUs: bridges and sockets that only pass on are left out', () => {
  const { switches, links } = readNcclTopology(pcieTree());
  expect(switches).toHaveLength(2);
  // Third generation x8 behind each bridge: 6 GB/s; between the sockets of a Skylake 10 GB/s.
  expect(links.map(({ rate }) => rate / 1e9).sort((x, y) => x - y)).toEqual([6, 6, 6, 6, 10]);
  expect(new Set(links.flatMap(({ a, b }) => [a, b]))).toEqual(new Set([0, 1, 2, 3, 4, 5]));
});

test('bridged pairs: PCI joins what NVLink does not', () => {
  const { links, problems, switches } = readNcclTopology(
    nvlinks(
      4,
      [
        [0, 1, 4],
        [2, 3, 4],
      ],
      80,
    ),
  );
  expect(problems).toEqual([
    { severity: 'warning', message: expect.stringContaining('does not join all GPUs') },
  ]);
  expect(switches).toEqual(['CPU 0']);
  expect(links.map(({ a, b, rate }) => [a, b, rate / 1e9])).toEqual([
    [0, 1, 80],
    [0, 4, 48],
    [1, 4, 48],
    [2, 3, 80],
    [2, 4, 48],
    [3, 4, 48],
  ]);
});

test('GPUs are numbered by their rank', () => {
  const text = nvlinks(2, [[0, 1, 1]])
    .replace('rank="0"', 'rank="x"')
    .replace('rank="1"', 'rank="0"')
    .replace('rank="x"', 'rank="1"');
  expect(readNcclTopology(text).gpus.map(gpu => gpu.busId)).toEqual(['0000:11:00.0', '0000:10:00.0']);
});

describe('what is no topology', () => {
  it.each([
    ['', /empty/],
    ['{"gpus": 8}', /Line 1, column 1: .*no XML.*NCCL_TOPO_DUMP_FILE/],
    ['<graphs/>', /outermost element is 'graphs'/],
    ['<system version="1"/>', /names no GPU/],
    ['<!DOCTYPE x><system/>', /document types and entities/],
    ['<system><cpu><pci', /cut off/],
  ])('%s', (text, message) => {
    const { problems, gpus } = readNcclTopology(text);
    expect(problems).toEqual([{ severity: 'error', message: expect.stringMatching(message) }]);
    expect(gpus).toEqual([]);
  });
});

test('links to devices that are not there are left out, and said', () => {
  const text = nvlinks(2, [[0, 1, 1]])
    .replace('<gpu dev="0"', '<gpu dev="0" ')
    .replace('</gpu>', '<nvlink target="0000:ff:00.0" count="1" tclass="0x030200"/></gpu>');
  const { problems, links } = readNcclTopology(text);
  expect(problems[0]!.message).toContain('0000:ff:00.0');
  expect(links).toHaveLength(1);
});

test('whatever is cut off or doubled, links join vertices that exist', () => {
  const whole = [nvswitch(3), pcieTree(3), nvlinks(8, HYBRID_CUBE_MESH)];
  fc.assert(
    fc.property(fc.constantFrom(...whole), fc.nat(), fc.nat(), (text, at, length) => {
      const from = at % text.length;
      const { gpus, switches, links, problems } = readNcclTopology(
        text.slice(0, from) + text.slice(from + (length % 80)),
      );
      const vertices = gpus.length + switches.length;
      return (
        (gpus.length > 0 || problems.some(({ severity }) => severity === 'error')) &&
        links.every(({ a, b, rate }) => a < b && b < vertices && rate > 0)
      );
    }),
    { numRuns: 500 },
  );
});
