import type { DatabaseSync } from 'node:sqlite';
import {
  lookupOrigin,
  type StatedResponder,
  statementId,
  updateResponder,
} from '../../model/trace/knownResponders.ts';
import type { LookupKind } from '../../model/trace/lookup.ts';
import type { Responder } from '../../model/trace/trace.ts';
import { CorruptionError } from '../db/bytes.ts';
import { bytes, nullable, number, query, text } from '../db/query.ts';
import type { PastVersions } from '../history/pastVersions.ts';
import { unpackPattern } from './packedPattern.ts';
import { unpackRoute } from './packedRoute.ts';

/** Addresses that answered, by stored number, with the last good values by origin. */
export interface Responders {
  /** The stored number of an address; stores it if needed. */
  numberOf(address: string): number;
  /** The address with a stored number. Throws `CorruptionError` for an unknown number. */
  addressOf(number: number): string;
  /** Whether the store has an address. */
  has(address: string): boolean;
  /**
   * Updates the last good values of an origin; null never replaces a value. Retains the earlier
   * values until `at` (epoch seconds).
   */
  update(stated: StatedResponder & { readonly origin: string }, at: number): void;
  /**
   * Every address with the origin null, then the statements in the order in which their origins
   * became known.
   */
  all(): StatedResponder[];
  /** Stores a statement with its origin, which may be null; a stored one stays. */
  restore(stated: StatedResponder): void;
  /**
   * The addresses for which some archive does not state the result of a look-up, and those for
   * which none states anything.
   */
  incomplete(kind: LookupKind): Set<string>;
  /** Deletes the addresses that no stored route contains; returns their number. */
  deleteUnused(): number;
  /** Has to be called after a rollback, which takes numbers back. */
  clearCache(): void;
}

/**
 * Entries of each cache before it starts afresh, about 15 MB: memory must not grow with the mesh.
 */
const maxCached = 65_536;

const valueColumns = { hostname: nullable(text), asn: nullable(number), asName: nullable(text) };

/** An address without a statement of an archive counts with the values of earlier layouts. */
const incompleteConditions: Readonly<Record<LookupKind, string>> = {
  name: 'coalesce(s.hostname, r.hostname) IS NULL',
  as: `CASE WHEN s.asn IS NULL THEN r.asn IS NULL OR r.as_name IS NULL
       ELSE s.as_name IS NULL END`,
};

/** Opens the tables of responders and of the statements about them. */
export function openResponders(database: DatabaseSync, pastVersions: PastVersions): Responders {
  const selectNumber = query(database, 'SELECT number FROM responder WHERE address = ?', {
    number,
  });
  const selectAddress = query(database, 'SELECT address FROM responder WHERE number = ?', {
    address: text,
  });
  const selectNumbers = query(database, 'SELECT number FROM responder', { number });
  const insert = database.prepare('INSERT INTO responder (address) VALUES (?)');
  const deleteOne = database.prepare('DELETE FROM responder WHERE number = ?');
  const deleteStatements = database.prepare('DELETE FROM responder_statement WHERE responder = ?');
  const selectStatement = query(
    database,
    `SELECT hostname, asn, as_name AS asName FROM responder_statement
     WHERE responder = ? AND origin = ?`,
    valueColumns,
  );
  const replaceStatement = database.prepare(
    'INSERT OR REPLACE INTO responder_statement VALUES (?, ?, ?, ?, ?)',
  );
  const insertStatement = database.prepare(
    'INSERT OR IGNORE INTO responder_statement VALUES (?, ?, ?, ?, ?)',
  );
  const restoreRow = database.prepare(
    `UPDATE responder SET hostname = ?, asn = ?, as_name = ?
     WHERE number = ? AND hostname IS NULL AND asn IS NULL AND as_name IS NULL`,
  );
  const origins = openOrigins(database);
  const numbers = new Map<string, number>();
  const addresses = new Map<number, string>();
  const statements = new Map<string, Responder>();

  function numberOf(address: string): number {
    const cached = numbers.get(address);
    if (cached !== undefined) return cached;
    const found = selectNumber.get(address)?.number ?? Number(insert.run(address).lastInsertRowid);
    setBounded(numbers, address, found);
    return found;
  }

  function isStored(address: string): boolean {
    return numbers.has(address) || selectNumber.get(address) !== undefined;
  }

  /** The statement of an origin on an address; null for none. */
  function find(key: string, address: string, origin: number): Responder | null {
    const cached = statements.get(key);
    if (cached !== undefined) return cached;
    const stored = numbers.get(address) ?? selectNumber.get(address)?.number;
    const row = stored === undefined ? undefined : selectStatement.get(stored, origin);
    return row === undefined ? null : { address, ...row };
  }

  return {
    numberOf,
    addressOf(stored) {
      const cached = addresses.get(stored);
      if (cached !== undefined) return cached;
      const row = selectAddress.get(stored);
      if (row === undefined) throw new CorruptionError(`responder ${stored} is missing`);
      setBounded(addresses, stored, row.address);
      return row.address;
    },
    has: isStored,
    update(stated, at) {
      const { origin, address } = stated;
      const originNumber = origins.numberOf(origin);
      const key = `${originNumber} ${address}`;
      const before = find(key, address, originNumber);
      if (before !== null && includesAll(before, stated)) {
        setBounded(statements, key, before);
        return;
      }
      const replaced = before ?? blank(address);
      // Earlier views show an address that is new at this moment nowhere.
      if (isStored(address) && !includesAll(replaced, stated))
        pastVersions.retain('responder', statementId(stated), { ...replaced, origin }, at);
      const after = updateResponder(replaced, stated);
      const { hostname, asn, asName } = after;
      replaceStatement.run(numberOf(address), originNumber, hostname, asn, asName);
      setBounded(statements, key, after);
    },
    restore({ origin, address, hostname, asn, asName }) {
      const stored = numberOf(address);
      if (origin === null) restoreRow.run(hostname, asn, asName, stored);
      else insertStatement.run(stored, origins.numberOf(origin), hostname, asn, asName);
    },
    all: () => [...readUnattributed(database), ...readStatements(database)],
    incomplete(kind) {
      const found = query(
        database,
        `SELECT r.address FROM responder r
         LEFT JOIN responder_statement s ON s.responder = r.number
           AND s.origin <> coalesce((SELECT number FROM origin WHERE id = '${lookupOrigin}'), -1)
         WHERE ${incompleteConditions[kind]}`,
        { address: text },
      );
      return new Set(found.all().map(({ address }) => address));
    },
    deleteUnused() {
      const used = readUsedNumbers(database);
      const unused = selectNumbers.all().filter((row) => !used.has(row.number));
      for (const row of unused) {
        deleteStatements.run(row.number);
        deleteOne.run(row.number);
      }
      this.clearCache();
      return unused.length;
    },
    clearCache() {
      for (const cache of [numbers, addresses, statements]) cache.clear();
      origins.clearCache();
    },
  };
}

