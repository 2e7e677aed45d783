import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

/** A program to run: no shell sees the arguments. */
export interface ChildCommand {
  readonly command: string;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly limitSeconds: number;
  readonly signal: AbortSignal;
  /** Consumes the standard output while the program runs. */
  readonly read: (output: AsyncIterable<Uint8Array>) => Promise<void>;
}

/** How a program ended: its exit code (null when a signal ended it) or why it has none, and what it complained of. */
export interface ChildResult {
  readonly outcome: 'ended' | 'late' | 'missing' | 'forbidden';
  readonly exitCode: number | null;
  /** The beginning of its standard error. */
  readonly stderr: string;
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

const maxStderrLength = 4096;
/** From the request to end to the order, ms. */
const killDelayMs = 2000;

/**
 * Runs a program in a process group of its own, which is ended as a whole when the time is up or `signal` is aborted; then the
 * reason of the signal is thrown.
 */
export async function runChild(request: ChildCommand): Promise<ChildResult> {
  request.signal.throwIfAborted();
  const child = spawn(request.command, request.arguments, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: request.environment,
  });
  const stderrPrefix = collectPrefix(child.stderr);
  const supervisor = superviseChild(child, request);
  try {
    const reading = request.read(child.stdout).catch(ignorePrematureClose);
    const [exit] = await Promise.all([exitOf(child), reading]);
    request.signal.throwIfAborted();
    const outcome = supervisor.isLate() ? 'late' : exit.outcome;
    return { outcome, exitCode: exit.exitCode, stderr: stderrPrefix() };
  } finally {
    supervisor.stop();
  }
}

/** Output that is cut short is no mistake of its reader. */
function ignorePrematureClose(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
}

type Exit = Pick<ChildResult, 'outcome' | 'exitCode'>;

function exitOf(child: Child): Promise<Exit> {
  return new Promise((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') resolve({ outcome: 'missing', exitCode: null });
      else if (error.code === 'EACCES') resolve({ outcome: 'forbidden', exitCode: null });
      else reject(error);
    });
    child.once('close', (exitCode) => resolve({ outcome: 'ended', exitCode }));
  });
}

function collectPrefix(stream: Readable): () => string {
  let text = '';
  stream.setEncoding('utf8').on('data', (part: string) => {
    if (text.length < maxStderrLength) text += part;
  });
  return () => text.slice(0, maxStderrLength).trim();
}

/** Ends the program's group when it must not go on. */
function superviseChild(child: Child, { limitSeconds, signal }: ChildCommand) {
  let timedOut = false;
  let killTimer: NodeJS.Timeout | null = null;

  function terminate(): void {
    killTimer ??= setTimeout(() => {
      signalGroup(child, 'SIGKILL');
      // What has left the group may hold the pipes; nobody waits for that.
      child.stdout.destroy();
      child.stderr.destroy();
    }, killDelayMs);
    signalGroup(child, 'SIGTERM');
  }

  const timer = setTimeout(() => {
    timedOut = true;
    terminate();
  }, limitSeconds * 1000);
  signal.addEventListener('abort', terminate, { once: true });
  return {
    isLate: () => timedOut,
    stop() {
      clearTimeout(timer);
      if (killTimer !== null) clearTimeout(killTimer);
      signal.removeEventListener('abort', terminate);
    },
  };
}

function signalGroup({ pid }: Child, name: 'SIGTERM' | 'SIGKILL'): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, name);
  } catch {
    // It has ended meanwhile, or belongs to root and ends when mtr does.
  }
}
