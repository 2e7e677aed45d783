import { listenForSignals } from '../lib/interrupt.ts';
import { createLog, type LogLevel } from '../lib/log.ts';
import { createProgress, silentProgress } from '../lib/progress.ts';
import type { Session } from '../pipeline/session.ts';
import type { CommonOptions } from './options.ts';

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
