import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Folder of the project. */
export const root = join(import.meta.dirname, '..');

/** Resources that all processes of a command used; the memory is that of the largest process. */
export interface Usage {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  readonly peakMegabytes: number;
}

/**
 * Creates a function that runs a command with the usage recorder and its own Node.js compile cache.
 * `clock`: the time at which the command starts, epoch seconds.
 */
export function meter(
  folder: string,
): (command: readonly string[], clock?: number) => Promise<Usage> {
  const file = join(folder, 'usage');
  const recorder = `--import ${join(root, 'bench/usage.ts')}`;
  const env = {
    ...process.env,
    BENCH_USAGE: file,
    NODE_COMPILE_CACHE: join(folder, 'compiled'),
    NODE_OPTIONS: [process.env.NODE_OPTIONS, recorder].filter(Boolean).join(' '),
  };
  return async (command, clock) => {
    rmSync(file, { force: true });
    const [program = '', ...args] = command;
    const startedAt = performance.now();
    const childEnv = clock === undefined ? env : { ...env, BENCH_CLOCK: `${clock}` };
    const child = spawn(program, args, { env: childEnv, stdio: ['ignore', 'ignore', 'inherit'] });
    const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
    const wallSeconds = (performance.now() - startedAt) / 1000;
    if (code !== 0 || !existsSync(file)) throw new Error(`${command.join(' ')} ended with ${code}`);
    const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
    const parts = lines.map((line) => JSON.parse(line) as Omit<Usage, 'wallSeconds'>);
    return {
      wallSeconds,
      cpuSeconds: parts.reduce((sum, part) => sum + part.cpuSeconds, 0),
      peakMegabytes: Math.max(...parts.map((part) => part.peakMegabytes)),
    };
  };
}
