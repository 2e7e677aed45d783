import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { systemCode } from '../../lib/files.ts';
import type { Problem } from '../../model/run/problem.ts';
import { removeTree } from './removeTree.ts';

/**
 * A copy of the site. Copies lie side by side; the link `current` leads to the one that readers
 * see.
 */
export interface Release {
  /** Directory of the release that readers see; null before the first release. */
  readonly previous: string | null;
  /** Directory of the new release. */
  readonly next: string;
  /** Older releases that cannot be deleted: they cost space and nothing else. */
  readonly problems: readonly Problem[];
  /** Switches readers to `next` in one step: a rename over the link. */
  swap(): void;
  /**
   * Records the fingerprint of what `next` hides; null if it hides nothing. Removes all older
   * releases if it is another one than theirs, because they show what has to be hidden now. Returns
   * those that cannot be deleted; the next run then tries again.
   */
  recordHiding(fingerprint: string | null): readonly Problem[];
  /** Removes `next`. */
  discard(): void;
}

const releaseName = /^[0-9]{1,15}$/;
/** The file that records what the current release hides. */
const hidingMarker = 'hiding';

/**
 * Begins a new release and removes all but the current one: its predecessor, which stayed for
 * readers in the middle of it (an rsync), and leftovers of killed runs.
 */
export function beginRelease(directory: string): Release {
  replaceCopiedLink(directory);
  const current = currentName(directory);
  const problems = removeOthers(directory, current, 'cannot delete an old copy of the pages');
  const name = freeName(directory);
  const next = join(directory, name);
  mkdirSync(next);
  return {
    previous: current === null ? null : join(directory, current),
    next,
    problems,
    swap: () => linkCurrent(directory, name),
    recordHiding(fingerprint) {
      const marker = join(directory, hidingMarker);
      if (fingerprint === null) {
        rmSync(marker, { force: true });
        return [];
      }
      if (fingerprint === readMarker(marker)) return [];
      const summary = 'cannot delete an old copy of the pages, which shows hidden hosts';
      const leftovers = removeOthers(directory, name, summary);
      if (leftovers.length === 0) writeFileSync(marker, fingerprint);
      return leftovers;
    },
    discard() {
      rmSync(next, { recursive: true, force: true });
    },
  };
}

function readMarker(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/** Removes all releases but one; returns why some cannot be deleted. */
function removeOthers(directory: string, kept: string | null, summary: string): Problem[] {
  return releaseNames(directory)
    .filter((name) => name !== kept)
    .map((name) => removeTree(join(directory, name), summary))
    .filter((problem) => problem !== null);
}

function releaseNames(directory: string): string[] {
  return readdirSync(directory).filter((name) => releaseName.test(name));
}

/** A name that is greater than those of all releases. */
function freeName(directory: string): string {
  return String(1 + Math.max(0, ...releaseNames(directory).map(Number)));
}

/** Makes `current` lead to a release, in one step for readers. */
function linkCurrent(directory: string, name: string): void {
  const link = join(directory, 'current.new');
  rmSync(link, { recursive: true, force: true });
  symlinkSync(name, link);
  renameSync(link, join(directory, 'current'));
}

/**
 * Someone copied the site with links followed, so that `current` is a directory: makes that a
 * release.
 */
function replaceCopiedLink(directory: string): void {
  const current = join(directory, 'current');
  if (lstatSync(current, { throwIfNoEntry: false })?.isDirectory() !== true) return;
  const name = freeName(directory);
  renameSync(current, join(directory, name));
  linkCurrent(directory, name);
}

function currentName(directory: string): string | null {
  try {
    const name = readlinkSync(join(directory, 'current'));
    return releaseNames(directory).includes(name) ? name : null;
  } catch (error) {
    // EINVAL: a file has the name of the link.
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'EINVAL') return null;
    throw error;
  }
}
