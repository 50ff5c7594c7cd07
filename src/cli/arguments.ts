/** Arguments read against what a command takes; what it does not take is said with what was probably meant. */
import { parseArgs } from 'node:util';
import { nearest } from '../engine/units/suggest.ts';
import { type Arguments, type Command, type OptionSpec, UsageError } from './command.ts';

/** @throws UsageError */
export function readArguments(command: Command, argv: readonly string[]): Arguments {
  const { tokens } = parseArgs({
    args: [...argv],
    strict: false,
    tokens: true,
    allowPositionals: true,
    options: Object.fromEntries(
      Object.entries(command.options).map(([name, option]) => [
        name,
        {
          type: option.value ? ('string' as const) : ('boolean' as const),
          ...(option.short && { short: option.short }),
        },
      ]),
    ),
  });
  const values: Record<string, string | undefined> = {};
  const flags = new Set<string>();
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    if (token.name === 'help') throw new UsageError('--help takes no value.');
    const option = Object.hasOwn(command.options, token.name) ? command.options[token.name] : undefined;
    if (!option) throw new UsageError(unknownOption(command, token.rawName));
    if (option.value) values[token.name] = readValue(token, option);
    else if (token.value !== undefined) throw new UsageError(`${token.rawName} takes no value.`);
    else flags.add(token.name);
  }
  checkPositionals(command, positionals);
  return { values, flags, positionals };
}

function readValue(
  { rawName, value, inlineValue }: { rawName: string; value?: string; inlineValue?: boolean },
  option: OptionSpec,
): string {
  // `--plan --json`: the value was forgotten. `-5MiB` is one, if a bad one.
  const forgotten = value === undefined || value === '' || (!inlineValue && /^-[^0-9]/.test(value));
  if (forgotten) throw new UsageError(`${rawName} needs a value: ${rawName} ${option.value}.`);
  if (option.choices && !option.choices.includes(value)) {
    throw new UsageError(`${rawName} ${value}: ${oneOf(value, option.choices)}`);
  }
  return value;
}

function unknownOption(command: Command, rawName: string): string {
  const known = Object.keys(command.options).filter(name => !command.options[name]!.hidden);
  const meant = nearest(rawName.replace(/^-+/, ''), [...known, 'help', 'version']);
  return `${command.name} has no option ${rawName}.${meant ? ` Did you mean --${meant}?` : ''}`;
}

function checkPositionals(command: Command, given: readonly string[]): void {
  const { names, many, optional = 0 } = command.positionals;
  const missing = names[given.length];
  if (missing !== undefined && given.length < names.length - optional) {
    throw new UsageError(`${command.name} needs ${missing}.`);
  }
  if (given.includes('')) throw new UsageError(`${command.name}: the name of a file is empty.`);
  if (!many && given.length > names.length) {
    const extra = given.slice(names.length).map(word => `'${word}'`);
    throw new UsageError(`${command.name} does not know what to do with ${extra.join(', ')}.`);
  }
}

/** "did you mean ring? Known: ring, tree." Words of the command line stand with their `sign`. */
export function oneOf(word: string, known: readonly string[], sign = ''): string {
  const meant = nearest(word, known);
  return `${meant ? `did you mean ${sign}${meant}? ` : ''}Known: ${known.map(each => sign + each).join(', ')}.`;
}
