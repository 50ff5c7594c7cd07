import { readFile } from 'node:fs/promises';
import { defineConfig, type Plugin } from 'vitest/config';

/** Imports of `.shard` files, and of any file as `?text`, give the file's own text, as the bundler does. */
const textImports: Plugin = {
  name: 'text-imports',
  enforce: 'pre',
  async resolveId(source, importer) {
    if (!source.endsWith('?text')) return null;
    const resolved = await this.resolve(source.slice(0, -'?text'.length), importer, { skipSelf: true });
    return resolved ? `${resolved.id}?text` : null;
  },
  async load(id) {
    const path = id.endsWith('?text') ? id.slice(0, -'?text'.length) : id;
    if (path === id && !id.endsWith('.shard')) return null;
    this.addWatchFile(path);
    return `export default ${JSON.stringify(await readFile(path, 'utf8'))};`;
  },
};

export default defineConfig({
  plugins: [textImports],
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/e2e/**', 'node_modules/**'],
    // Two cores are the least that a machine has; a test may wait for another.
    testTimeout: 60_000,
  },
});
