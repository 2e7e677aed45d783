import { spawn } from 'node:child_process';

/** Exit code UNKNOWN of a plugin. */
export const unknownCode = 3;

/**
 * Runs this program again in a process of its own, with other arguments, and returns its exit code.
 * If it takes longer, it is killed and the result is UNKNOWN: no timer of a process runs while it
 * waits for a disk that hangs.
 */
export function runWithin(
  seconds: number,
  args: readonly string[],
  print: (line: string) => void,
): Promise<number> {
  const program = process.argv[1] ?? '';
  const child = spawn(process.execPath, [...process.execArgv, program, ...args], {
    stdio: 'inherit',
  });
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      print(`PSTRACE UNKNOWN - no result within ${seconds} s`);
      resolve(unknownCode);
    }, seconds * 1000);
    child.once('exit', (code) => {
      clearTimeout(timer);
      resolve(code ?? unknownCode);
    });
  });
}
