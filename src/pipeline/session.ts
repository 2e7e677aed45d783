import type { Log } from '../lib/log.ts';
import type { Progress } from '../lib/progress.ts';

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The environment of every command: its output, the time, and the signal to stop. */
export interface Session {
  readonly log: Log;
  readonly progress: Progress;
  /** Environment variables of the process. */
  readonly env: Environment;
  /** Aborted by SIGINT and SIGTERM, with an `Interrupted` as its reason. */
  readonly signal: AbortSignal;
  /** Epoch seconds at which the command began. All steps use it as the current time. */
  readonly now: number;
  /** Epoch seconds at the moment of the call, to measure how long something took. */
  clock(): number;
  /** Prints a line on stdout. */
  print(line: string): void;
  /** Prints a line on stdout if that is a terminal; cron would mail the line. */
  printIfInteractive(line: string): void;
}
