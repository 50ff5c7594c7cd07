/** From the words of a command line to an exit status. */
import { version } from '../../package.json';
import { oneOf, readArguments } from './arguments.ts';
import { type Command, EXIT, type ExitStatus, UsageError } from './command.ts';
import { COMMANDS, LATER } from './commands.ts';
import { commandHelp, generalHelp } from './help.ts';
import type { Io } from './io.ts';

/** Never throws: whatever goes wrong is a message and a status. */
export async function run(argv: readonly string[], io: Io): Promise<ExitStatus> {
  try {
    return await dispatch(argv, io);
  } catch (error) {
    if (error instanceof UsageError) {
      io.err(`meshwright: ${error.message}\n${hint(argv)}`);
      return EXIT.usage;
    }
    const message = error instanceof Error ? error.message : String(error);
    io.err(`meshwright: this should not have happened: ${message.split('\n')[0]}\n`);
    return EXIT.failed;
  }
}

async function dispatch([word, ...rest]: readonly string[], io: Io): Promise<ExitStatus> {
  if (word === undefined) {
    io.err(generalHelp(COMMANDS));
    return EXIT.usage;
  }
  if (word === '--version' || word === '-V') {
    io.out(`${version}\n`);
    return EXIT.fine;
  }
  if (word === '--help' || word === '-h' || word === 'help') return help(rest, io);
  const command = find(word);
  if (asksForHelp(rest)) return help([word], io);
  return command.run(readArguments(command, rest), io);
}

function help([word]: readonly string[], io: Io): ExitStatus {
  const command = word === undefined || word.startsWith('-') ? undefined : find(word);
  io.out(command ? commandHelp(command) : generalHelp(COMMANDS));
  return EXIT.fine;
}

/** @throws UsageError */
function find(word: string): Command {
  const command = COMMANDS.find(each => each.name === word);
  if (command) return command;
  if (Object.hasOwn(LATER, word)) {
    throw new UsageError(`${word} is not there yet. ${LATER[word as keyof typeof LATER]}`);
  }
  if (word.startsWith('-')) {
    throw new UsageError(
      `There is no option ${word}: ${oneOf(word.replace(/^-+/, ''), ['help', 'version'], '--')}`,
    );
  }
  const names = COMMANDS.map(each => each.name);
  throw new UsageError(`There is no command '${word}': ${oneOf(word, names)}`);
}

/** Up to `--`, behind which everything is a file. */
function asksForHelp(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return (end < 0 ? argv : argv.slice(0, end)).some(word => word === '--help' || word === '-h');
}

/** Where to read on. */
function hint([word]: readonly string[]): string {
  const known = COMMANDS.some(each => each.name === word);
  return `Try: meshwright ${known ? `${word} ` : ''}--help\n`;
}
