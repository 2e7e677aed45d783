import {
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { systemCode } from '../../lib/files.ts';
import type { Page, Pieces } from '../page.ts';
import { groupsFile } from './groups.ts';
import { byteComparer, pageEncoder, writePieces } from './pageBytes.ts';

/** What became of a page: `unchanged` keeps its file, inode and time of change; `changed` replaces one; `new` has none before. */
export type Placed = 'new' | 'changed' | 'unchanged';

/** Where the file system has no hard links, or refuses one to another user's file, the bytes are copied. */
const noLinks = new Set(['EPERM', 'EACCES', 'EXDEV', 'EMLINK', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/** What became of a page, and its length in bytes. */
export interface Place {
  readonly placed: Placed;
  readonly bytes: number;
}

/** Fills a release with pages. */
export interface PagePlacer {
  /**
   * Places a page: as a hard link to the file of the previous release when that holds the same bytes, else as a new file.
   * `bytesBefore`: the length of that file, where it is known.
   */
  place(path: string, body: Page['body'], bytesBefore?: number): Place;
  /** Whether the previous release has a page of that length: a power cut leaves files empty. */
  isThere(path: string, bytes: number | undefined): boolean;
  /** Places a page as it is in the previous release, which has it. */
  keep(path: string): void;
}

/** Fills the release `next`. An existing file is never opened for writing: it may be a link. */
export function pagePlacer(previous: string | null, next: string): PagePlacer {
  const directories = new Set([next]);
  const bytesOf = pageEncoder();
  const sameBytes = byteComparer();

  function targetOf(path: string): string {
    const target = join(next, path);
    const directory = dirname(target);
    if (!directories.has(directory)) makeDirectory(directory);
    directories.add(directory);
    return target;
  }

  /** The file of the previous release that a page of so many bytes may be the same as, and whether there is any file. */
  function before(path: string, bytes: number): { file: string | null; known: boolean } {
    const file = previous === null ? null : join(previous, path);
    const found = file === null ? undefined : statSync(file, { throwIfNoEntry: false });
    const known = found?.isFile() === true;
    return { file: known && found.size === bytes ? file : null, known };
  }

  function placeBytes(path: string, bytes: Uint8Array, bytesBefore = bytes.length): Placed {
    const target = targetOf(path);
    const { file, known } =
      bytesBefore === bytes.length ? before(path, bytes.length) : { file: null, known: true };
    if (file !== null && sameBytes(file, bytes)) {
      linkOrCopy(file, target);
      return 'unchanged';
    }
    newFile(target, () => writeFileSync(target, bytes, { flag: 'wx' }));
    return known ? 'changed' : 'new';
  }

  function placePieces(path: string, pieces: Pieces): Place {
    const target = targetOf(path);
    const bytes = newFile(target, () => writePieces(target, pieces));
    const { file, known } = before(path, bytes);
    if (file === null || !sameBytes(file, target)) {
      return { placed: known ? 'changed' : 'new', bytes };
    }
    rmSync(target);
    linkOrCopy(file, target);
    return { placed: 'unchanged', bytes };
  }

  return {
    place(path, body, bytesBefore) {
      if (typeof body !== 'string' && !(body instanceof Uint8Array)) return placePieces(path, body);
      const bytes = bytesOf(body);
      return { placed: placeBytes(path, bytes, bytesBefore), bytes: bytes.length };
    },
    isThere(path, bytes) {
      const file = join(previous ?? '', path);
      if (previous === null || bytes === undefined) return false;
      return statSync(file, { throwIfNoEntry: false })?.size === bytes;
    },
    keep: (path) => linkOrCopy(join(previous ?? '', path), targetOf(path)),
  };
}

/** Most have their parent already, and the plain call costs half of the recursive one. */
function makeDirectory(directory: string): void {
  try {
    mkdirSync(directory);
  } catch (error) {
    const code = systemCode(error);
    // Made above as the parent of another.
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT') throw error;
    mkdirSync(directory, { recursive: true });
  }
}

function newFile<T>(target: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    throw systemCode(error) === 'EEXIST' ? new Error(`a page is written twice: ${target}`) : error;
  }
}

/** Places the pages of `previous` that `next` lacks; returns how many those are. `keep` false: only counts them. */
export function placeOthers(previous: string, next: string, keep: boolean): number {
  let others = 0;
  for (const path of filesBelow(previous, '')) {
    if (path === groupsFile) continue;
    const target = join(next, path);
    if (existsSync(target)) continue;
    others++;
    if (!keep) continue;
    mkdirSync(dirname(target), { recursive: true });
    linkOrCopy(join(previous, path), target);
  }
  return others;
}

function* filesBelow(root: string, directory: string): Generator<string> {
  for (const entry of readdirSync(join(root, directory), { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) yield* filesBelow(root, path);
    else yield path;
  }
}

function linkOrCopy(file: string, target: string): void {
  try {
    linkSync(file, target);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'EEXIST') throw new Error(`a page is written twice: ${target}`);
    if (code === null || !noLinks.has(code)) throw error;
    copyFileSync(file, target, constants.COPYFILE_EXCL);
    const { atime, mtime } = statSync(file);
    utimesSync(target, atime, mtime);
  }
}
