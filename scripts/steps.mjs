/** Runs what a check is made of, one after the other, counts, and says at the end what failed. */
import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

export class Steps {
  passed = 0;
  failures = [];
  skipped = [];

  /** One step; `run` throws or returns false when it fails. Later steps run all the same. */
  async step(name, run) {
    console.log(`\n== ${name}`);
    try {
      if ((await run()) === false) throw new Error('see above');
      this.passed++;
      console.log(`ok: ${name}`);
      return true;
    } catch (error) {
      this.failures.push(name);
      console.error(`FAILED: ${name}: ${error instanceof Error ? error.message : error}`);
      return false;
    }
  }

  /** A step that is a command; its exit status decides. */
  command(name, command, args, options = {}) {
    return this.step(name, () => {
      const { status, error } = spawnSync(command, args, {
        cwd: root,
        stdio: ['ignore', 'inherit', 'inherit'],
        ...options,
      });
      if (error) throw error;
      if (status !== 0) throw new Error(`${command} ended with ${status}`);
    });
  }

  /** What cannot run on this machine is said by name, never counted as passed. */
  skip(name, reason) {
    this.skipped.push(name);
    console.log(`\n== ${name}\nskipped: ${reason}`);
  }

  /** Takes over counts of a test runner. */
  add(passed, failed) {
    this.passed += passed;
    this.failures.push(...failed);
  }

  /** Prints the totals, alone on the last line, and sets the exit status. */
  finish() {
    for (const name of this.skipped) console.log(`skipped: ${name}`);
    for (const name of this.failures) console.log(`failed: ${name}`);
    console.log(`${this.passed} passed, ${this.failures.length} failed`);
    process.exitCode = this.failures.length === 0 ? 0 : 1;
  }
}
