/** Entry of the command `meshwright`. */
import { processIo } from './io.ts';
import { run } from './run.ts';

// The status is set, not forced: what is still on its way to a pipe must arrive.
run(process.argv.slice(2), processIo()).then(status => {
  process.exitCode = status;
});
