/** What a command is. */
import type { Io } from './io.ts';

/** Exit statuses: fine; an assert fails or a file has errors; wrong usage. */
export const EXIT = { fine: 0, failed: 1, usage: 2 } as const;
export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];

/** Wrong usage: said in one line on standard error, exit status 2. */
export class UsageError extends Error {}

export interface OptionSpec {
  /** What stands behind it: `NAME`; a switch has none. */
  value?: string;
  /** One line. */
  help: string;
  /** One letter that stands for it: `-o`. */
  short?: string;
  /** Words it takes, for checks and suggestions. */
  choices?: readonly string[];
  /** Understood, not shown. */
  hidden?: boolean;
}

/** Values and switches by name, and what is left. */
export interface Arguments {
  values: Readonly<Record<string, string | undefined>>;
  flags: ReadonlySet<string>;
  positionals: readonly string[];
}

export interface Command {
  name: string;
  /** Behind the name: `FILE [--plan NAME] [--json]`. */
  usage: string;
  summary: string;
  options: Readonly<Record<string, OptionSpec>>;
  /** Least and most positional arguments, and what they are called when one is missing. */
  positionals: { names: readonly string[]; many?: boolean; optional?: number };
  /** More for `--help`: examples, what the output means. */
  more?: string;
  run(args: Arguments, io: Io): Promise<ExitStatus>;
}
