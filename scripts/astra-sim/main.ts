/**
 * Compares the engine's prices with a table of ASTRA-sim runs.
 *
 *   npm run compare:astra-sim -- FILE.csv [--json]
 *
 * Exit status 0 when it ran, 2 for a wrong file or wrong usage.
 */
import { readFileSync } from 'node:fs';
import { compare } from './compare.ts';
import { readTable, WrongTable } from './table.ts';
import { textOf } from './text.ts';

const USAGE = 'usage: npm run compare:astra-sim -- FILE.csv [--json]';

export interface Outcome {
  status: 0 | 2;
  out: string;
  error: string;
}

export function run(args: readonly string[], read: (path: string) => string): Outcome {
  const files = args.filter(each => !each.startsWith('--'));
  const unknown = args.find(each => each.startsWith('--') && each !== '--json');
  if (unknown !== undefined) return wrong(`unknown option ${unknown}\n${USAGE}`);
  const [file] = files;
  if (file === undefined || files.length > 1) return wrong(USAGE);
  let text: string;
  try {
    text = read(file);
  } catch (error) {
    return wrong(`${file}: ${error instanceof Error ? error.message : error}`);
  }
  try {
    const result = compare(readTable(text));
    return {
      status: 0,
      out: args.includes('--json') ? JSON.stringify(result, null, 1) : textOf(result),
      error: '',
    };
  } catch (error) {
    if (error instanceof WrongTable) return wrong(`${file}: ${error.message}`);
    throw error;
  }
}

const wrong = (error: string): Outcome => ({ status: 2, out: '', error });

if (import.meta.main) {
  const { status, out, error } = run(process.argv.slice(2), path => readFileSync(path, 'utf8'));
  if (out !== '') process.stdout.write(`${out}\n`);
  if (error !== '') process.stderr.write(`${error}\n`);
  process.exitCode = status;
}
