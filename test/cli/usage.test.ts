/** Wrong usage: exit status 2, one line that says what was meant, nothing on standard output. */
import { describe, expect, test } from 'vitest';
import { LIBRARY } from '../../src/language/library.ts';
import { EXAMPLES, meshwright } from './support.ts';

const { llama } = EXAMPLES;

/** More than a dozen. */
const fabrics = [...(LIBRARY['std/fabrics'] ?? '').matchAll(/^fabric (\w+)/gm)].map(match => match[1]);

describe('wrong usage', () => {
  test.each<[string, string[], RegExp]>([
    ['no command', [], /usage: meshwright/],
    ['an unknown command', ['estimat', llama], /did you mean estimate\?/],
    ['an unknown global option', ['--versoin'], /did you mean --version\?/],
    ['an unknown option', ['estimate', llama, '--jsn'], /no option --jsn. Did you mean --json\?/],
    ['an option without its value', ['estimate', llama, '--plan'], /--plan needs a value/],
    ['an option in place of a value', ['estimate', llama, '--plan', '--json'], /--plan needs a value/],
    ['a value for a switch', ['estimate', llama, '--json=1'], /--json takes no value/],
    ['no file', ['estimate'], /needs a FILE/],
    ['a file too many', ['estimate', llama, llama], /does not know what to do with/],
    ['an empty name', ['check', ''], /name of a file is empty/],
    ['an unknown format', ['check', llama, '--format', 'sarf'], /did you mean sarif\?/],
    ['an unknown plan', ['estimate', llama, '--plan', 'pretran'], /Did you mean pretrain\?/],
    [
      'an unknown operation',
      ['collective', 'all_reduse', llama, '--size', '1MiB'],
      /did you mean all_reduce\?/,
    ],
    ['a collective without size', ['collective', 'all_reduce', llama], /--size 256MiB/],
    ['a size without unit', ['collective', 'ar', llama, '--size', '5'], /unit is missing/],
    ['a size of nothing', ['collective', 'ar', llama, '--size', '0B'], /more than nothing/],
    ['a negative size', ['collective', 'ar', llama, '--size', '-5MiB'], /this is no size/],
    ['a rate as size', ['collective', 'ar', llama, '--size', '5GB/s'], /no unit of size/],
    ['an unknown unit', ['collective', 'ar', llama, '--size', '5MBytes'], /no unit 'MBytes'/],
    ['an unknown axis', ['collective', 'ar', llama, '--size', '1MiB', '--group', 'tpp'], /did you mean tp\?/],
    ['an axis twice', ['collective', 'ar', llama, '--size', '1MiB', '--group', 'tp*tp'], /in it twice/],
    [
      'an unknown fabric',
      ['collective', 'ar', llama, '--size', '1MiB', '--fabric', 'clos24'],
      /Did you mean clos24k\? Known: clos24k/,
    ],
    [
      'a fabric that is like none of the library: every one is named',
      ['collective', 'ar', '--size', '1MiB', '--fabric', 'zzzzzzzzzzzzzz'],
      new RegExp(`Known: ${fabrics.join(', ')}\\.`),
    ],
    ['no file and no fabric', ['collective', 'ar', '--size', '1MiB'], /needs a FILE/],
    [
      'an algorithm that cannot run it',
      ['collective', 'all_gather', llama, '--size', '1MiB', '--algorithm', 'tree'],
      /tree cannot run all_gather .* these can: .*ring/,
    ],
    ['nothing to export', ['export', 'trace'], /needs a FILE/],
    ['an export of no known kind', ['export', 'trase', llama], /did you mean trace\?/],
    ['nothing to import', ['import', 'nccl-topo'], /needs a FILE/],
    ['an import of no known kind', ['import', 'nccl-topp', llama], /did you mean nccl-topo\?/],
    ['an import that a model does itself', ['import', 'hf', 'config.json'], /from "config\.json"/],
    ['a name that is none', ['import', 'nccl-topo', llama, '--name', '8x'], /--name 8x: a name has letters/],
    ['no files to lay out', ['fmt'], /needs a FILE/],
    ['a server without its stream', ['lsp'], /add --stdio/],
  ])('%s', async (_, args, message) => {
    const { status, stdout, stderr } = await meshwright(args);
    expect(stderr).toMatch(message);
    expect(stdout).toBe('');
    expect(status).toBe(2);
  });

  test.each(['diff', 'search', 'sweep'])('%s is not there yet', async name => {
    const { status, stderr } = await meshwright([name, llama]);
    expect(stderr).toMatch(new RegExp(`${name} is not there yet`));
    expect(status).toBe(2);
    const help = await meshwright(['--help']);
    expect(help.stdout).not.toMatch(new RegExp(`^  ${name}\\b`, 'm'));
  });
});

describe('help', () => {
  test('lists the commands and what their exit status means', async () => {
    const { status, stdout } = await meshwright(['--help']);
    expect(status).toBe(0);
    for (const name of ['estimate', 'check', 'collective', 'fmt', 'lsp'])
      expect(stdout).toContain(`  ${name} `);
    expect(stdout).toMatch(/0 when all asserts hold, 1 .* 2 for wrong usage/);
  });

  test.each([
    ['estimate', '--help'],
    ['help', 'estimate'],
    ['estimate', EXAMPLES.llama, '-h'],
  ])('of one command: %s %s', async (...args) => {
    const { status, stdout } = await meshwright(args);
    expect(status).toBe(0);
    expect(stdout).toContain('usage: meshwright estimate FILE [--plan NAME] [--json]');
    expect(stdout).toContain('--plan NAME');
  });

  test('the version is the package’s', async () => {
    const { stdout, status } = await meshwright(['--version']);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(status).toBe(0);
  });
});
