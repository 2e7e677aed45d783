import { chmodSync } from 'node:fs';
import { mountSmallDisk } from './smallDisk.ts';

/** Makes a folder undeletable, for root as well; returns how to undo this. */
export function makeUndeletable(folder: string): () => void {
  // Root may delete whatever no file system holds.
  const disk = mountSmallDisk(folder, 64);
  if (disk !== null) return disk.unmount;
  chmodSync(folder, 0o500);
  return () => chmodSync(folder, 0o700);
}
