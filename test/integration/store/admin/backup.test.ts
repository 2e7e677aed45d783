import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ExpectedError } from '../../../../src/lib/errors.ts';
import { openForAdmin, openStore } from '../../../../src/store/open.ts';
import { mountSmallDisk } from '../../../helpers/smallDisk.ts';
import { tempDir } from '../../../helpers/tempDir.ts';
import { contentOf } from '../content.ts';
import { exported, storeIn } from '../exchange/exchanged.ts';
import { listedTest, midnight, periodAt, readingOf, routeThrough, traceAt } from '../samples.ts';

const day = 86_400;

/** Finalized days of one test, with a separate route for each trace. */
function filledState(days = 2): string {
  const dir = join(tempDir(), 'var');
  const store = openStore(dir, midnight);
  store.upsertTests([listedTest('a')], midnight);
  for (let index = 0; index < days; index++) {
    const from = midnight + index * day;
    const traces = Array.from({ length: 144 }, (_, nth) =>
      traceAt(from + nth * 600, routeThrough('192.0.2.1', `10.${index}.${nth}.1`)),
    );
    store.append('a', readingOf(traces));
    store.finalizeDay('a', from, [periodAt(index * day, index * day + 85_800, 144)]);
  }
  store.close();
  return dir;
}

/** The id of a process that has ended. */
function deadProcess(): number {
  return spawnSync('true').pid;
}

function admin(dir: string) {
  const opened = openForAdmin(dir, midnight, 'read');
  onTestFinished(() => opened.close());
  return opened;
}

describe('a backup', () => {
  test('is a consistent database for its owner only, while a run writes', () => {
    const dir = filledState();
    const writing = storeIn(dir);
    const before = contentOf(writing);
    const to = join(tempDir(), 'pstrace.db');
    writing.transaction(() => {
      writing.upsertTests([listedTest('half-way')], midnight);
      admin(dir).backup(to);
    });
    expect(statSync(to).mode & 0o777).toBe(0o600);
    expect(readdirSync(dirname(to))).toEqual(['pstrace.db']);
    expect(contentOf(storeIn(join(to, '..')))).toEqual(before);
  });

  test('replaces an older one', () => {
    const dir = filledState();
    const to = join(tempDir(), 'copy');
    const opened = admin(dir);
    opened.backup(to);
    const first = readFileSync(to);
    storeIn(dir).upsertTests([listedTest('b')], midnight);
    const leftover = join(dirname(to), `.pstrace-${deadProcess()}.new`);
    writeFileSync(leftover, 'what a killed one left');
    opened.backup(to);
    expect(readFileSync(to)).not.toEqual(first);
    expect(existsSync(leftover)).toBe(false);
  });

  test.each([
    ['another file', () => join(tempDir(), 'notes.txt')],
    ['an empty file', () => join(tempDir(), 'empty')],
  ])('never replaces %s', (_, name) => {
    const to = name();
    writeFileSync(to, to.endsWith('.txt') ? 'SQLite format 3 is not what this is' : '');
    const bytes = readFileSync(to);
    expect(() => admin(filledState()).backup(to)).toThrow(/exists and is not a backup/);
    expect(readFileSync(to)).toEqual(bytes);
  });

  test('never replaces the database itself', () => {
    const dir = filledState();
    expect(() => admin(dir).backup(join(dir, '..', 'var', 'pstrace.db'))).toThrow(
      /is the database itself/,
    );
  });

  test('that cannot be written is reported by its name and leaves no file', () => {
    const to = join(tempDir(), 'no', 'such', 'copy');
    expect(() => admin(filledState()).backup(to)).toThrow(
      new RegExp(`cannot write the backup: no such file or directory \\(${to}\\)`),
    );
  });

  test('on a full disk is reported and leaves only the old one', () => {
    const disk = mountSmallDisk(tempDir(), 300);
    // A full disk needs permission to mount.
    if (disk === null) return;
    onTestFinished(() => disk.unmount());
    const to = join(disk.path, 'copy');
    admin(filledState(1)).backup(to);
    const bytes = readFileSync(to);
    const large = admin(filledState(24));
    try {
      large.backup(to);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(ExpectedError);
      expect((error as ExpectedError).message).toMatch(
        /^cannot write the backup: the disk is full/,
      );
    }
    expect(readFileSync(to)).toEqual(bytes);
    expect(readdirSync(dirname(to))).toEqual([basename(to)]);
  });
});

describe('vacuum', () => {
  test('returns the space of deleted traces and changes no content', () => {
    const dir = filledState(24);
    const store = storeIn(dir);
    store.prune(midnight + 23 * day);
    const { lines } = exported(dir);
    const { bytesBefore, bytesAfter } = admin(dir).vacuum();
    expect(bytesAfter).toBeLessThan(bytesBefore / 2);
    expect(statSync(join(dir, 'pstrace.db')).size).toBe(bytesAfter);
    const kept = lines.filter((line) => !line.includes('"responder"'));
    const left = exported(dir).lines;
    expect(left.filter((line) => !line.includes('"responder"')).slice(0, -1)).toEqual(
      kept.slice(0, -1),
    );
  });

  test('deletes unused responders and routes of periods', () => {
    const dir = filledState(2);
    const store = storeIn(dir);
    store.finalizeDay('a', midnight, [periodAt(0, 600, 2, { route: [] })]);
    store.prune(midnight + day);
    expect(store.responders().merged().has('10.0.7.1')).toBe(true);
    admin(dir).vacuum();
    expect(store.responders().merged().has('10.0.7.1')).toBe(false);
    expect(store.responders().merged().has('10.1.7.1')).toBe(true);
    const { counts, faults } = admin(dir).check();
    expect(faults).toEqual([]);
    expect(counts).toMatchObject({ routes: 144, routePeriods: 2, responders: 147 });
  });
});
