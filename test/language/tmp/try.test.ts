import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'vitest';
import { importHuggingFace } from '/work/main/src/interop/huggingface.ts';
import { createAnalyser } from '/work/main/src/language/analysis/analyse.ts';
import { createTestServices } from '/work/main/test/language/support.ts';

test('x', async () => {
  const dir = '/work/main/examples/';
  const files: Record<string, string> = {};
  const walk = (d: string, to: string) => {
    for (const e of readdirSync(d, { withFileTypes: true })) {
      if (e.isDirectory()) walk(d + e.name + '/', to + e.name + '/');
      else files[to + e.name] = readFileSync(d + e.name, 'utf8');
    }
  };
  walk(dir, '/work/examples/');
  for (const name of Object.keys(files).filter(f => f.endsWith('.shard'))) {
    const s = createTestServices({ files });
    const analyse = createAnalyser(s.shardplan, { importModel: importHuggingFace });
    const doc = await s.parse(files[name]!, name);
    const t = performance.now();
    const r = analyse(doc);
    console.log(name, (performance.now() - t).toFixed(1), 'ms');
    for (const f of r.findings)
      console.log(
        '  ',
        f.severity,
        f.code,
        f.range.start.line + 1 + ':' + (f.range.start.character + 1),
        f.message,
      );
    for (const p of r.plans) {
      console.log(
        '  plan',
        p.plan,
        p.estimate?.step,
        'mfu',
        p.estimate?.throughput.mfu,
        p.refusals.map(x => x.message),
        p.stale,
        'mem',
        p.estimate?.memory.peak,
      );
      for (const c of p.claims) console.log('     ', c.severity, c.text, c.holds, c.actual);
      for (const c of p.estimate?.collectives ?? [])
        console.log(
          '     ',
          c.name,
          c.what,
          c.count,
          c.total.toFixed(3),
          c.exposed.toFixed(3),
          p.locate(c.causes)?.start.line,
        );
    }
  }
});
