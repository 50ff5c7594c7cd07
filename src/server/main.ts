/**
 * Entry of the server, one script for both hosts: a Node process and a web worker. The bundle is one file, in which a
 * module imported dynamically does not run before it is asked for: a worker never comes upon Node's modules.
 */
import { inNode } from '../in-node.ts';
import { startServer } from './start.ts';

// Settles before the first message is delivered: nothing is loaded, the module is in this file.
void (inNode ? import('./host.node.ts') : import('./host.browser.ts')).then(host =>
  startServer(host.connect()),
);
