import { listenForSignals } from '../lib/interrupt.ts';
import { createLog, type Log, type LogLevel } from '../lib/log.ts';
import { createProgress, type Progress, silentProgress } from '../lib/progress.ts';
import type { CommonOptions } from './options.ts';

/** What every command is given beside its arguments: where it speaks, what time it is, when it has to stop. */
export interface Session {
  readonly log: Log;
  readonly progress: Progress;
  /** Aborted by SIGINT and SIGTERM, with an `Interrupted` as its reason. */
  readonly signal: AbortSignal;
  /** Epoch seconds at which the command began: the `now` of all that it works out. */
  readonly now: number;
  /** Epoch seconds, to tell how long something took. */
  clock(): number;
  /** Prints a line on stdout. */
  print(line: string): void;
  /** As `say`, but only for whoever sits at a terminal: cron would mail it. */
  printIfInteractive(line: string): void;
}

/** The session of this process: messages on stderr, a display of the progress where that is a terminal. */
export function openSession({
  verbose = 0,
  quiet = false,
  jsonLog = false,
}: CommonOptions): Session {
  const { stdout, stderr } = process;
  const showsProgress = !quiet && !jsonLog && verbose < 2;
  const progress = showsProgress ? createProgress(stderr) : silentProgress(stderr);
  const clock = () => Math.floor(Date.now() / 1000);
  const level = quiet ? 'error' : (levels[verbose] ?? 'debug');
  const print = (line: string) => {
    progress.stop();
    stdout.write(`${line}\n`);
  };
  return {
    log: createLog({ level, json: jsonLog, stream: progress.stream }),
    progress,
    signal: listenForSignals(),
    now: clock(),
    clock,
    print,
    printIfInteractive: stdout.isTTY && !quiet ? print : () => {},
  };
}

/** By the number of -v. */
const levels: readonly LogLevel[] = ['warn', 'info', 'debug'];
