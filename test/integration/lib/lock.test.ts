import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ExpectedError } from '../../../src/lib/errors.ts';
import { acquireLock, lockHolder } from '../../../src/lib/lock.ts';
import { type Child, moduleUrl, startChild } from '../../helpers/child.ts';
import { tempDir } from '../../helpers/tempDir.ts';

/**
 * A second process that acquires the lock, reports the result, and holds the lock until its input
 * ends.
 */
function holder(path: string): Child {
  return startChild(`
    import { acquireLock } from ${moduleUrl('src/lib/lock.ts')};
    const lock = acquireLock(${JSON.stringify(path)});
    console.log(lock === null ? 'refused' : 'held');
    process.stdin.on('end', () => lock?.release()).resume();
  `);
}

test('a second process cannot acquire the lock, and learns the id of the holder', async () => {
  const path = join(tempDir(), 'var', 'run.lock');
  const first = holder(path);
  expect(await first.line()).toBe('held');
  expect(await holder(path).line()).toBe('refused');
  expect(acquireLock(path)).toBeNull();
  expect(lockHolder(path)).toBe(first.process.pid);
});

test('a killed holder releases the lock at once', async () => {
  const path = join(tempDir(), 'run.lock');
  const first = holder(path);
  expect(await first.line()).toBe('held');
  await first.kill();
  const lock = acquireLock(path);
  expect(lock).not.toBeNull();
  expect(lockHolder(path)).toBe(process.pid);
  lock?.release();
});

test('a released lock can be acquired again', async () => {
  const path = join(tempDir(), 'run.lock');
  const first = holder(path);
  expect(await first.line()).toBe('held');
  first.process.stdin?.end();
  expect(await first.end()).toBe(0);
  expect(lockHolder(path)).toBeNull();
  const lock = acquireLock(path);
  expect(lock).not.toBeNull();
  lock?.release();
});

test('a lock is held until it is released, even without references to it', async () => {
  const path = join(tempDir(), 'run.lock');
  const child = startChild(`
    import { setFlagsFromString } from 'node:v8';
    import { runInNewContext } from 'node:vm';
    import { acquireLock } from ${moduleUrl('src/lib/lock.ts')};
    acquireLock(${JSON.stringify(path)});
    setFlagsFromString('--expose-gc');
    for (let round = 0; round < 3; round++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      runInNewContext('gc')();
    }
    console.log('collected');
    process.stdin.resume();
  `);
  expect(await child.line()).toBe('collected');
  expect(acquireLock(path)).toBeNull();
});

test('a process cannot acquire its own lock twice, and the attempt does not release it', async () => {
  const path = join(tempDir(), 'run.lock');
  const lock = acquireLock(path);
  expect(lock).not.toBeNull();
  expect(acquireLock(path)).toBeNull();
  expect(lockHolder(path)).toBe(process.pid);
  expect(await holder(path).line()).toBe('refused');
  lock?.release();
});

test('state folder and lock are private', () => {
  const dir = join(tempDir(), 'var');
  acquireLock(join(dir, 'run.lock'))?.release();
  expect(statSync(dir).mode & 0o777).toBe(0o700);
  expect(statSync(join(dir, 'run.lock')).mode & 0o777).toBe(0o600);
});

test('a lock that cannot be created is an expected failure and removes nothing', () => {
  const dir = tempDir();
  writeFileSync(join(dir, 'file'), 'not a directory');
  expect(() => acquireLock(join(dir, 'file', 'run.lock'))).toThrow(ExpectedError);
  writeFileSync(join(dir, 'notes.txt'), 'something that is not a lock, and long enough'.repeat(20));
  expect(() => acquireLock(join(dir, 'notes.txt'))).toThrow(
    /cannot acquire the lock: SQLite reports/,
  );
  expect(existsSync(join(dir, 'notes.txt'))).toBe(true);
});
