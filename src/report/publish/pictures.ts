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
export function keptPictures(directory: string): Pictures {
  const folder = join(directory, pictureFolder);
  const pruned = join(directory, 'routes-pruned');
  const wanted = new Set<string>();
  return {
    place(path, draw) {
      const file = join(directory, path);
      wanted.add(path);
      if ((statSync(`${file}.svg`, { throwIfNoEntry: false })?.size ?? 0) > 0) return true;
      const made = draw();
      if (made === null) return false;
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(`${file}.txt`, made.text);
      // Only a whole picture gets the name that says that it is there.
      writeFileSync(`${file}.svg.new`, made.svg);
      renameSync(`${file}.svg.new`, `${file}.svg`);
      return true;
    },
    link(release) {
      if (!existsSync(folder)) return false;
      symlinkSync(join('..', pictureFolder), join(release, pictureFolder));
      return true;
    },
    prune(before, now) {
      const last = statSync(pruned, { throwIfNoEntry: false });
      const isToday = last !== undefined && sameDay(last.mtimeMs / 1000, now);
      if (isToday || !existsSync(folder)) return;
      for (const test of readdirSync(folder)) pruneTest(join(folder, test), before, wanted);
      writeFileSync(pruned, '');
    },
  };
}

/**
 * Pictures that are drawn anew for each release and written as pages of it; those that stayed go, since what they show may have to be
 * hidden.
 */
export function passingPictures(directory: string, write: (page: Page) => unknown): Pictures {
  const drawn = new Set<string>();
  return {
    place(path, draw) {
      if (drawn.has(path)) return true;
      const made = draw();
      if (made === null) return false;
      drawn.add(path);
      write({ path: `${path}.svg`, body: made.svg });
      write({ path: `${path}.txt`, body: made.text });
      return true;
    },
    link: () => false,
    prune: () => rmSync(join(directory, pictureFolder), { recursive: true, force: true }),
  };
}

function sameDay(one: number, other: number): boolean {
  return Math.floor(one / daySeconds) === Math.floor(other / daySeconds);
}

function pruneTest(folder: string, before: number, wanted: ReadonlySet<string>): void {
  const names = readdirSync(folder);
  const old = names.filter((name) => {
    const path = [pictureFolder, basename(folder), name.replace(/\.\w+$/, '')].join('/');
    return name.endsWith('.new') || (Number.parseFloat(name) < before && !wanted.has(path));
  });
  for (const name of old) rmSync(join(folder, name));
  if (old.length === names.length) rmdirSync(folder);
}
