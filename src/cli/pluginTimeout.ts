import { spawn } from 'node:child_process';
import type { Session } from '../pipeline/session.ts';

/** Exit code UNKNOWN of a plugin. */
export const unknownCode = 3;

/** Set in the environment of the process whose time is limited, which sets no limit itself. */
export const limitedVariable = 'PSTRACE_CHECK_LIMITED';

/**
 * Runs this command line again in a process of its own and returns its exit code. If it takes
 * longer, it is killed and the result is UNKNOWN: no timer of a process runs while it waits for a
 * disk that hangs.
 */
export function runWithin(
  seconds: number,
  { env, print }: Pick<Session, 'env' | 'print'>,
): Promise<number> {
  const child = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    stdio: 'inherit',
    env: { ...env, [limitedVariable]: '1' },
  });
  return new Promise((resolve) => {
    const endUnknown = (reason: string) => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      print(`PSTRACE UNKNOWN - ${reason}`);
      resolve(unknownCode);
    };
    const timer = setTimeout(() => endUnknown(`no result within ${seconds} s`), seconds * 1000);
    child.once('error', () => endUnknown('the check cannot start a process'));
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      if (code !== null) resolve(code);
      else if (signal !== null && !child.killed) endUnknown(`the check was ended by ${signal}`);
    });
  });
}
