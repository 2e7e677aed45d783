import { createLog, type LogLevel } from '../lib/log.ts';
import { type OutputStream, silentProgress } from '../lib/progress.ts';
import type { Session } from '../pipeline/session.ts';
import type { CommonOptions } from './options.ts';

/** The streams, signal and environment of a process. */
export interface SessionHost {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** Aborted with an `Interrupted` as its reason. */
  readonly signal: AbortSignal;
  readonly env: Session['env'];
}

/** Opens a session. Messages go to stderr, with a progress display on a terminal. */
export async function openSession(
  { verbose = 0, quiet = false, jsonLog = false }: CommonOptions,
  { stdout, stderr, signal, env }: SessionHost,
): Promise<Session> {
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
    env,
    signal,
    now: clock(),
    clock,
    print,
    printIfInteractive: stdout.isTTY && !quiet ? print : () => {},
  };
}

/** Indexed by the number of -v options. */
const levels: readonly LogLevel[] = ['warn', 'info', 'debug'];
