/**
 * Nothing leaves the machine: refuses bundles that hold a way onto the network, and bundles that grew too large.
 * The protocol library may open local pipes (`net`); that is how an editor talks to its server.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What would reach the network, by the way it must be written to be reached. */
const forbidden = [
  { name: 'fetch', pattern: /(?<![\w$.])(?:(?:globalThis|self|window)\.)?fetch\s*\(/g },
  { name: 'XMLHttpRequest', pattern: /\bXMLHttpRequest\b/g },
  { name: 'WebSocket', pattern: /\bnew\s+(?:\w+\.)?WebSocket\b/g },
  { name: 'EventSource', pattern: /\bnew\s+(?:\w+\.)?EventSource\b/g },
  { name: 'sendBeacon', pattern: /\bsendBeacon\b/g },
  {
    name: 'a network module',
    pattern: /\b(?:require|import)\(\s*["'](?:node:)?(?:https?|http2|dgram|dns|tls)["']\s*\)/g,
  },
];

/** Bytes, minified. The whole .vsix has its own limit in scripts/package.mjs. */
const largest = 2_400_000;

export function checkBundles(folder) {
  if (!existsSync(folder)) {
    console.error(`${folder} is missing: run npm run build first.`);
    return false;
  }
  let good = true;
  for (const name of readdirSync(folder).sort()) {
    if (!/\.(c|m)?js$/.test(name)) continue;
    const path = join(folder, name);
    const text = readFileSync(path, 'utf8');
    const size = statSync(path).size;
    console.log(`${name.padEnd(20)} ${(size / 1024).toFixed(0).padStart(6)} KiB`);
    if (size > largest) {
      console.error(`  larger than ${largest / 1000} kB`);
      good = false;
    }
    for (const { name: what, pattern } of forbidden) {
      for (const hit of text.matchAll(pattern)) {
        const around = text.slice(Math.max(0, hit.index - 60), hit.index + 60).replace(/\s+/g, ' ');
        console.error(`  ${what}: …${around}…`);
        good = false;
      }
    }
  }
  return good;
}
