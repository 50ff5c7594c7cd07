/**
 * What is promised about speed and size, measured.
 *
 *   npm run bench              a table
 *   npm run bench -- --json    { "version": 1, "results": [{ name, value, unit, budget, baseline?, ratio? }] }
 *
 * Times are medians of warm runs on this machine, as it is loaded now; a budget that is missed is shown, not punished.
 */
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { optionsOf, present } from '../scripts/bundles.mjs';
import { fabricPrices } from './fabric-prices.mts';
import { median, type Result, textOf } from './measure.mts';
import { planText } from './plan-text.mts';
import { editToHints } from './server.mts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const EXAMPLE = 'examples/llama3-405b-16k-h100.shard';
const CHIPS = { many: 65_536, few: 1024 };

async function bundled(out: string): Promise<{ cli: string; engine: typeof import('./engine.ts') }> {
  const cli = present.find(each => each.out === 'cli.cjs')!;
  const engine = { ...cli, source: 'bench/engine.ts', out: 'engine.cjs', banner: {} };
  for (const each of [cli, engine]) {
    await build({ ...optionsOf(each, true), absWorkingDir: root, outdir: out });
  }
  const module = await import(pathToFileURL(join(out, 'engine.cjs')).href);
  return { cli: join(out, 'cli.cjs'), engine: module.default ?? module };
}

/** One of them is too short for a clock. */
function times(count: number, run: () => unknown): void {
  for (let i = 0; i < count; i++) run();
}

/** The same on something small beside it. */
const compared = (value: number, baseline: number) => ({ value, baseline, ratio: value / baseline });

async function results(): Promise<Result[]> {
  const out = mkdtempSync(join(tmpdir(), 'meshwright-bench-'));
  try {
    const { cli, engine } = await bundled(out);
    const plan = await engine.planOf(EXAMPLE, root);
    const parse = engine.parser(root);
    const text = planText(root);
    const small = text.split('\n').slice(0, 58).join('\n');
    const fabric = (chips: number) => engine.fabricOf(plan.fabric, chips);
    const [many, few] = [fabric(CHIPS.many), fabric(CHIPS.few)];
    const price = (chips: number) => () =>
      engine.priceOnce(chips === CHIPS.many ? many : few, 'all_reduce', chips);
    return [
      { name: 'edit to hints, 300 lines', unit: 'ms', budget: 60, value: await editToHints(cli, root) },
      {
        name: 'parse, 300 lines',
        unit: 'ms',
        budget: 20,
        ...compared(await median(() => parse(text)), await median(() => parse(small))),
      },
      {
        name: 'step time of a candidate in a search',
        unit: 'ms',
        budget: 0.02,
        value: (await median(() => times(500, () => engine.searchOnce(plan)))) / 500,
      },
      {
        name: 'estimate of the first example, warm',
        unit: 'ms',
        budget: 3,
        value: await median(() => engine.estimateOnce(plan, false)),
      },
      {
        name: 'estimate of the first example, new fabric',
        unit: 'ms',
        budget: 30,
        value: await median(() => engine.estimateOnce(plan, true)),
      },
      {
        name: 'one collective over 65,536 chips',
        unit: 'ms',
        budget: 5,
        ...compared(await median(price(CHIPS.many)), await median(price(CHIPS.few))),
      },
      ...(await fabricPrices(engine)),
      ...sizes(),
    ];
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** Of what has been built: bundles in dist/ (not those of a development build) and packages. */
function sizes(): Result[] {
  const found: Result[] = [];
  const size = (name: string, path: string, budget: number) =>
    found.push({ name, value: statSync(path).size / 1000, unit: 'kB', budget });
  const dist = join(root, 'dist');
  const built = existsSync(dist) ? readdirSync(dist).sort() : [];
  for (const name of built) {
    if (/\.c?js$/.test(name) && !built.includes(`${name}.map`)) size(name, join(dist, name), 2400);
  }
  for (const name of readdirSync(root).sort()) {
    if (/\.(vsix|tgz)$/.test(name)) size(name, join(root, name), 1500);
  }
  return found;
}

const measured = await results();
const json = process.argv.includes('--json');
process.stdout.write(
  json ? `${JSON.stringify({ version: 1, results: measured }, null, 2)}\n` : textOf(measured),
);
