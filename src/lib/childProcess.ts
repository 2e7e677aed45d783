import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

/** A program to run, without a shell. */
export interface ChildCommand {
  readonly command: string;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly limitSeconds: number;
  readonly signal: AbortSignal;
  /** Standard input of the program; empty by default. */
  readonly input?: Uint8Array;
  /** Reads the standard output while the program runs. */
  readonly read: (output: AsyncIterable<Uint8Array>) => Promise<void>;
}

/** How a program ended. The exit code is null if a signal ended the program, or if it never ran. */
export interface ChildResult {
  readonly outcome: 'exited' | 'timedOut' | 'notFound' | 'notPermitted';
  readonly exitCode: number | null;
  /** The start of its standard error. */
  readonly stderr: string;
  /** Whether the program took the whole `input`. */
  readonly tookInput: boolean;
}

type Child = ChildProcessByStdio<Writable | null, Readable, Readable>;

const maxStderrLength = 4096;
/** From SIGTERM to SIGKILL, ms. */
const killDelayMs = 2000;

/**
 * Runs a program in its own process group. The time limit and an aborted `signal` terminate the
 * whole group. Throws the reason of an aborted signal.
 */
export async function runChild(request: ChildCommand): Promise<ChildResult> {
  request.signal.throwIfAborted();
  const child = spawn(request.command, request.arguments, {
    detached: true,
    stdio: [request.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    env: request.environment,
  }) as Child;
  const tookInput = feedInput(child.stdin, request.input);
  const stderrPrefix = collectPrefix(child.stderr);
  const supervisor = superviseChild(child, request);
  try {
    const reading = request.read(child.stdout).catch(ignorePrematureClose);
    const [exit] = await Promise.all([exitOf(child), reading]);
    request.signal.throwIfAborted();
    const outcome = supervisor.hasTimedOut() ? 'timedOut' : exit.outcome;
    return { outcome, exitCode: exit.exitCode, stderr: stderrPrefix(), tookInput: tookInput() };
  } finally {
    supervisor.stop();
  }
}

/** Writes the standard input. Returns whether the program has taken all of it so far. */
function feedInput(stdin: Writable | null, input: Uint8Array | undefined): () => boolean {
  let taken = stdin === null;
  // A program that ends early closes its input; its exit code says why.
  stdin
    ?.on('error', () => {})
    .on('finish', () => {
      taken = true;
    });
  stdin?.end(input);
  return () => taken;
}

/** A terminated program may close its output early. */
function ignorePrematureClose(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
}

type Exit = Pick<ChildResult, 'outcome' | 'exitCode'>;

function exitOf(child: Child): Promise<Exit> {
  return new Promise((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') resolve({ outcome: 'notFound', exitCode: null });
      else if (error.code === 'EACCES') resolve({ outcome: 'notPermitted', exitCode: null });
      else reject(error);
    });
    child.once('close', (exitCode) => resolve({ outcome: 'exited', exitCode }));
  });
}

function collectPrefix(stream: Readable): () => string {
  let text = '';
  stream.setEncoding('utf8').on('data', (part: string) => {
    if (text.length < maxStderrLength) text += part;
  });
  return () => text.slice(0, maxStderrLength).trim();
}

/** Terminates the process group at the time limit or when the signal is aborted. */
function superviseChild(child: Child, { limitSeconds, signal }: ChildCommand) {
  let timedOut = false;
  let killTimer: NodeJS.Timeout | null = null;

  function terminate(): void {
    killTimer ??= setTimeout(() => {
      signalGroup(child, 'SIGKILL');
      // A process that left the group may hold the pipes open; do not wait for it.
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
    hasTimedOut: () => timedOut,
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
    // It has already exited, or belongs to root and exits with mtr.
  }
}
