import {
  chmodSync,
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ExpectedError } from '../../../src/lib/errors.ts';
import { migrations } from '../../../src/store/db/migrations.ts';
import { openStore } from '../../../src/store/open.ts';
import { mountSmallDisk } from '../../helpers/smallDisk.ts';
import { tempDir } from '../../helpers/tempDir.ts';
import { listedTest, midnight, readingOf, routeThrough, traceAt } from './samples.ts';

const route = routeThrough('192.0.2.1', '198.51.100.9');
const traces = Array.from({ length: 2000 }, (_, index) => traceAt(midnight + index * 600, route));
const always = { from: 0, to: 2 ** 40 };

/** A closed state folder with some weeks of one test. */
function filledState(): string {
  const dir = join(tempDir(), 'var');
  const store = openStore(dir, midnight);
  store.upsertTests([listedTest('a')], midnight);
  store.append('a', readingOf(traces));
  store.close();
  return dir;
}

/** Pages before the first page of a table. */
function firstPageOf(path: string, table: string): number {
  const database = new DatabaseSync(path);
  const found = database.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').get(table);
  database.close();
  return Number(found?.rootpage) - 1;
}

function expectedFrom(work: () => unknown): ExpectedError {
  try {
    work();
  } catch (error) {
    if (error instanceof ExpectedError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('a new state folder', () => {
  test('and its database are accessible to their owner only, for any umask', () => {
    const before = process.umask(0);
    onTestFinished(() => {
      process.umask(before);
    });
    const dir = join(tempDir(), 'lib', 'var');
    const store = openStore(dir, midnight);
    store.upsertTests([listedTest('a')], midnight);
    expect(statSync(dir).mode & 0o777).toBe(0o700);
    const files = readdirSync(dir);
    expect(files.sort()).toEqual(['pstrace.db', 'pstrace.db-shm', 'pstrace.db-wal']);
    for (const file of files) expect(statSync(join(dir, file)).mode & 0o777).toBe(0o600);
    expect(store.problems).toEqual([]);
    store.close();
    expect(readdirSync(dir)).toEqual(['pstrace.db']);
  });

  test('is not created in mode read', () => {
    const dir = join(tempDir(), 'var');
    expect(expectedFrom(() => openStore(dir, midnight, 'read')).message).toContain(
      'no state database',
    );
    expect(existsSync(dir)).toBe(false);
  });
});

test('an administrator may give the database to a group', () => {
  const dir = filledState();
  chmodSync(join(dir, 'pstrace.db'), 0o640);
  openStore(dir, midnight).close();
  expect(statSync(join(dir, 'pstrace.db')).mode & 0o777).toBe(0o640);
});

/** Kinds of damage to a database file. */
const damages: readonly [string, (file: string) => void][] = [
  ['garbage', (file) => writeFileSync(file, Buffer.alloc(9000, 'not a database '))],
  ['a few bytes of garbage', (file) => writeFileSync(file, 'oops')],
  ['a file cut in the middle', (file) => truncateSync(file, statSync(file).size / 2)],
  ['a file cut within a page', (file) => truncateSync(file, 5000)],
  ['a layout overwritten', (file) => overwrite(file, 100, 3900)],
];

function overwrite(file: string, from: number, length: number): void {
  const handle = openSync(file, 'r+');
  writeSync(handle, Buffer.alloc(length, 0xa5), 0, length, from);
  closeSync(handle);
}

describe.each(damages)('a damaged database (%s)', (_, damage) => {
  test('is quarantined unchanged, reported and replaced', () => {
    const dir = filledState();
    const path = join(dir, 'pstrace.db');
    damage(path);
    const bytes = readFileSync(path);
    const store = openStore(dir, midnight);
    onTestFinished(() => store.close());
    expect(store.problems).toHaveLength(1);
    expect(store.problems[0]).toMatchObject({ kind: 'store', subject: path });
    expect(store.problems[0]?.message).toMatch(
      /was damaged \(.+\); it was moved to pstrace\.db\.corrupt-20261121T000000Z and replaced by a new one/,
    );
    expect(readFileSync(`${path}.corrupt-20261121T000000Z`)).toEqual(bytes);
    expect(store.tests()).toEqual([]);
    store.upsertTests([listedTest('a')], midnight);
    expect(store.append('a', readingOf(traces)).added).toBe(2000);
  });

  test('stays in place in mode read', () => {
    const dir = filledState();
    const path = join(dir, 'pstrace.db');
    damage(path);
    const bytes = readFileSync(path);
    expect(expectedFrom(() => openStore(dir, midnight, 'read')).message).toContain('damaged');
    expect(readFileSync(path)).toEqual(bytes);
    expect(readdirSync(dir).filter((name) => name.includes('corrupt'))).toEqual([]);
  });
});

test('a second quarantine in the same second keeps the first', () => {
  const dir = filledState();
  for (const content of ['first', 'second']) {
    writeFileSync(join(dir, 'pstrace.db'), content);
    openStore(dir, midnight).close();
  }
  const kept = join(dir, 'pstrace.db.corrupt-20261121T000000Z');
  expect(readFileSync(kept, 'utf8')).toBe('first');
  expect(readFileSync(`${kept}-2`, 'utf8')).toBe('second');
});

test('of many copies, the first and the last ones are kept, and the deleted ones are named', () => {
  const dir = filledState();
  const messages: string[] = [];
  for (let hour = 0; hour < 12; hour += 1) {
    writeFileSync(join(dir, 'pstrace.db'), `damage ${hour}`);
    const store = openStore(dir, midnight + 3600 * hour);
    messages.push(...store.problems.map(({ message }) => message));
    store.close();
  }
  const kept = readdirSync(dir).filter((name) => name.includes('.corrupt-'));
  expect(kept.sort()).toEqual(
    ['000000', '100000', '110000'].map((time) => `pstrace.db.corrupt-20261121T${time}Z`),
  );
  expect(messages.filter((message) => message.includes('deleted'))).toHaveLength(9);
  expect(messages.at(-1)).toContain('deleted pstrace.db.corrupt-20261121T090000Z');
});

test('damage found in a run is reported, and the next run starts afresh', () => {
  const dir = filledState();
  const path = join(dir, 'pstrace.db');
  // The layout and the table of tests stay intact: opening does not notice the damage.
  overwrite(path, firstPageOf(path, 'chunk') * 4096, 4096);
  const store = openStore(dir, midnight);
  expect(store.problems).toEqual([]);
  const failure = expectedFrom(() => store.traces('a', always));
  expect(failure.message).toContain('cannot use the state database: it is damaged');
  expect(failure.remedy).toContain('The next run');
  store.close();
  const next = openStore(dir, midnight + 1800);
  onTestFinished(() => next.close());
  expect(next.problems[0]?.message).toContain('moved to pstrace.db.corrupt-20261121T003000Z');
  expect(next.tests()).toEqual([]);
});

test('an intact database that was marked as corrupt stays', () => {
  const dir = filledState();
  writeFileSync(join(dir, 'pstrace.db.suspect'), '');
  const store = openStore(dir, midnight);
  expect(store.problems).toEqual([]);
  expect(store.traces('a', always)).toEqual(traces);
  store.close();
  expect(readdirSync(dir)).toEqual(['pstrace.db']);
});

test('a modified packed body is corruption, not a wrong number', () => {
  const dir = filledState();
  const database = new DatabaseSync(join(dir, 'pstrace.db'));
  database.exec("UPDATE chunk SET body = x'01ffffff7f00'");
  database.close();
  const store = openStore(dir, midnight);
  onTestFinished(() => store.close());
  expect(expectedFrom(() => store.traces('a', always)).message).toContain('damaged');
});

test('a database of a newer version stays unchanged; the error names both versions', () => {
  const dir = filledState();
  const path = join(dir, 'pstrace.db');
  const database = new DatabaseSync(path);
  database.exec('PRAGMA user_version = 99');
  database.close();
  const bytes = readFileSync(path);
  for (const use of ['write', 'read'] as const) {
    const failure = expectedFrom(() => openStore(dir, midnight, use));
    expect(failure.kind).toBe('store');
    expect(failure.message).toContain('has version 99, but this pstrace supports versions up to ');
    expect(failure.message).toContain(`up to ${migrations.at(-1)?.version};`);
    expect(failure.remedy).toContain('newer pstrace');
  }
  expect(readFileSync(path)).toEqual(bytes);
  expect(readdirSync(dir)).toEqual(['pstrace.db']);
});

test('a database of another program stays unchanged', () => {
  const dir = tempDir();
  const path = join(dir, 'pstrace.db');
  const database = new DatabaseSync(path);
  database.exec('CREATE TABLE other (a)');
  database.close();
  const bytes = readFileSync(path);
  expect(expectedFrom(() => openStore(dir, midnight)).message).toContain('of another program');
  expect(readFileSync(path)).toEqual(bytes);
});

test('a state folder without write access is reported', () => {
  const dir = tempDir();
  writeFileSync(join(dir, 'file'), '');
  const failure = expectedFrom(() => openStore(join(dir, 'file', 'var'), midnight));
  expect(failure.message).toContain('a part of the path is not a directory');
});

test('a read-only file system is reported and causes no quarantine', () => {
  const disk = mountSmallDisk(tempDir(), 4096);
  const dir = disk?.path ?? tempDir();
  onTestFinished(() => (disk === null ? chmodSync(dir, 0o700) : disk.unmount()));
  openStore(dir, midnight).close();
  if (disk === null) {
    chmodSync(join(dir, 'pstrace.db'), 0o400);
    chmodSync(dir, 0o500);
  } else disk.readOnly();
  const failure = expectedFrom(() => openStore(dir, midnight));
  expect(failure.kind).toBe('store');
  expect(failure.message).toMatch(/read-only|cannot be opened|permission denied/);
  expect(readdirSync(dir)).toEqual(['pstrace.db']);
});

test('an empty file, left by a crash at the first start, becomes a database', () => {
  const dir = filledState();
  rmSync(join(dir, 'pstrace.db'));
  writeFileSync(join(dir, 'pstrace.db'), '');
  const store = openStore(dir, midnight);
  onTestFinished(() => store.close());
  expect(store.problems).toEqual([]);
  expect(store.tests()).toEqual([]);
});
