import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

/** A second real process that runs TypeScript source text; killed when the test has finished. */
export interface Child {
  readonly process: ChildProcess;
  /** The next line it prints. */
  line(): Promise<string>;
  /** kill -9, and waits for the end. */
  kill(): Promise<void>;
  /** Waits for the end; returns the exit code. */
  end(): Promise<number | null>;
}

/** Starts Node on a module's source text. `prefix` is put before the command, as `['nice']`. */
export function startChild(source: string, prefix: readonly string[] = []): Child {
  const [command = process.execPath, ...args] = [
    ...prefix,
    process.execPath,
    '--input-type=module-typescript',
    '--eval',
    source,
  ];
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit') as Promise<[number | null]>;
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const kill = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  onTestFinished(kill);
  return {
    process: child,
    line: async () => String((await lines.next()).value),
    kill,
    end: async () => (await ended)[0],
  };
}

/** The address by which source text of a child imports a module of the project. */
export function moduleUrl(path: string): string {
  return JSON.stringify(new URL(`../../${path}`, import.meta.url).href);
}
