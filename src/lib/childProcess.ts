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
export interface ChildEnd {
  readonly outcome: 'ended' | 'late' | 'missing' | 'forbidden';
  readonly exitCode: number | null;
  /** The beginning of its standard error. */
  readonly complaint: string;
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

const longestComplaint = 4096;
/** From the request to end to the order, ms. */
const patienceMs = 2000;

/**
 * Runs a program in a process group of its own, which is ended as a whole when the time is up or `signal` is aborted; then the
 * reason of the signal is thrown.
 */
export async function runChild(asked: ChildCommand): Promise<ChildEnd> {
  asked.signal.throwIfAborted();
  const child = spawn(asked.command, asked.arguments, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: asked.environment,
  });
  const complaint = collectStart(child.stderr);
  const guard = guardChild(child, asked);
  try {
    const reading = asked.read(child.stdout).catch(unlessClosed);
    const [exit] = await Promise.all([exitOf(child), reading]);
    asked.signal.throwIfAborted();
    const outcome = guard.isLate() ? 'late' : exit.outcome;
    return { outcome, exitCode: exit.exitCode, complaint: complaint() };
  } finally {
    guard.stop();
  }
}

/** Output that is cut short is no mistake of its reader. */
function unlessClosed(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
}

type Exit = Pick<ChildEnd, 'outcome' | 'exitCode'>;

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

function collectStart(stream: Readable): () => string {
  let text = '';
  stream.setEncoding('utf8').on('data', (part: string) => {
    if (text.length < longestComplaint) text += part;
  });
  return () => text.slice(0, longestComplaint).trim();
}

/** Ends the program's group when it must not go on. */
function guardChild(child: Child, { limitSeconds, signal }: ChildCommand) {
  let late = false;
  let killing: NodeJS.Timeout | null = null;

  function end(): void {
    killing ??= setTimeout(() => {
      signalGroup(child, 'SIGKILL');
      // What has left the group may hold the pipes; nobody waits for that.
      child.stdout.destroy();
      child.stderr.destroy();
    }, patienceMs);
    signalGroup(child, 'SIGTERM');
  }

  const timer = setTimeout(() => {
    late = true;
    end();
  }, limitSeconds * 1000);
  signal.addEventListener('abort', end, { once: true });
  return {
    isLate: () => late,
    stop() {
      clearTimeout(timer);
      if (killing !== null) clearTimeout(killing);
      signal.removeEventListener('abort', end);
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
