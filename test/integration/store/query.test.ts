import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { bytes, nullable, number, query, text } from '../../../src/store/db/query.ts';

function openDatabase(): DatabaseSync {
  const database = new DatabaseSync(':memory:');
  onTestFinished(() => database.close());
  database.exec(`
    CREATE TABLE sample (number INTEGER PRIMARY KEY, name TEXT, at REAL, body BLOB) STRICT;
    INSERT INTO sample VALUES (1, 'a', 0.5, x'00'), (2, NULL, NULL, NULL);
  `);
  return database;
}

test('a query returns its rows', () => {
  const columns = { number, name: nullable(text), at: nullable(number), body: nullable(bytes) };
  const select = query(openDatabase(), 'SELECT * FROM sample WHERE number >= ?', columns);
  expect(select.all(1).map((row) => ({ ...row }))).toEqual([
    { number: 1, name: 'a', at: 0.5, body: Uint8Array.of(0) },
    { number: 2, name: null, at: null, body: null },
  ]);
  expect(select.get(2)?.name).toBeNull();
  expect(select.get(3)).toBeUndefined();
});

test.each([
  ['without a column', 'SELECT name AS other FROM sample', 'column "name" is missing'],
  ['with another type', 'SELECT body AS name FROM sample', 'column "name" is BLOB'],
])('a query %s is rejected when it is prepared', (_, sql, message) => {
  expect(() => query(openDatabase(), sql, { name: text })).toThrow(message);
});

test('an expression has no declared type', () => {
  const select = query(openDatabase(), 'SELECT count(*) AS count FROM sample', { count: number });
  expect(select.get()?.count).toBe(2);
});
