/** `meshwright collective`: one operation on one group of a fabric, with its route. */

import { collectiveJson } from './collective/json.ts';
import { quote } from './collective/quote.ts';
import { resolveRequest } from './collective/resolve.ts';
import { collectiveText } from './collective/text.ts';
import { findAlgorithm, findOperation, OPERATIONS, sizeOf } from './collective/words.ts';
import { type Arguments, type Command, EXIT, type ExitStatus } from './command.ts';
import { isError } from './files/diagnostic.ts';
import { Workspace } from './files/workspace.ts';
import type { Io } from './io.ts';
import { jsonText } from './json/document.ts';
import { diagnosticsText } from './text/diagnostics.ts';
import { pageOf } from './text/page.ts';

export const collective: Command = {
  name: 'collective',
  usage:
    'OP [FILE] --size SIZE [--fabric NAME] [--mesh NAME | --plan NAME] [--group AXIS[*AXIS]|all] [--algorithm NAME] [--json]',
  summary: 'what one collective takes on a fabric, and over which links it goes',
  options: {
    size: { value: 'SIZE', help: 'the size S of nccl-tests, with its unit: 256MiB' },
    fabric: { value: 'NAME', help: 'of FILE or of a file that it imports; without FILE, of std/fabrics' },
    mesh: {
      value: 'NAME',
      help: 'says where the ranks of an axis sit; the only mesh of the fabric if left out',
    },
    plan: { value: 'NAME', help: 'the mesh of this plan' },
    group: {
      value: 'AXIS',
      help: "ranks of one group: 'tp', 'dp*cp', or 'all' (all ranks of the mesh; the default)",
    },
    algorithm: { value: 'NAME', help: 'this one, instead of the best' },
    json: { help: 'every number, unrounded' },
  },
  positionals: { names: [`an OP (${OPERATIONS.join(', ')})`, 'a FILE'], optional: 1 },
  more: `OP is ${OPERATIONS.join(', ')}.
All groups of the axis run at once, as they do in a step.

  meshwright collective all_reduce plan.shard --size 1GiB --group dp
  meshwright collective all_to_all --fabric dgx_h100 --size 64MiB`,
  run: runCollective,
};

async function runCollective({ values, flags, positionals }: Arguments, io: Io): Promise<ExitStatus> {
  const [word, path] = positionals;
  const op = findOperation(word!);
  const bytes = sizeOf(values.size);
  const algorithm = values.algorithm === undefined ? undefined : findAlgorithm(values.algorithm);
  const workspace = new Workspace(io.cwd);
  const { request, diagnostics } = await resolveRequest(workspace, path, values);
  const page = pageOf(io);
  const quoted = request && quote(request, op, bytes, algorithm);
  if (flags.has('json')) {
    io.out(jsonText({ collective: quoted ? collectiveJson(quoted) : null }, diagnostics));
  } else {
    if (quoted) io.out(collectiveText(quoted, values.size!, page));
    io.err(diagnosticsText(diagnostics, page));
  }
  return diagnostics.some(isError) ? EXIT.failed : EXIT.fine;
}
