import { Worker } from 'node:worker_threads';

/** Exit code UNKNOWN of a plugin. */
export const unknownCode = 3;

/**
 * Runs this program again in a thread, with other arguments, and ends the process with its code. If
 * it takes longer, it ends the process with UNKNOWN: reading from a disk that hangs blocks a thread
 * for good.
 */
export function runWithin(
  seconds: number,
  args: readonly string[],
  print: (line: string) => void,
): Promise<number> {
  const program = process.argv[1] ?? '';
  const worker = new Worker(program, { argv: [...args] });
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      print(`PSTRACE UNKNOWN - no result within ${seconds} s`);
      resolve(unknownCode);
    }, seconds * 1000);
    worker.once('exit', (code) => {
      clearTimeout(timer);
      resolve(code);
    });
  });
}
