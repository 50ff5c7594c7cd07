import { expect, test } from 'vitest';
import { createTestServices, parseDocument } from './support.ts';

test('a document is parsed and linked', async () => {
  const document = await parseDocument(`
    chip c { power: 1kW }
    fabric f { level node of 8 c { bandwidth: 1GB/s } }
    mesh m on f { tp: 8 on node order: tp }
    plan p on m { tp.overlap: true }
  `);
  const root = document.parseResult.value;
  expect(document.parseResult.parserErrors).toEqual([]);
  expect(root.decls.map(decl => decl.$type)).toEqual(['Chip', 'Fabric', 'Mesh', 'Plan']);
});

test('names of an imported file are seen, names of its imports are not', async () => {
  const services = createTestServices({
    files: {
      '/plans/chips.shard': 'chip far { power: 1kW }',
      '/plans/fabrics.shard': 'import "chips"\nfabric f { level node of 8 far {} }',
    },
  });
  const document = await services.parse(
    'import "fabrics"\nfabric g { level node of 8 far {} }\nmesh m on f {}',
    '/plans/a.shard',
  );
  const [g, m] = document.parseResult.value.decls;
  expect(m?.$type === 'Mesh' && m.fabric.ref?.name).toBe('f');
  expect(g?.$type === 'Fabric' && g.levels[0]?.parts[0]?.child.ref).toBeUndefined();
  const fabrics = services.document('/plans/fabrics.shard')?.parseResult.value.decls[0];
  expect(fabrics?.$type === 'Fabric' && fabrics.levels[0]?.parts[0]?.child.ref?.name).toBe('far');
});
