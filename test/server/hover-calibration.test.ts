/** Hover on `calibrate`, from the log to the words. */
import { expect, test } from 'vitest';
import { analyseWith } from '../../src/server/analyse.ts';
import { derivationDocument } from '../../src/server/derivation.ts';
import { hoverAt } from '../../src/server/hover.ts';
import { doubling, ncclLog } from '../interop/nccl-log.ts';
import { cursor, LLAMA, open, viewFor } from './support.ts';

const MIB = 2 ** 20;
const LOG = ncclLog(doubling(8, 8192 * MIB), b => Math.max(20e-6, 0.6e-6 + (0.875 * b) / (0.75 * 450e9)), {
  binary: 'all_gather',
  ranks: 8,
  perHost: 8,
  redop: 'none',
});
const MODEL = 'layers: 8  hidden: 4096  heads: 32  vocab: 32000';

async function report(line: string) {
  const { text, position } = cursor(
    LLAMA.replace('latency:   0.6us', line)
      .replace(' from "config.json"', ` { ${MODEL} }`)
      .replace('pp:  16', 'pp:  1')
      .replace(/ {2}pp.schedule.*\n/, ''),
  );
  const { document, services } = await open(text, { '/plans/run.log': LOG });
  return { text, position, report: analyseWith(services.shardplan)(document) };
}

test('the key shows the fit: what it found, from how much, and how well', async () => {
  const { text, position, report: found } = await report('latency: 0.6us  cali<|>brate: "run.log"');
  const view = await viewFor(text, { report: found });
  const words = (hoverAt(view, position, view.services.shared)!.contents as { value: string }).value;
  expect(words).toContain('**calibrate**');
  expect(words).not.toContain('Not priced');
  expect(words).toContain('`run.log`');
  expect(words).toMatch(/efficiency \| \*\*75(\.\d)? %\*\* of line rate/);
  expect(words).toMatch(/floor \| \*\*20(\.\d)? µs\*\*/);
  expect(words).toContain('62 times of 31 sizes');
  expect(words).toContain('median error');
  expect(words).toContain('worst');
});

test('the derivation says what the level rests on', async () => {
  const { report: found } = await report('latency: 0.6us  calibrate<|>: "run.log"');
  const words = derivationDocument(found, found.plans[0]!);
  expect(words).toMatch(
    /`node\.efficiency` \| 75(\.\d)? % of line rate, fitted to 62 times of run\.log .*\| measured \|/,
  );
});
