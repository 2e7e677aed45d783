import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { runCommandLine } from '../../src/cli/commandLine.ts';
import { openSession } from '../../src/cli/session.ts';

/** How a command ended. `code` is null after a kill. */
export interface Outcome {
  readonly code: number | null;
  readonly stderr: string;
}

const main = join(import.meta.dirname, '../../bin/start.js');

/** Runs pstrace within this process while the clock shows `now` (epoch seconds). */
export async function runHere(now: number, args: readonly string[]): Promise<Outcome> {
  const [, stdout] = capture();
  const [stderr, errors] = capture();
  const host = {
    stdout,
    stderr: errors,
    signal: new AbortController().signal,
    env: { PATH: process.env.PATH },
  };
  const clock = Date.now;
  Date.now = () => now * 1000;
  try {
    const code = await runCommandLine(args, {
      openSession: (options) => openSession(options, host),
      output: { writeOut: () => {}, writeErr: (text) => errors.write(text) },
    });
    return { code, stderr: stderr.join('') };
  } finally {
    Date.now = clock;
  }
}

function capture(): readonly [string[], Writable] {
  const chunks: string[] = [];
  const write = (chunk: Buffer, _encoding: string, done: () => void) => {
    chunks.push(String(chunk));
    done();
  };
  return [chunks, new Writable({ write })];
}

/** How a process of its own is started. */
export interface ChildSettings {
  /** A command that starts it, such as `['prlimit', '--fsize=1000']`. */
  readonly prefix?: readonly string[];
  /** When to kill it, milliseconds after its start; undefined: never. */
  readonly killAfterMs?: number;
  /** Its user; undefined: the one of this process. */
  readonly uid?: number;
}

/** Runs pstrace as a process of its own while its clock shows `now` (epoch seconds). */
export function runChild(
  now: number,
  args: readonly string[],
  { prefix = [], killAfterMs, uid }: ChildSettings,
): Promise<Outcome> {
  const [command = '', ...rest] = [...prefix, process.execPath, main, ...args];
  const clock = `--import=data:text/javascript,Date.now=()=>${now * 1000}`;
  const child = spawn(command, rest, {
    env: { PATH: process.env.PATH, NODE_OPTIONS: clock, TZ: 'UTC' },
    stdio: ['ignore', 'ignore', 'pipe'],
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const timer =
    killAfterMs === undefined ? null : setTimeout(() => child.kill('SIGKILL'), killAfterMs);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (timer !== null) clearTimeout(timer);
      resolve({ code, stderr });
    });
  });
}
