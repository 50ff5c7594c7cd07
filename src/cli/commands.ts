/** The commands, in the sequence of the help. */
import { check } from './check.ts';
import { collective } from './collective.ts';
import type { Command } from './command.ts';
import { estimate } from './estimate.ts';
import { exportCommand } from './export.ts';
import { fmt } from './fmt.ts';
import { importCommand } from './import.ts';
import { lsp } from './lsp.ts';

export const COMMANDS: readonly Command[] = [
  estimate,
  check,
  collective,
  exportCommand,
  importCommand,
  fmt,
  lsp,
];

/** Commands that people will look for and that do not exist yet, with what to do until then. */
export const LATER = {
  diff: "Until then, compare the outputs of 'meshwright estimate --json' of both files.",
  search: "Until then, change the plan by hand and read 'meshwright estimate'.",
  sweep: "Until then, write variants with 'plan NAME like OTHER' and read 'meshwright estimate'.",
} as const;
