import { mkdirSync, readdirSync, readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { systemCode } from '../../lib/files.ts';

/**
 * A copy of the site. Copies lie side by side; the link `current` leads to the one that readers
 * see.
 */
export interface Release {
  /** Directory of the release that readers see; null before the first release. */
  readonly previous: string | null;
  /** Directory of the new release. */
  readonly next: string;
  /** Switches readers to `next` in one step: a rename over the link. */
  swap(): void;
  /** Removes `next`. */
  discard(): void;
}

const releaseName = /^[0-9]+$/;

/**
 * Begins a new release and removes all but the current one: its predecessor, which stayed for
 * readers in the middle of it (an rsync), and leftovers of killed runs.
 */
export function beginRelease(directory: string): Release {
  const current = currentName(directory);
  for (const name of readdirSync(directory)) {
    const isAbandoned = releaseName.test(name) && name !== current;
    if (isAbandoned) rmSync(join(directory, name), { recursive: true });
  }
  const name = String(Number(current ?? 0) + 1);
  const next = join(directory, name);
  mkdirSync(next);
  return {
    previous: current === null ? null : join(directory, current),
    next,
    swap() {
      const link = join(directory, 'current.new');
      rmSync(link, { force: true });
      symlinkSync(name, link);
      renameSync(link, join(directory, 'current'));
    },
    discard() {
      rmSync(next, { recursive: true, force: true });
    },
  };
}

function currentName(directory: string): string | null {
  try {
    const name = readlinkSync(join(directory, 'current'));
    return releaseName.test(name) && readdirSync(directory).includes(name) ? name : null;
  } catch (error) {
    // EINVAL: someone copied the site with links followed, so there is a directory instead of a
    // link.
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'EINVAL') return null;
    throw error;
  }
}
