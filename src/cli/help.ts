/** What `--help` says. */
import type { Command } from './command.ts';
import { wrap } from './text/page.ts';

const WIDTH = 100;

export function generalHelp(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(command => command.name.length));
  const rows = commands.map(command => `  ${command.name.padEnd(width)}  ${command.summary}`);
  return [
    'meshwright: what the network costs a sharding plan, and where it binds.',
    '',
    'usage: meshwright COMMAND …',
    '',
    ...rows,
    '',
    '  --help     this page; behind a command, its own',
    '  --version  the version',
    '',
    'Exit status: 0 when all asserts hold, 1 when one fails or a file has errors, 2 for wrong usage.',
    '',
  ].join('\n');
}

export function commandHelp(command: Command): string {
  const options = Object.entries(command.options)
    .filter(([, option]) => !option.hidden)
    .map(([name, option]) => ({
      left: `${option.short ? `-${option.short}, ` : ''}--${name}${option.value ? ` ${option.value}` : ''}`,
      right: option.help,
    }));
  const width = Math.max(0, ...options.map(option => option.left.length));
  return [
    `${command.summary}`,
    '',
    wrap(`usage: meshwright ${command.name} ${command.usage}`, WIDTH, 4),
    '',
    ...options.map(({ left, right }) => `  ${left.padEnd(width)}  ${right}`),
    ...(options.length > 0 ? [''] : []),
    ...(command.more ? [command.more.trimEnd(), ''] : []),
  ].join('\n');
}
