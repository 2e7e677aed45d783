import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { mountSmallDisk } from '../../helpers/smallDisk.ts';
import { tempDir } from '../../helpers/tempDir.ts';

/** A folder in which room can be made scarce. */
export interface ScarceRoom {
  readonly path: string;
  /** Room is scarce in this folder alone. */
  readonly isDisk: boolean;
  /** Leaves this much room; returns what has to stand before the command for that. */
  leave(kibibytes: number): readonly string[];
  /** Gives all room back. */
  relieve(): void;
}

const diskKibibytes = 16_384;

/**
 * A folder on a disk of its own, which is filled but for the room that is to be left. Where the user may not mount one, the
 * kernel limits the size of every file that the command writes, which ends its writing likewise.
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
