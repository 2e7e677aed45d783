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
import type { TextChunks } from '../page.ts';
import { createByteComparer, createPageEncoder, writeChunks } from './pageBytes.ts';
import { groupsFile } from './pageGroups.ts';
import type { PagePlacer, PageWriteResult, PageWriteStatus } from './publishTypes.ts';

/**
 * Errors of a file system without hard links, or one that refuses a link to another user's file.
 * The bytes are copied then.
 */
const noHardLinkCodes = new Set([
  'EPERM',
  'EACCES',
  'EXDEV',
  'EMLINK',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
]);

/** Fills the release `next`. Never opens an existing file for writing: it may be a link. */
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

  /** The file of the previous release if it has this length, and whether it has the page at all. */
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

/** Makes a directory. Most parents exist, and the plain call costs half of the recursive one. */
function makeDirectory(directory: string): void {
  try {
    mkdirSync(directory);
  } catch (error) {
    const code = systemCode(error);
    // Made before as the parent of another directory.
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

/** Paths of the pages of `previous` that `next` lacks. */
export function listOtherPages(previous: string, next: string): string[] {
  return [...filesBelow(previous, '')].filter(
    (path) => path !== groupsFile && !existsSync(join(next, path)),
  );
}

/** Places pages of `previous` in `next`, which lacks them. */
export function carryOverPages(previous: string, next: string, paths: readonly string[]): void {
  for (const path of paths) {
    const target = join(next, path);
    mkdirSync(dirname(target), { recursive: true });
    linkOrCopy(join(previous, path), target);
  }
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
