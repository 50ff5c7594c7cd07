/** Nothing that goes wrong in one feature may reach the editor as a crash. */

import { isOperationCancelled } from 'langium';
import type { Connection } from 'vscode-languageserver';

export interface Log {
  error(message: string): void;
}

/** Writes to the client's output channel. */
export function connectionLog(connection: Connection): Log {
  return { error: message => connection.console.error(message) };
}

/**
 * Runs one feature. An exception becomes null and a line in the log; a cancellation passes through, since the caller
 * answers it in the protocol's own way.
 */
export async function guarded<T>(name: string, log: Log, run: () => T | Promise<T>): Promise<T | null> {
  try {
    return await run();
  } catch (error) {
    if (isOperationCancelled(error)) throw error;
    log.error(`${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return null;
  }
}
