/** The files that a newcomer opens first. */
import { readdirSync, readFileSync } from 'node:fs';

const folder = new URL('../../examples/', import.meta.url);

/** Name of a file in `examples/` to its text. */
export const samples: Record<string, string> = Object.fromEntries(
  readdirSync(folder)
    .filter(name => name.endsWith('.shard'))
    .map(name => [name, readFileSync(new URL(name, folder), 'utf8')]),
);

export const llama = samples['llama3-405b-16k-h100.shard'] as string;
export const deepseek = samples['deepseek-v3-2k-h800.shard'] as string;
