import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** A file system of its own in memory, that a test can fill or make read-only. */
export interface SmallDisk {
  readonly path: string;
  readOnly(): void;
  unmount(): void;
}

/** Mounts a small file system below `directory`; null where the user may not mount. */
export function mountSmallDisk(directory: string, kibibytes: number): SmallDisk | null {
  const path = join(directory, 'disk');
  mkdirSync(path);
  try {
    run('mount', '-t', 'tmpfs', '-o', `size=${kibibytes}k`, 'tmpfs', path);
  } catch {
    return null;
  }
  return {
    path,
    readOnly: () => run('mount', '-o', 'remount,ro', path),
    unmount: () => run('umount', '-l', path),
  };
}

function run(command: string, ...args: string[]): void {
  execFileSync(command, args, { stdio: 'ignore' });
}
