/** Types of bundles.mjs, for tests that build a bundle of their own. */
import type { BuildOptions } from 'esbuild';

export interface Bundle extends BuildOptions {
  source: string;
  out: string;
}

export function optionsOf(bundle: Bundle, production: boolean): BuildOptions;
export const present: Bundle[];
