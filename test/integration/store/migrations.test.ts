import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { migrate } from '../../../src/store/db/database.ts';
import { migrations } from '../../../src/store/db/migrations.ts';
import { openStore } from '../../../src/store/open.ts';
import { tempDir } from '../../helpers/tempDir.ts';
import { contentOf } from './content.ts';
import { midnight, readingOf, routeThrough, traceAt } from './samples.ts';

const fixtures = new URL('../../fixtures/store/', import.meta.url);
const always = { from: 0, to: 2 ** 40 };

/** A state folder with the database that a release left behind. */
function stateOf(version: number): string {
  const dir = tempDir();
  const database = new DatabaseSync(join(dir, 'pstrace.db'));
  database.exec(readFileSync(new URL(`version-${version}.sql`, fixtures), 'utf8'));
  database.close();
  return dir;
}

describe.each(migrations)('the database of version $version', ({ version }) => {
  test('is read without loss', () => {
    const store = openStore(stateOf(version), midnight);
    onTestFinished(() => store.close());
    const written = JSON.parse(readFileSync(new URL(`version-${version}.json`, fixtures), 'utf8'));
    expect(contentOf(store)).toEqual(written);
  });

  test('knows every name that an address has, and those that it had', () => {
    const store = openStore(stateOf(version), midnight);
    onTestFinished(() => store.close());
    const names = store.aliases();
    const stated = store.responders().stated.filter(({ hostname }) => hostname !== null);
    for (const { address, hostname } of stated) expect(names.get(address)).toContain(hostname);
    for (const { source, destination } of store.tests()) {
      for (const { address, name } of [source, destination])
        if (address !== null) expect(names.get(address)).toContain(name);
    }
    const earlier = store.pastVersions.at('responder', 0) as Map<string, { hostname: string }>;
    for (const [id, { hostname }] of earlier)
      if (hostname !== null) expect(names.get(id.split('\n')[0] ?? '')).toContain(hostname);
  });

  test('accepts new traces', () => {
    const store = openStore(stateOf(version), midnight);
    onTestFinished(() => store.close());
    const [first] = store.tests();
    const id = first?.id ?? '';
    const before = store.traces(id, always).length;
    const late = traceAt(midnight + 301, routeThrough('203.0.113.7'));
    expect(store.append(id, readingOf([late])).added).toBe(1);
    expect(store.traces(id, always)).toHaveLength(before + 1);
  });
});

test('every released layout has its fixture, with consecutive numbers', () => {
  const names = migrations.flatMap(({ version }) => [
    `version-${version}.json`,
    `version-${version}.sql`,
  ]);
  const files = readdirSync(fixtures).filter((name) => name.startsWith('version-'));
  expect(files.sort()).toEqual(names.sort());
  expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, index) => index + 1));
});

describe('a migration', () => {
  const first = migrations.slice(0, 1);
  const extra = { version: 2, sql: 'CREATE TABLE extra (a INTEGER) STRICT' };

  test('runs once, after the earlier ones', () => {
    const database = new DatabaseSync(':memory:');
    onTestFinished(() => database.close());
    migrate(database, first);
    migrate(database, [...first, extra]);
    migrate(database, [...first, extra]);
    expect(database.prepare('PRAGMA user_version').get()).toMatchObject({ user_version: 2 });
    expect(database.prepare('SELECT count(*) AS rows FROM extra').get()).toMatchObject({ rows: 0 });
  });

  test('that fails leaves the database unchanged', () => {
    const database = new DatabaseSync(':memory:');
    onTestFinished(() => database.close());
    migrate(database, first);
    const broken = [extra, { version: 3, sql: 'CREATE TABLE extra (b INTEGER)' }];
    expect(() => migrate(database, broken)).toThrow('already exists');
    expect(database.prepare('PRAGMA user_version').get()).toMatchObject({ user_version: 1 });
    expect(() => database.prepare('SELECT * FROM extra')).toThrow('no such table');
  });
});

describe('a database of version 1', () => {
  test('keeps used routes and deletes unused ones with its last traces', () => {
    const dir = stateOf(1);
    const store = openStore(dir, midnight);
    const [, second] = store.tests();
    const before = store.traces(second?.id ?? '', always);
    for (const { id, from } of store.unfinalizedTests(midnight + 86_400))
      store.finalizeDay(id, from, []);
    expect(store.prune(midnight)).toBeNull();
    expect(store.traces(second?.id ?? '', always)).toEqual(before);
    expect(store.prune(midnight + 86_400)).toBe(midnight + 86_400);
    store.close();
    const database = new DatabaseSync(join(dir, 'pstrace.db'));
    onTestFinished(() => database.close());
    expect(database.prepare('SELECT count(*) AS rows FROM route').get()).toMatchObject({ rows: 0 });
  });
});
