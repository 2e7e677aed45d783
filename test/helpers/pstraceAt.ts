import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How a command ended, and all it printed. */
export interface EndedCommand {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const script = join(import.meta.dirname, '../../bin/pstrace');

/**
 * Runs pstrace by its start script, as users do, while the clock of the program stands still at `now` (epoch seconds): so
 * its pages are the same bytes at any time. `env` is all of the environment but PATH.
 */
export function pstraceAt(
  now: number,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<EndedCommand> {
  const stopped = `Date.now=()=>${now * 1000};performance.now=()=>0`;
  const child = spawn(script, args, {
    env: {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: join(tmpdir(), 'pstrace-test-compiled'),
      NODE_OPTIONS: `--import=data:text/javascript,${stopped}`,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      text[name] += chunk;
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...text }));
  });
}
