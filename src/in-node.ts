/**
 * Whether this runs in Node (desktop, remote) and not in a web worker (vscode.dev): asked by the two entries that are
 * bundled once for both hosts. A worker's `process`, where somebody put one, has no version of Node.
 */
export const inNode = typeof process === 'object' && typeof process.versions?.node === 'string';
