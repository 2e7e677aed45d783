import { listenForSignals } from '../lib/interrupt.ts';
import { createLog, type LogLevel } from '../lib/log.ts';
import { silentProgress } from '../lib/progress.ts';
import type { Session } from '../pipeline/session.ts';
import type { CommonOptions } from './options.ts';

/** The session of this process: messages go to stderr, with a progress display if it is a terminal. */
export async function openSession({
  verbose = 0,
  quiet = false,
  jsonLog = false,
}: CommonOptions): Promise<Session> {
  const { stdout, stderr } = process;
  const showsProgress = stderr.isTTY && !quiet && !jsonLog && verbose < 2;
  const progress = showsProgress
    ? (await import('../lib/progressBars.ts')).createProgress(stderr)
    : silentProgress(stderr);
  const clock = () => Math.floor(Date.now() / 1000);
  const level = quiet ? 'error' : (levels[verbose] ?? 'debug');
  const print = (line: string) => {
    progress.stop();
    stdout.write(`${line}\n`);
  };
  return {
    log: createLog({ level, json: jsonLog, stream: progress.stream }),
    progress,
    env: process.env,
    signal: listenForSignals(),
    now: clock(),
    clock,
    print,
    printIfInteractive: stdout.isTTY && !quiet ? print : () => {},
  };
}

/** By the number of times -v is given. */
const levels: readonly LogLevel[] = ['warn', 'info', 'debug'];
