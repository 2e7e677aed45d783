import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Readable, Writable } from 'node:stream';
import { runCommandLine } from '../../../src/cli/commandLine.ts';
import { openSession } from '../../../src/cli/session.ts';
import { tempDir } from '../../helpers/tempDir.ts';

/** How a command ended, and all it printed. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that is under way. */
export interface Running {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves when what it has printed on stdout matches. */
  printed(pattern: RegExp): Promise<string>;
  /** The same for stderr. */
  warned(pattern: RegExp): Promise<string>;
}

/** Starts the compiled program, which is compiled anew when a source has changed. */
const main = join(import.meta.dirname, '../../../bin/start.js');

/** Node.js keeps what it compiled between the commands; nothing else comes from this environment. */
const env = { NODE_COMPILE_CACHE: join(tmpdir(), 'pstrace-test-compiled'), TZ: 'Asia/Kathmandu' };

/**
 * Starts pstrace as a process of its own, without a terminal, as cron does. `prefix` is put before the command, as
 * `['prlimit', '--fsize=1000']`.
 */
export function start(args: readonly string[], prefix: readonly string[] = []): Running {
  const [command = '', ...rest] = [...prefix, process.execPath, main, ...args];
  const { PATH } = process.env;
  const child = spawn(command, rest, { env: { ...env, PATH } });
  // A command may end before it has read all of its input.
  child.stdin.on('error', () => {});
  let stdout = '';
  let stderr = '';
  // A character may lie across two chunks.
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
  const seen = (stream: Readable, text: () => string) => (pattern: RegExp) =>
    new Promise<string>((resolve, reject) => {
      const look = () => {
        const [match] = pattern.exec(text()) ?? [];
        if (match !== undefined) resolve(match);
      };
      stream.on('data', look);
      child.on('close', () => reject(new Error(`ended without printing ${pattern}: ${stderr}`)));
      look();
    });
  return {
    process: child,
    ended,
    printed: seen(child.stdout, () => stdout),
    warned: seen(child.stderr, () => stderr),
  };
}

/** A stream that is no terminal, and all that was written to it. */
function captured(): { readonly stream: Writable; readonly text: () => string } {
  const chunks: Buffer[] = [];
  const write = (chunk: Buffer, _encoding: string, done: () => void) => {
    chunks.push(chunk);
    done();
  };
  return { stream: new Writable({ write }), text: () => Buffer.concat(chunks).toString() };
}

/**
 * Runs pstrace to its end within this process, without a terminal. Use `start` where the process itself is
 * under test: its environment, signals, stdin, limits, or what the command writes to stdout as a stream.
 */
export async function pstrace(...args: readonly string[]): Promise<Ended> {
  const [stdout, stderr] = [captured(), captured()];
  const host = {
    stdout: stdout.stream,
    stderr: stderr.stream,
    signal: new AbortController().signal,
    env: { PATH: process.env.PATH },
  };
  const code = await runCommandLine(args, {
    openSession: (options) => openSession(options, host),
    output: {
      writeOut: (text) => stdout.stream.write(text),
      writeErr: (text) => stderr.stream.write(text),
    },
  });
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

/** A site, a state and a configuration of the running test's own. */
export interface Place {
  readonly out: string;
  readonly state: string;
  /** The options that name all three. */
  readonly options: readonly string[];
}

/** `settings`: the text of the configuration, in which failures are not repeated. */
export function place(settings = '[http]\nretries = 0\ntimeout = "5s"\n'): Place {
  const folder = tempDir();
  const config = join(folder, 'pstrace.toml');
  writeFileSync(config, settings);
  const out = join(folder, 'html');
  const state = join(folder, 'var');
  return { out, state, options: ['--out', out, '--state', state, '--config', config] };
}

/** Every page of a site by its path; links are followed. */
export function pages(out: string): Map<string, string> {
  const found = new Map<string, string>();
  const visit = (folder: string) => {
    for (const name of readdirSync(join(out, folder))) {
      if (name.startsWith('.')) continue;
      const path = join(folder, name);
      try {
        found.set(path, readFileSync(join(out, path), 'latin1'));
      } catch {
        visit(path);
      }
    }
  };
  visit('');
  return found;
}
