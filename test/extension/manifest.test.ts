/** The manifest promises files, commands and keys; nothing else notices when one is missing. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const manifest = JSON.parse(read('package.json'));
const { contributes } = manifest;

const sources = (readdirSync(join(root, 'src/extension'), { recursive: true }) as string[])
  .filter(name => name.endsWith('.ts'))
  .map(name => read(join('src/extension', name)))
  .join('\n');
const declared: string[] = contributes.commands.map((command: { command: string }) => command.command);

/** Every text in the manifest, with the path to it. */
function texts(value: unknown, path = ''): { path: string; text: string }[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => texts(inner, `${path}/${key}`));
}

describe('the manifest', () => {
  test('names only files that exist', () => {
    const files = texts({ icon: manifest.icon, contributes })
      .map(({ text }) => text)
      .filter(text => /^(\.\/)?(media|syntaxes)\//.test(text));
    expect(files).toContain('media/icon.png');
    expect(files.filter(file => !existsSync(join(root, file)))).toEqual([]);
  });

  test('leaves snippets to the language server, which knows where each may stand', () => {
    expect(contributes.snippets).toBeUndefined();
  });

  test('has an icon of 256 by 256 pixels', () => {
    const png = readFileSync(join(root, manifest.icon));
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([256, 256]);
  });

  test('gives every command a title, and the client registers exactly those', () => {
    for (const { title, category } of contributes.commands) {
      expect(title).toMatch(/^[A-Z]/);
      expect(category).toBe('Meshwright');
    }
    const registered = [...sources.matchAll(/registerCommand\(\s*'([^']+)'/g)].map(match => match[1]);
    expect(registered.toSorted()).toEqual(declared.toSorted());
  });

  test('uses only its own commands in menus, keys and the walkthrough', () => {
    const used = texts({
      menus: contributes.menus,
      keys: contributes.keybindings,
      steps: contributes.walkthroughs,
    })
      .flatMap(({ text }) => [...text.matchAll(/meshwright\.[a-zA-Z]+/g)])
      .map(match => match[0]);
    expect(used.filter(command => !declared.includes(command))).toEqual([]);
  });

  test('gives every key with Ctrl a twin with Cmd', () => {
    for (const { key, mac } of contributes.keybindings) {
      expect(mac).toBe(key.replaceAll('ctrl', 'cmd'));
    }
  });

  test('describes every setting and gives it a default', () => {
    for (const [name, setting] of Object.entries<Record<string, unknown>>(
      contributes.configuration.properties,
    )) {
      expect(name).toMatch(/^meshwright\./);
      expect(setting.description ?? setting.markdownDescription, name).toMatch(/\.$/);
      expect(setting.default, name).toBeDefined();
    }
  });

  test('has every setting that the code reads', () => {
    const properties = Object.keys(contributes.configuration.properties);
    for (const [, name] of sources.matchAll(/settings?\.(?:get|update|inspect)\('([^']+)'/g)) {
      expect(properties).toContain(`meshwright.${name}`);
    }
  });

  test('activates for its panel and its language only', () => {
    expect(manifest.activationEvents).toEqual(['onWebviewPanel:meshwright.topology']);
  });

  test('runs in Restricted Mode and in virtual workspaces', () => {
    expect(manifest.capabilities).toEqual({
      untrustedWorkspaces: { supported: true },
      virtualWorkspaces: true,
    });
  });

  test('is no ES module: the web-worker host refuses those', () => {
    expect(manifest.type).toBeUndefined();
    expect(manifest.browser).toMatch(/\.js$/);
  });

  test('matches the lines that the command line prints', () => {
    const [{ pattern }] = contributes.problemMatchers;
    const line = 'examples/a.shard:12:3: error unit-missing: A bandwidth needs a unit, like 450GB/s.';
    expect(new RegExp(pattern.regexp).exec(line)?.slice(1)).toEqual([
      'examples/a.shard',
      '12',
      '3',
      'error',
      'unit-missing',
      'A bandwidth needs a unit, like 450GB/s.',
    ]);
  });
});
