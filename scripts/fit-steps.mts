/**
 * Fits the constants of training steps (src/engine/estimate/constants.ts, `efficiency.*` of std/chips) to measured steps.
 *
 *   npm run fit:steps -- FILE.csv             fits; prints constants, spreads and scores, fitted and left out
 *   npm run fit:steps -- FILE.csv --check     scores with the constants as they are
 *   --write                                   keeps the constants, and writes test/fidelity/left-out.json for docs/steps.md
 *   --rows                                    every row besides
 *
 * Dense rows of trust A count whole, those of trust B a quarter; experts not at all: their software decides. What is minimised is the sum
 * of |log(predicted / measured)|, by weighted least squares in the logarithms of the constants, with each constant held to its prior by a
 * spring: `give` is by how much (as a share) it may leave it at the price of one row that is off by a standard error of 3 %.
 * The spread is the standard deviation over refits on resampled rows. "Left out" refits without one model of one family at a time, from
 * the derivatives at the fit.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { argv, exit, stderr, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import { loadFidelity, root } from './fidelity/load.mts';
import { parametersOf } from './fidelity/parameters.mts';
import { here, minimise, type Problem, solve } from './fidelity/robust.mts';

const { values, positionals } = parseArgs({
  args: argv.slice(2),
  allowPositionals: true,
  options: { check: { type: 'boolean' }, rows: { type: 'boolean' }, write: { type: 'boolean' } },
});
const [file] = positionals;
if (file === undefined) {
  stderr.write('usage: npm run fit:steps -- FILE.csv [--check]\n');
  exit(2);
}
const fidelity = await loadFidelity();
const { libraryChips, stepCases, stepTime, quantile } = fidelity;
const chips = await libraryChips(root);
const cases = stepCases(readFileSync(file, 'utf8'), chips);
const parameters = parametersOf(fidelity, chips);

const fitted = cases.filter(({ experts }) => !experts);
/** Tables recalled from papers decide nothing. */
const weights = fitted.map(({ trust, family }) =>
  trust === 'A' ? 1 : trust === 'B' && family !== 'papers' ? 0.25 : 0,
);
const errorsNow = (): number[] => cases.map(each => Math.log(stepTime(each.plan) / each.measured));

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const line = (cells: readonly (string | number)[]): void => {
  stdout.write(
    `${cells.map((cell, at) => (at === 0 ? String(cell).padEnd(36) : String(cell).padStart(12))).join('')}\n`,
  );
};

type Case = (typeof cases)[number];
const GROUPS: readonly [string, (each: Case) => boolean][] = [
  ['16 bit, dense, trust A', each => each.trust === 'A' && !each.experts && each.bits === 16],
  ['8 bit, dense, trust A', each => each.trust === 'A' && !each.experts && each.bits === 8],
  ['dense, trust B', each => each.trust === 'B' && !each.experts],
  ['experts, trust A', each => each.trust === 'A' && each.experts],
];

function summary(errors: readonly number[], families = true): void {
  const part = (title: string, holds: (each: Case) => boolean): void => {
    const own = errors.flatMap((error, at) => (holds(cases[at]!) ? [Math.exp(error) - 1] : []));
    if (own.length === 0) return;
    const absolute = own.map(Math.abs);
    const mean = absolute.reduce((a, b) => a + b, 0) / own.length;
    line([
      title,
      own.length,
      ...[
        quantile(absolute, 0.5),
        quantile(absolute, 0.9),
        mean,
        Math.max(...absolute),
        quantile(own, 0.5),
      ].map(percent),
    ]);
  };
  line(['', 'rows', 'median', 'p90', 'mean', 'max', 'bias']);
  for (const [title, holds] of GROUPS) part(title, holds);
  if (!families) return;
  const keys = new Set(
    cases.map(({ family, bits, experts, trust }) => `${family} ${trust} ${experts ? 'experts' : bits}`),
  );
  for (const key of keys)
    part(
      key,
      ({ family, bits, experts, trust }) => `${family} ${trust} ${experts ? 'experts' : bits}` === key,
    );
}

function everyRow(errors: readonly number[]): void {
  if (!values.rows) return;
  cases.forEach(({ id, trust, family, model, experts, bits }, at) => {
    line([
      `${id} ${trust} ${experts ? 'experts' : bits}`,
      percent(Math.exp(errors[at]!) - 1),
      `  ${family} ${model}`,
    ]);
  });
}

if (values.check) {
  everyRow(errorsNow());
  summary(errorsNow());
  exit(0);
}

const problem: Problem = {
  parameters,
  weights,
  errors: () => fitted.map(each => Math.log(stepTime(each.plan) / each.measured)),
};
const before = parameters.map(({ read }) => read());
const { at, jacobian, residuals } = values.write ? here(problem) : minimise(problem);

/** Resampled rows: the same derivatives, other weights. */
const spreads = parameters.map(() => [] as number[]);
let seed = 12345;
const random = (): number => {
  seed = (seed * 1103515245 + 12345) % 2 ** 31;
  return seed / 2 ** 31;
};
for (let round = 0; round < 24; round++) {
  const counts = weights.map(() => 0);
  for (let drawn = 0; drawn < counts.length; drawn++) counts[Math.floor(random() * counts.length)]! += 1;
  const moved = solve(
    problem,
    { at, jacobian, residuals },
    weights.map((weight, row) => weight * counts[row]!),
  );
  moved.forEach((value, which) => {
    spreads[which]!.push(value);
  });
}
line(['', 'fitted', 'before', 'prior', 'spread']);
parameters.forEach(({ name, read, prior }, which) => {
  const own = spreads[which]!;
  const mean = own.reduce((a, b) => a + b, 0) / own.length;
  const deviation = Math.sqrt(own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / own.length);
  line([
    name,
    read().toPrecision(4),
    before[which]!.toPrecision(4),
    prior.toPrecision(3),
    percent(deviation),
  ]);
});
stdout.write('\nfitted\n');
const now = errorsNow();
summary(now);
everyRow(now);

stdout.write('\nleft out, one model of one family at a time\n');
const left = [...now];
for (const key of new Set(fitted.map(({ family, model }) => `${family}/${model}`))) {
  const without = weights.map((weight, row) =>
    `${fitted[row]!.family}/${fitted[row]!.model}` === key ? 0 : weight,
  );
  const moved = solve(problem, { at, jacobian, residuals }, without);
  parameters.forEach(({ write }, which) => {
    write(Math.exp(at[which]! + moved[which]!));
  });
  cases.forEach((each, row) => {
    if (!each.experts && `${each.family}/${each.model}` === key)
      left[row] = Math.log(stepTime(each.plan) / each.measured);
  });
}
parameters.forEach(({ write }, which) => {
  write(Math.exp(at[which]!));
});
summary(left);

/** What docs/steps.md shows beside the engine's own errors. */
const kept = (errors: readonly number[]): Record<string, number> =>
  Object.fromEntries(
    cases.flatMap(({ id, measured, experts }, row) =>
      experts ? [] : [[id, Number((measured * Math.exp(errors[row]!)).toPrecision(5))]],
    ),
  );
if (values.write) {
  const text = JSON.stringify({ fitted: kept(now), leftOut: kept(left) }, null, 2);
  writeFileSync(join(root, 'test', 'fidelity', 'left-out.json'), `${text}\n`);
}
