import { mkdirSync, readdirSync, readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { systemCode } from '../../lib/files.ts';

/** Whole copies of the site side by side; `current` is a symbolic link to the one that readers see. */
export interface Release {
  /** Directory of the release that readers see; null before the first. */
  readonly previous: string | null;
  /** Directory of the release that is being made. */
  readonly next: string;
  /** Makes `next` what readers see, in one step: a rename over the link. */
  swap(): void;
  /** Takes `next` away again. */
  discard(): void;
}

const releaseName = /^[0-9]+$/;

/**
 * Begins a new release. Everything but the one that readers see goes: the one before it, kept until now for readers
 * that were walking through it (an rsync), and what a killed run left.
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
    // EINVAL: a copy of the site that followed links put a directory in the link's place.
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'EINVAL') return null;
    throw error;
  }
}
