import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { systemCode } from '../../lib/files.ts';
import type { Page } from '../page.ts';
import { groupsFile } from './groups.ts';

/** What became of a page: `unchanged` keeps its file, inode and time of change; `changed` replaces one; `new` has none before. */
export type Placed = 'new' | 'changed' | 'unchanged';

/** Where the file system has no hard links, or refuses one to another user's file, the bytes are copied. */
const noLinks = new Set(['EPERM', 'EACCES', 'EXDEV', 'EMLINK', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/** Fills a release with pages. */
export interface PagePlacer {
  /** Places a page: as a hard link to the file of the previous release when that holds the same bytes, else as a new file. */
  place(path: string, body: Page['body']): { readonly placed: Placed; readonly bytes: number };
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

  function placeBytes(path: string, bytes: Uint8Array): Placed {
    const target = targetOf(path);
    const file = previous === null ? null : join(previous, path);
    const before = file === null ? undefined : statSync(file, { throwIfNoEntry: false });
    if (file === null || before === undefined || !before.isFile()) {
      writeNew(target, bytes);
      return 'new';
    }
    if (before.size !== bytes.length || !sameBytes(file, bytes)) {
      writeNew(target, bytes);
      return 'changed';
    }
    linkOrCopy(file, target);
    return 'unchanged';
  }

  return {
    place(path, body) {
      const bytes = bytesOf(body);
      return { placed: placeBytes(path, bytes), bytes: bytes.length };
    },
    keep: (path) => linkOrCopy(join(previous ?? '', path), targetOf(path)),
  };
}

/** Returns a function that gives the bytes of a page until it is called again: one buffer serves thousands of pages. */
function pageEncoder(): (body: Page['body']) => Uint8Array {
  let buffer = Buffer.alloc(0);
  return (body) => {
    if (typeof body !== 'string') return body;
    const most = 3 * body.length;
    if (buffer.length < most) buffer = Buffer.allocUnsafe(2 * most);
    return buffer.subarray(0, buffer.write(body));
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

function writeNew(target: string, body: Uint8Array): void {
  try {
    writeFileSync(target, body, { flag: 'wx' });
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

/** Compares a file with bytes of the same length; reads into one buffer, for thousands of files. */
function byteComparer(): (file: string, body: Uint8Array) => boolean {
  let buffer = Buffer.allocUnsafe(65_536);
  return (file, body) => {
    if (buffer.length < body.length) buffer = Buffer.allocUnsafe(2 * body.length);
    const handle = openSync(file, 'r');
    try {
      const read = readSync(handle, buffer, 0, body.length, 0);
      return read === body.length && buffer.compare(body, 0, body.length, 0, read) === 0;
    } finally {
      closeSync(handle);
    }
  };
}
