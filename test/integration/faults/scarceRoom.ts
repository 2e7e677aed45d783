import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { mountSmallDisk } from '../../helpers/smallDisk.ts';
import { tempDir } from '../../helpers/tempDir.ts';

/** A folder with a limit on its space. */
export interface ScarceRoom {
  readonly path: string;
  /** Only this folder has the limit. */
  readonly isDisk: boolean;
  /** Sets the free space; returns the prefix of the command for that. */
  leave(kibibytes: number): readonly string[];
  /** Removes the limit. */
  relieve(): void;
}

const diskKibibytes = 16_384;

/**
 * A folder on its own disk, which is filled except for the free space. If the user may not mount a
 * disk, the kernel limits the size of every file of the command, which stops its writes too.
 */
export function scarceRoom(): ScarceRoom {
  const disk = mountSmallDisk(tempDir(), diskKibibytes);
  if (disk === null) {
    return {
      path: tempDir(),
      isDisk: false,
      leave: (kibibytes) => ['prlimit', `--fsize=${Math.min(kibibytes, 90) * 1024}`],
      relieve: () => {},
    };
  }
  onTestFinished(() => disk.unmount());
  const ballast = join(disk.path, 'ballast');
  const relieve = () => rmSync(ballast, { force: true });
  return {
    path: disk.path,
    isDisk: true,
    relieve,
    leave(kibibytes) {
      relieve();
      const { bavail, bsize } = statfsSync(disk.path);
      writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - kibibytes * 1024)));
      return [];
    },
  };
}
