import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { migrate } from '../../src/store/database.ts';
import { migrations } from '../../src/store/migrations.ts';
import { openStore } from '../../src/store/open.ts';
import type { Store } from '../../src/store/store.ts';
import { tempDir } from '../helpers/tempDir.ts';
import { midnight, readingOf, routeThrough, traceAt } from './samples.ts';

const fixtures = new URL('../fixtures/store/', import.meta.url);
const always = { from: 0, to: 2 ** 40 };

/** A state directory with the database that a release left behind. */
function stateOf(version: number): string {
  const dir = tempDir();
  const database = new DatabaseSync(join(dir, 'pstrace.db'));
  database.exec(readFileSync(new URL(`version-${version}.sql`, fixtures), 'utf8'));
  database.close();
  return dir;
}

/** Everything that a store tells, in the form of the fixtures' JSON. */
function contentOf(store: Store): unknown {
  const ids = store.tests().map((each) => each.id);
  const ofEach = <T>(look: (id: string) => T) =>
    Object.fromEntries(ids.map((id) => [id, look(id)]));
  const archives = new Set(store.tests().map((each) => each.archive));
  return {
    tests: store.tests(),
    traces: ofEach((id) => store.traces(id, always)),
    failures: ofEach((id) => store.failures(id, always)),
    missing: ofEach((id) =>
      store.missing(id, { from: midnight - 3600, to: midnight + 90_000 }, 7200),
    ),
    responders: [...store.responders().values()],
    listedUntil: Object.fromEntries([...archives].map((id) => [id, store.listedUntil(id)])),
    runs: store.runs(10),
  };
}

describe.each(migrations)('the database of version $version', ({ version }) => {
  test('is read without loss', () => {
    const store = openStore(stateOf(version), midnight);
    onTestFinished(() => store.close());
    const written = JSON.parse(readFileSync(new URL(`version-${version}.json`, fixtures), 'utf8'));
    expect(contentOf(store)).toEqual(written);
  });

  test('takes new traces', () => {
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

test('every released layout has its fixture, numbered without a gap', () => {
  const names = migrations.flatMap(({ version }) => [
    `version-${version}.json`,
    `version-${version}.sql`,
  ]);
  expect(readdirSync(fixtures).sort()).toEqual(names.sort());
  expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, index) => index + 1));
});

describe('a migration', () => {
  const extra = { version: 2, sql: 'CREATE TABLE extra (a INTEGER) STRICT' };

  test('runs once, after those before it', () => {
    const database = new DatabaseSync(':memory:');
    onTestFinished(() => database.close());
    migrate(database, migrations.slice(0, 1));
    migrate(database, [...migrations.slice(0, 1), extra]);
    migrate(database, [...migrations.slice(0, 1), extra]);
    expect(database.prepare('PRAGMA user_version').get()).toMatchObject({ user_version: 2 });
    expect(database.prepare('SELECT count(*) AS rows FROM extra').get()).toMatchObject({ rows: 0 });
  });

  test('that fails leaves the database as it was', () => {
    const database = new DatabaseSync(':memory:');
    onTestFinished(() => database.close());
    migrate(database, migrations.slice(0, 1));
    const broken = [extra, { version: 3, sql: 'CREATE TABLE extra (b INTEGER)' }];
    expect(() => migrate(database, broken)).toThrow('already exists');
    expect(database.prepare('PRAGMA user_version').get()).toMatchObject({ user_version: 1 });
    expect(() => database.prepare('SELECT * FROM extra')).toThrow('no such table');
  });
});
