import { chmodSync, copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A script in the place of a program. */
export interface FakeProgram {
  readonly command: string;
  /** The arguments of each call so far. */
  calls(): string[];
}

/** Puts `fake-<name>.sh` into a folder, so that what it notes is the test's own. */
export function fakeProgram(folder: string, name: string): FakeProgram {
  const command = join(folder, name);
  copyFileSync(join(import.meta.dirname, `fake-${name}.sh`), command);
  chmodSync(command, 0o755);
  return {
    command,
    calls() {
      const file = `${command}.calls`;
      return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
    },
  };
}
