/** What a command sees of the process, so that tests can run commands without one. */
export interface Io {
  out(text: string): void;
  err(text: string): void;
  /** Paths on the command line are relative to this folder. */
  cwd: string;
  /** Characters of a line of standard output. */
  width: number;
  /** Whether standard output shows colours. */
  colour: boolean;
}

/** Where nobody says how wide a line is: a pipe, a file. */
const USUAL_WIDTH = 120;
const LEAST_WIDTH = 40;

type Environment = Readonly<Record<string, string | undefined>>;

/** `NO_COLOR` wins over everything, `FORCE_COLOR` over not being a terminal (no-color.org, force-color.org). */
export function wantsColour(env: Environment, isTerminal: boolean): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  return isTerminal && env.TERM !== 'dumb';
}

/** The terminal's width, else what `COLUMNS` says, else {@link USUAL_WIDTH}. */
export function lineWidth(env: Environment, columns: number | undefined): number {
  const stated = Number.parseInt(env.COLUMNS ?? '', 10);
  const width = columns || (Number.isFinite(stated) && stated > 0 ? stated : USUAL_WIDTH);
  return Math.max(LEAST_WIDTH, width);
}

export function processIo(): Io {
  const { stdout, stderr, env } = process;
  for (const stream of [stdout, stderr]) {
    // `meshwright … | head` closes the pipe early; that is no fault of ours.
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit();
      throw error;
    });
  }
  return {
    out: text => void stdout.write(text),
    err: text => void stderr.write(text),
    cwd: process.cwd(),
    width: lineWidth(env, stdout.columns),
    colour: wantsColour(env, stdout.isTTY === true),
  };
}
