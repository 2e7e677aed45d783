import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { writePrivateFile } from '../../../src/lib/atomicFile.ts';
import { ExpectedError } from '../../../src/lib/errors.ts';
import {
  ensureDirectory,
  ensurePrivateDirectory,
  ensurePrivateFile,
  fileFailure,
} from '../../../src/lib/files.ts';
import { tempDir } from '../../helpers/tempDir.ts';

function modeOf(path: string): string {
  return (statSync(path).mode & 0o777).toString(8);
}

function withUmask(umask: number): void {
  const before = process.umask(umask);
  onTestFinished(() => {
    process.umask(before);
  });
}

test.each([0o000, 0o022, 0o377])('private files are private under umask %o', (umask) => {
  const dir = tempDir();
  withUmask(umask);
  ensurePrivateDirectory(join(dir, 'var'));
  ensurePrivateFile(join(dir, 'var', 'db'));
  writePrivateFile(join(dir, 'var', 'pid'), '1\n');
  expect(modeOf(join(dir, 'var'))).toBe('700');
  expect(modeOf(join(dir, 'var', 'db'))).toBe('600');
  expect(modeOf(join(dir, 'var', 'pid'))).toBe('600');
});

test('a directory is created with its parents; a refusal of the file system is reported', () => {
  const dir = tempDir();
  expect(ensureDirectory(join(dir, 'a', 'b', 'c'))).toBe(true);
  expect(ensureDirectory(join(dir, 'a', 'b', 'c'))).toBe(false);
  expect(ensureDirectory(dir)).toBe(false);
  expect(() => ensureDirectory('/proc/pstrace/var')).toThrow(/ENOENT/);
});

test("directory and file keep the administrator's permissions", () => {
  const dir = tempDir();
  const { mode } = statSync(dir);
  writePrivateFile(join(dir, 'db'), 'content');
  ensurePrivateDirectory(dir);
  ensurePrivateFile(join(dir, 'db'));
  expect(statSync(dir).mode).toBe(mode);
  expect(readFileSync(join(dir, 'db'), 'utf8')).toBe('content');
});

test('a write replaces the file and leaves no temporary file', () => {
  const dir = tempDir();
  writePrivateFile(join(dir, 'pid'), 'old');
  const { ino } = statSync(join(dir, 'pid'));
  writePrivateFile(join(dir, 'pid'), 'new');
  expect(readFileSync(join(dir, 'pid'), 'utf8')).toBe('new');
  expect(statSync(join(dir, 'pid')).ino).not.toBe(ino);
  expect(readdirSync(dir)).toEqual(['pid']);
});

test('a failed write leaves no temporary file', () => {
  const dir = tempDir();
  ensurePrivateDirectory(join(dir, 'pid'));
  expect(() => writePrivateFile(join(dir, 'pid'), 'new')).toThrow(/EISDIR|ENOTEMPTY|EEXIST/);
  expect(readdirSync(dir)).toEqual(['pid']);
});

test('an error of the file system has a plain message and a remedy', () => {
  const file = join(tempDir(), 'file');
  ensurePrivateFile(file);
  const failure = attempt(() => ensurePrivateDirectory(join(file, 'below')));
  expect(failure).toBeInstanceOf(ExpectedError);
  expect((failure as ExpectedError).toProblem()).toEqual({
    kind: 'store',
    subject: 'here',
    message: 'cannot write the site: a part of the path is not a directory (here)',
    remedy: null,
  });
  const full = Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', syscall: 'write' });
  expect(fileFailure(full, 'cannot write', 'here')).toMatchObject({
    message: 'cannot write: the disk is full (here)',
    remedy: expect.stringContaining('Free space'),
  });
});

test('a bug remains unchanged', () => {
  const bug = new TypeError('undefined is not a function');
  expect(fileFailure(bug, 'cannot write the site', 'here')).toBe(bug);
});

function attempt(work: () => void): unknown {
  try {
    work();
    return null;
  } catch (error) {
    return fileFailure(error, 'cannot write the site', 'here');
  }
}
