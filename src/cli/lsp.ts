/** `meshwright lsp --stdio`: the language server for editors other than VS Code. */
import { type Command, EXIT, UsageError } from './command.ts';

export const lsp: Command = {
  name: 'lsp',
  usage: '--stdio',
  summary: 'the language server, for other editors',
  options: {
    stdio: { help: 'talk over standard input and output; there is no other way' },
    clientProcessId: { value: 'PID', help: 'ends when this process does', hidden: true },
  },
  positionals: { names: [] },
  async run({ flags }) {
    if (!flags.has('stdio'))
      throw new UsageError('lsp talks over standard input and output only: add --stdio.');
    const { serveStdio } = await import('../server/main.stdio.ts');
    serveStdio();
    return EXIT.fine;
  },
};
