import { chmodSync, copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A program that behaves like mtr, in a folder of the test. */
export interface FakeMtr {
  readonly command: string;
  /** The arguments of each call so far. */
  calls(): string[];
  /** Whether the process that the program has noted still runs. */
  childRuns(): boolean;
}

/** Puts the script into a folder, so that what it notes is the test's own. */
export function fakeMtr(folder: string): FakeMtr {
  const command = join(folder, 'mtr');
  copyFileSync(join(import.meta.dirname, 'fake-mtr.sh'), command);
  chmodSync(command, 0o755);
  return {
    command,
    calls() {
      const file = `${command}.calls`;
      return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
    },
    childRuns: () => isRunning(Number(readFileSync(`${command}.child`, 'utf8'))),
  };
}

/** A process that has ended stays listed as a zombie until its parent, or whoever took it over, looks after it. */
function isRunning(pid: number): boolean {
  const file = `/proc/${pid}/stat`;
  return existsSync(file) && !/^\d+ \(.*\) Z/s.test(readFileSync(file, 'utf8'));
}