function setBounded<Key, Value>(cache: Map<Key, Value>, key: Key, value: Value): void {
  if (cache.size >= maxCached) cache.clear();
  cache.set(key, value);
}

function blank(address: string): Responder {
  return { address, hostname: null, asn: null, asName: null };
}

/** Numbers of origins, ascending in the order in which they became known. */
function openOrigins(database: DatabaseSync) {
  const select = query(database, 'SELECT number FROM origin WHERE id = ?', { number });
  const insert = database.prepare('INSERT INTO origin (id) VALUES (?)');
  const cache = new Map<string, number>();
  return {
    numberOf(id: string): number {
      const found =
        cache.get(id) ?? select.get(id)?.number ?? Number(insert.run(id).lastInsertRowid);
      cache.set(id, found);
      return found;
    },
    clearCache: () => cache.clear(),
  };
}

/** Every address, with the values that earlier layouts stored without their origin. */
function readUnattributed(database: DatabaseSync): StatedResponder[] {
  const select = query(
    database,
    `SELECT address, hostname, asn, as_name AS asName FROM responder
     ORDER BY number`,
    { address: text, ...valueColumns },
  );
  return select.all().map((row) => ({ ...row, origin: null }));
}

function readStatements(database: DatabaseSync): StatedResponder[] {
  return query(
    database,
    `SELECT o.id AS origin, r.address, s.hostname, s.asn, s.as_name AS asName
     FROM origin o JOIN responder_statement s ON s.origin = o.number
     JOIN responder r ON r.number = s.responder ORDER BY o.number, r.number`,
    { origin: text, address: text, ...valueColumns },
  ).all();
}

/** Whether the known values include those of an update. */
function includesAll(before: Responder, { hostname, asn, asName }: Responder): boolean {
  return (
    (hostname === null || hostname === before.hostname) &&
    (asn === null || asn === before.asn) &&
    (asName === null || asName === before.asName)
  );
}

/** The numbers of the responders in all stored routes. */
function readUsedNumbers(database: DatabaseSync): Set<number> {
  const used = new Set<number>();
  const markUsed = (responder: number) => {
    used.add(responder);
    return '';
  };
  for (const { body } of query(database, 'SELECT body FROM route', { body: bytes }).iterate())
    unpackRoute(body, markUsed);
  for (const { body } of query(database, 'SELECT body FROM pattern', { body: bytes }).iterate())
    unpackPattern(body, markUsed);
  return used;
}
