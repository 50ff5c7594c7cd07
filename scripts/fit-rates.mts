/**
 * Fits the table of achieved rates (src/engine/fabric/nccl/rates.ts) to measured collectives, and shows what each family of
 * measurements decides.
 *
 *   npm run fit:rates -- FILE.csv            prints the fitted constants, and the table of families left out
 *   npm run fit:rates -- FILE.csv --check    the table as it is, without a fit
 *
 * What is minimised is the sum of |log(predicted / measured)| over rows of trust A, with what one would assume without these rows
 * (NCCL's own source, curves published elsewhere) as a starting point that each constant leaves at a price. A row that is off by half or more counts no further: virtual machines
 * launch small messages two to three times later than bare metal, and no constant of the fabric should make up for that.
 */
import { readFileSync } from 'node:fs';
import { argv, exit, stderr, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import { loadFidelity, root } from './fidelity/load.mts';

const { values, positionals } = parseArgs({
  args: argv.slice(2),
  allowPositionals: true,
  options: { check: { type: 'boolean' } },
});
const [file] = positionals;
if (file === undefined) {
  stderr.write('usage: npm run fit:rates -- FILE.csv [--check]\n');
  exit(2);
}
const text = readFileSync(file, 'utf8');
const { libraryChips, score, quantile, readCsv, RATES, COMMON } = await loadFidelity();
const chips = await libraryChips(root);

/** One constant, with where it starts from. */
interface Parameter {
  name: string;
  holder: Record<string, unknown>;
  key: string;
  prior: number;
}

const of = (name: string, holder: object, priors: Readonly<Record<string, number>>): Parameter[] =>
  Object.entries(priors).map(([key, prior]) => {
    const values = holder as Record<string, number>;
    return { name: `${name}.${key}`, holder: values, key, prior };
  });

/**
 * What one would assume without these rows. Launch and hop: NCCL's tuner. Ramps: half of what is late at 16 MiB in three published
 * curves of all-reduce on Azure's H100 and A100 machines and a bare-metal Hopper one (Mooncake pull request 3484), whose two
 * rounds count 1.33. Shares in the switches: 473 GB/s of 8 H200 and 842 of 8 B200.
 */
const SMALL = { launch: 6.6e-6, hop: 0.6e-6, exchange: 8e-6 };
const parameters: Parameter[] = [
  ...of('ampere', RATES.ampere, { ...SMALL, allToAll: 0.75, ramp: 50e-6 }),
  ...of('hopper', RATES.hopper, { ...SMALL, allToAll: 0.75, ramp: 24e-6, inSwitch: 0.82 }),
  ...of('blackwell', RATES.blackwell, {
    ...SMALL,
    allToAll: 0.75,
    ramp: 24e-6,
    inSwitch: 0.75,
    inSwitchWide: 0.61,
  }),
  ...of('common', COMMON, {
    growth: 0.42,
    turn: 0.3,
    ll128Ramp: 0.75,
    exchangeRamp: 0.8,
    inSwitchPasses: 2,
    inSwitchRank: 5.5e-6,
  }),
];
const committed = parameters.map(({ holder, key }) => holder[key] as number);

const KIND = 'collective_bandwidth';
/** From here on a row counts no further. */
const ENOUGH = 0.4;
/** A constant that leaves what is assumed by a factor of e must make up for one row that is entirely off. */
const TETHER = 1;

type Scored = ReturnType<typeof score>['rows'][number];
const header = text.slice(0, text.indexOf('\n') + 1);
const collectives =
  header +
  text
    .split('\n')
    .filter(line => line.includes(`,${KIND},`))
    .join('\n');

function rowsNow(): Scored[] {
  return score(collectives, chips).rows.filter(({ error }) => error !== null);
}

function loss(without: string | undefined): number {
  let sum = 0;
  for (const row of rowsNow()) {
    if (row.trust !== 'A' || row.family === without) continue;
    sum += Math.min(ENOUGH, Math.abs(Math.log1p(Math.max(-0.99, row.error!))));
  }
  let tether = 0;
  for (const { holder, key, prior } of parameters)
    tether += Math.abs(Math.log((holder[key] as number) / prior));
  return sum + TETHER * tether;
}

function fitTo(without?: string): void {
  for (const { holder, key, prior } of parameters) holder[key] = prior;
  let best = loss(without);
  for (let width = 1.2; width > 1.01; width = 1 + (width - 1) / 2) {
    for (let improved = true; improved; ) {
      improved = false;
      for (const { holder, key } of parameters) {
        for (const factor of [width, 1 / width]) {
          const before = holder[key] as number;
          holder[key] = before * factor;
          const now = loss(without);
          if (now < best - 1e-6) {
            best = now;
            improved = true;
          } else holder[key] = before;
        }
      }
    }
  }
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const medianOf = (rows: Scored[]): number =>
  quantile(
    rows.map(row => Math.abs(row.error!)),
    0.5,
  );

function line(cells: (string | number)[]): void {
  stdout.write(
    `${cells.map((cell, at) => (at === 0 ? String(cell).padEnd(28) : String(cell).padStart(12))).join('')}\n`,
  );
}

function summary(): void {
  const rows = rowsNow();
  const bytes = bytesById(collectives);
  const part = (title: string, members: Scored[]): void => {
    const errors = members.map(row => Math.abs(row.error!));
    line([title, members.length, percent(quantile(errors, 0.5)), percent(quantile(errors, 0.9))]);
  };
  line(['', 'rows', 'median', 'p90']);
  const trusted = rows.filter(row => row.trust === 'A');
  part(
    'trust A, 16 MiB and more',
    trusted.filter(row => (bytes.get(row.id) ?? 0) >= 2 ** 24),
  );
  part(
    'trust A, 1 MiB up to 16 MiB',
    trusted.filter(row => inside(bytes.get(row.id), 2 ** 20, 2 ** 24)),
  );
  part(
    'trust A, less than 1 MiB',
    trusted.filter(row => inside(bytes.get(row.id), 1, 2 ** 20)),
  );
  for (const family of new Set(rows.map(row => row.family)))
    part(
      family,
      rows.filter(row => row.family === family),
    );
}

function inside(bytes: number | undefined, from: number, to: number): boolean {
  return bytes !== undefined && bytes >= from && bytes < to;
}

function bytesById(csv: string): Map<string, number> {
  return new Map(readCsv(csv).map(row => [row.id!, Number(row.message_bytes) || 0]));
}

if (values.check) summary();
else {
  fitTo();
  line(['', 'fitted', 'before', 'assumed']);
  parameters.forEach(({ name, holder, key, prior }, at) => {
    line([name, ...[holder[key] as number, committed[at]!, prior].map(each => each.toPrecision(3))]);
  });
  stdout.write('\n');
  summary();
  const fitted = parameters.map(({ holder, key }) => holder[key] as number);
  const whole = rowsNow();
  stdout.write('\nmedian of a family that the fit has seen, and that it has not\n');
  for (const family of new Set(whole.map(row => row.family))) {
    fitTo(family);
    const own = rowsNow().filter(row => row.family === family);
    const seen = medianOf(whole.filter(row => row.family === family));
    const unseen = medianOf(own);
    line([family, percent(seen), percent(unseen), percent(unseen - seen)]);
  }
  parameters.forEach(({ holder, key }, at) => {
    holder[key] = fitted[at];
  });
}
