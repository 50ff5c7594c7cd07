/** `graph("topo.xml")`: a machine as NCCL saw it. */
import { expect, it, test } from 'vitest';
import { fullMesh, HYBRID_CUBE_MESH, nvlinks, nvswitch } from '../../interop/nccl-dump.ts';
import { createAnalysis, fixed, textAt } from '../analysis/support.ts';
import { testUri } from '../support.ts';

const text = (
  count: number,
  topology: string,
  more = '',
) => `chip c { peak.bf16: 1PFLOP/s  hbm.capacity: 80GiB  hbm.bandwidth: 3TB/s  efficiency.scale_up: 80% }
fabric f { level node of ${count} c { topology: ${topology}  ${more} } }
model m { layers: 8  hidden: 4096  heads: 32  vocab: 32000 }
mesh w on f { dp: ${count} }
plan p of m on w { batch.global: 64 }`;

async function analysed(source: string, xml: string) {
  const { analyse, shardplan } = createAnalysis({ '/plans/topo.xml': xml });
  await shardplan.shared.workspace.Files.read(testUri('/plans/topo.xml'));
  return analyse(source, '/plans/a.shard');
}

test('links with their rates, which are those that collectives reach', async () => {
  const { report, findings } = await analysed(text(8, 'graph("topo.xml")'), nvlinks(8, HYBRID_CUBE_MESH));
  expect(findings.filter(f => f.severity === 'error')).toEqual([]);
  const level = report.plans[0]!.spec!.fabric.levels[0]!;
  expect(level.topology).toMatchObject({
    kind: 'graph',
    links: expect.arrayContaining([{ a: 0, b: 3, rate: 40e9 }]),
  });
  expect(level).toMatchObject({ bandwidth: 120e9, efficiency: 1, efficiencyFrom: 'default' });
});

test('a stated efficiency counts', async () => {
  const { report } = await analysed(text(8, 'graph("topo.xml")', 'efficiency: 90%'), nvswitch());
  expect(report.plans[0]!.spec!.fabric.levels[0]).toMatchObject({
    efficiency: 0.9,
    efficiencyFrom: 'stated',
  });
});

test('another number of GPUs than the level has children', async () => {
  const result = await analysed(text(8, 'graph("topo.xml")'), fullMesh(4, 'gfx942'));
  const found = result.findings.find(f => f.code === 'graph-file')!;
  expect(textAt(result.text, found)).toBe('"topo.xml"');
  expect(found.message).toBe('topo.xml has 4 GPUs, a node has 8 children.');
  expect(fixed(result, 'graph-file')).toContain('level node of 4 c');
});

it.each([
  ['graph("topo.xml")', '<!DOCTYPE a><system/>', /document types and entities/],
  ['graph("topo.xml")', 'hello', /NCCL_TOPO_DUMP_FILE/],
  ['graph("other.xml")', '', /other\.xml (does not exist|has not been read)/],
  ['graph("topo.xml", links: [[0, 1]])', nvswitch(), /not both/],
])('%s is refused', async (topology, xml, message) => {
  const { findings } = await analysed(text(8, topology), xml);
  expect(findings.find(f => f.code === 'graph-file')!.message).toMatch(message);
});
