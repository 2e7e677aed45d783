import { chmodSync, copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A program that behaves like mtr, in a folder of the test. */
export interface FakeMtr {
  readonly command: string;
  /** The arguments of each call so far. */
  calls(): string[];
  /** Process that the program has noted, to see whether it lives. */
  child(): number;
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
    child: () => Number(readFileSync(`${command}.child`, 'utf8')),
  };
}
