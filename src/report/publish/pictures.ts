import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Page } from '../page.ts';

/** A picture and the same as text. */
export interface Picture {
  readonly svg: string;
  readonly text: string;
}

/** The pictures of a site that is being written. */
export interface Pictures {
  /** Places a picture under a path without ending; `draw` is called only where it is missing. Whether there is one. */
  place(path: string, draw: () => Picture | null): boolean;
  /** Makes what a release needs to have them; whether it has a link to a folder of pictures then. */
  link(release: string): boolean;
  /** Removes, once a day, the pictures of traces before a moment (epoch seconds) that nobody has asked to place. */
  prune(before: number, now: number): void;
}

/** Folder of the pictures, in each release and beside them. */
export const pictureFolder = 'routes';

const daySeconds = 86_400;

/**
 * Pictures that stay from one release to the next, within `.site`, the folder of the releases: `routes` of each release is a link
 * to the one folder of all.
 */
export function createRetainedPictures(directory: string): Pictures {
  const folder = join(directory, pictureFolder);
  const pruneMarker = join(directory, 'routes-pruned');
  const placedPaths = new Set<string>();
  return {
    place(path, draw) {
      const file = join(directory, path);
      placedPaths.add(path);
      if ((statSync(`${file}.svg`, { throwIfNoEntry: false })?.size ?? 0) > 0) return true;
      const picture = draw();
      if (picture === null) return false;
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(`${file}.txt`, picture.text);
      // Only a whole picture gets the name that says that it is there.
      writeFileSync(`${file}.svg.new`, picture.svg);
      renameSync(`${file}.svg.new`, `${file}.svg`);
      return true;
    },
    link(release) {
      if (!existsSync(folder)) return false;
      symlinkSync(join('..', pictureFolder), join(release, pictureFolder));
      return true;
    },
    prune(before, now) {
      const lastPruned = statSync(pruneMarker, { throwIfNoEntry: false });
      const isToday = lastPruned !== undefined && isSameDay(lastPruned.mtimeMs / 1000, now);
      if (isToday || !existsSync(folder)) return;
      for (const test of readdirSync(folder)) pruneTest(join(folder, test), before, placedPaths);
      writeFileSync(pruneMarker, '');
    },
  };
}

/**
 * Pictures that are drawn anew for each release and written as pages of it; those that stayed go, since what they show may have to be
 * hidden.
 */
export function createTemporaryPictures(
  directory: string,
  write: (page: Page) => unknown,
): Pictures {
  const drawnPaths = new Set<string>();
  return {
    place(path, draw) {
      if (drawnPaths.has(path)) return true;
      const picture = draw();
      if (picture === null) return false;
      drawnPaths.add(path);
      write({ path: `${path}.svg`, body: picture.svg });
      write({ path: `${path}.txt`, body: picture.text });
      return true;
    },
    link: () => false,
    prune: () => rmSync(join(directory, pictureFolder), { recursive: true, force: true }),
  };
}

function isSameDay(one: number, other: number): boolean {
  return Math.floor(one / daySeconds) === Math.floor(other / daySeconds);
}

function pruneTest(folder: string, before: number, placedPaths: ReadonlySet<string>): void {
  const names = readdirSync(folder);
  const old = names.filter((name) => {
    const path = [pictureFolder, basename(folder), name.replace(/\.\w+$/, '')].join('/');
    return name.endsWith('.new') || (Number.parseFloat(name) < before && !placedPaths.has(path));
  });
  for (const name of old) rmSync(join(folder, name));
  if (old.length === names.length) rmdirSync(folder);
}
