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
import type { Problem } from '../../model/run/problem.ts';
import { dayOf } from '../../model/values/time.ts';
import type { Page } from '../page.ts';
import { removeTree } from './removeTree.ts';

/** A picture, as SVG and as text. */
export interface Picture {
  readonly svg: string;
  readonly text: string;
}

/** The pictures of a site under construction. */
export interface Pictures {
  /**
   * Places a picture under a path without extension, and calls `draw` only if it is missing.
   * Returns whether there is a picture.
   */
  place(path: string, draw: () => Picture | null): boolean;
  /** Links a release to the folder of pictures; returns whether there is such a link. */
  link(release: string): boolean;
  /**
   * Once a day, removes pictures that were not placed: of traces before a time (epoch seconds), and
   * of each test those beyond the newest `maxTestPictures`. Returns why pictures that may have to
   * be hidden cannot be deleted; null if there are none.
   */
  prune(before: number, now: number): Problem | null;
}

/** Folder of the pictures, in each release and next to the releases. */
export const pictureFolder = 'routes';

/**
 * Pictures that stay from one release to the next in a folder below `.site`, the folder of the
 * releases. `routes` of each release is a link to it.
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
      // The rename makes sure that a file with this name is complete.
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
      if (isToday || !existsSync(folder)) return null;
      for (const test of readdirSync(folder)) pruneTest(join(folder, test), before, placedPaths);
      writeFileSync(pruneMarker, '');
      return null;
    },
  };
}

/**
 * Pictures that are drawn for each release and written as its pages. Removes retained pictures,
 * because their content may have to be hidden.
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
    prune: () =>
      removeTree(
        join(directory, pictureFolder),
        'cannot delete old pictures of routes, which may show hidden hosts',
      ),
  };
}

/** Pictures of a test that stay from one release to the next, apart from those placed. */
const maxTestPictures = 500;
/** `.svg` and `.txt`. */
const filesPerPicture = 2;

function isSameDay(one: number, other: number): boolean {
  return dayOf(one) === dayOf(other);
}

function pruneTest(folder: string, before: number, placedPaths: ReadonlySet<string>): void {
  const names = readdirSync(folder).sort((a, b) => Number.parseFloat(b) - Number.parseFloat(a));
  const old = names.filter((name, index) => {
    const path = [pictureFolder, basename(folder), name.replace(/\.\w+$/, '')].join('/');
    const isSurplus = index >= maxTestPictures * filesPerPicture;
    const isOld = isSurplus || Number.parseFloat(name) < before;
    return name.endsWith('.new') || (isOld && !placedPaths.has(path));
  });
  for (const name of old) rmSync(join(folder, name));
  if (old.length === names.length) rmdirSync(folder);
}
