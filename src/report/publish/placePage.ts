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
import type { Page, TextChunks } from '../page.ts';
import { createByteComparer, createPageEncoder, writeChunks } from './pageBytes.ts';
import { groupsFile } from './pageGroups.ts';

/** What became of a page: `unchanged` keeps its file, inode and time of change; `changed` replaces one; `new` has none before. */
export type PageWriteStatus = 'new' | 'changed' | 'unchanged';

/** Where the file system has no hard links, or refuses one to another user's file, the bytes are copied. */
const noHardLinkCodes = new Set([
  'EPERM',
  'EACCES',
  'EXDEV',
  'EMLINK',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
]);

/** What became of a page, and its length in bytes. */
export interface PageWriteResult {
  readonly status: PageWriteStatus;
  readonly bytes: number;
}

/** Fills a release with pages. */
export interface PagePlacer {
  /**
   * Places a page: as a hard link to the file of the previous release when that holds the same bytes, else as a new file.
   * `bytesBefore`: the length of that file, where it is known.
   */
  place(path: string, body: Page['body'], previousBytes?: number): PageWriteResult;
  /** Whether the previous release has a page of that length: a power cut leaves files empty. */
  isInPrevious(path: string, bytes: number | undefined): boolean;
  /** Places a page as it is in the previous release, which has it. */
  reuse(path: string): void;
}

/** Fills the release `next`. An existing file is never opened for writing: it may be a link. */
export function createPagePlacer(previous: string | null, next: string): PagePlacer {
  const directories = new Set([next]);
  const encodePage = createPageEncoder();
  const hasSameBytes = createByteComparer();

  function targetOf(path: string): string {
    const target = join(next, path);
    const directory = dirname(target);
    if (!directories.has(directory)) makeDirectory(directory);
    directories.add(directory);
    return target;
  }

  /** The file of the previous release that a page of so many bytes may be the same as, and whether there is any file. */
  function findPrevious(path: string, bytes: number): { file: string | null; exists: boolean } {
    const file = previous === null ? null : join(previous, path);
    const found = file === null ? undefined : statSync(file, { throwIfNoEntry: false });
    const exists = found?.isFile() === true;
    return { file: exists && found.size === bytes ? file : null, exists };
  }

  function placeBytes(
    path: string,
    bytes: Uint8Array,
    previousBytes = bytes.length,
  ): PageWriteStatus {
    const target = targetOf(path);
    const { file, exists } =
      previousBytes === bytes.length
        ? findPrevious(path, bytes.length)
        : { file: null, exists: true };
    if (file !== null && hasSameBytes(file, bytes)) {
      linkOrCopy(file, target);
      return 'unchanged';
    }
    writeNewFile(target, () => writeFileSync(target, bytes, { flag: 'wx' }));
    return exists ? 'changed' : 'new';
  }

  function placeChunks(path: string, chunks: TextChunks): PageWriteResult {
    const target = targetOf(path);
    const bytes = writeNewFile(target, () => writeChunks(target, chunks));
    const { file, exists } = findPrevious(path, bytes);
    if (file === null || !hasSameBytes(file, target)) {
      return { status: exists ? 'changed' : 'new', bytes };
    }
    rmSync(target);
    linkOrCopy(file, target);
    return { status: 'unchanged', bytes };
  }

  return {
    place(path, body, previousBytes) {
      if (typeof body !== 'string' && !(body instanceof Uint8Array)) return placeChunks(path, body);
      const bytes = encodePage(body);
      return { status: placeBytes(path, bytes, previousBytes), bytes: bytes.length };
    },
    isInPrevious(path, bytes) {
      const file = join(previous ?? '', path);
      if (previous === null || bytes === undefined) return false;
      return statSync(file, { throwIfNoEntry: false })?.size === bytes;
    },
    reuse: (path) => linkOrCopy(join(previous ?? '', path), targetOf(path)),
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

function writeNewFile<T>(target: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    throw systemCode(error) === 'EEXIST' ? new Error(`a page is written twice: ${target}`) : error;
  }
}

/** Places the pages of `previous` that `next` lacks; returns how many those are. `keep` false: only counts them. */
export function carryOverOtherPages(previous: string, next: string, retain: boolean): number {
  let otherPages = 0;
  for (const path of filesBelow(previous, '')) {
    if (path === groupsFile) continue;
    const target = join(next, path);
    if (existsSync(target)) continue;
    otherPages++;
    if (!retain) continue;
    mkdirSync(dirname(target), { recursive: true });
    linkOrCopy(join(previous, path), target);
  }
  return otherPages;
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
    if (code === null || !noHardLinkCodes.has(code)) throw error;
    copyFileSync(file, target, constants.COPYFILE_EXCL);
    const { atime, mtime } = statSync(file);
    utimesSync(target, atime, mtime);
  }
}
