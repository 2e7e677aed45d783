import type { DatabaseSync } from 'node:sqlite';
import type { Responder } from '../../model/trace.ts';
import { CorruptionError } from '../db/bytes.ts';
import { bytes, nullable, number, query, type Row, text } from '../db/query.ts';
import type { PastVersions } from '../history/pastVersions.ts';
import { unpackPattern } from './packedPattern.ts';
import { unpackRoute } from './packedRoute.ts';

/** Addresses that answered, by stored number, with the last good values of each. */
export interface Responders {
  /** The stored number of an address; stores it if needed. */
  numberOf(address: string): number;
  /** The address with a stored number. Throws `CorruptionError` for an unknown number. */
  addressOf(number: number): string;
  /** Whether the store has an address. */
  has(address: string): boolean;
  /** Whether anything but the address is known. */
  isKnown(address: string): boolean;
  /** The last good values of an address. */
  get(address: string): Responder;
  /**
   * Updates the last good values; null never replaces a value. Retains the earlier values of a
   * known responder until `at` (epoch seconds).
   */
  update(responder: Responder, at: number): void;
  /** All responders, by address. */
  all(): Map<string, Responder>;
  /** Deletes the addresses that no stored route contains; returns their number. */
  deleteUnused(): number;
  /** Has to be called after a rollback, which takes numbers back. */
  clearCache(): void;
}

/**
 * Entries of each cache before it starts afresh, about 15 MB: memory must not grow with the mesh.
 */
const maxCached = 65_536;

const responderColumns = {
  number,
  address: text,
  hostname: nullable(text),
  asn: nullable(number),
  asName: nullable(text),
};
type NumberedResponder = Row<typeof responderColumns>;

const selectSql = 'SELECT number, address, hostname, asn, as_name AS asName FROM responder';

/** Opens the table of responders. */
export function openResponders(database: DatabaseSync, pastVersions: PastVersions): Responders {
  const selectByAddress = query(database, `${selectSql} WHERE address = ?`, responderColumns);
  const selectAll = query(database, `${selectSql} ORDER BY number`, responderColumns);
  const selectAddress = query(database, 'SELECT address FROM responder WHERE number = ?', {
    address: text,
  });
  const selectNumbers = query(database, 'SELECT number FROM responder', { number });
  const insert = database.prepare('INSERT INTO responder (address) VALUES (?)');
  const updateRow = database.prepare(
    'UPDATE responder SET hostname = ?, asn = ?, as_name = ? WHERE number = ?',
  );
  const deleteOne = database.prepare('DELETE FROM responder WHERE number = ?');
  const cache = new Map<string, NumberedResponder>();
  const addresses = new Map<number, string>();

  function clearCache(): void {
    cache.clear();
    addresses.clear();
  }

  function find(address: string): NumberedResponder | undefined {
    return cache.get(address) ?? selectByAddress.get(address);
  }

  function findOrInsert(address: string): NumberedResponder {
    const cached = cache.get(address);
    if (cached !== undefined) return cached;
    const found = selectByAddress.get(address) ?? {
      number: Number(insert.run(address).lastInsertRowid),
      address,
      hostname: null,
      asn: null,
      asName: null,
    };
    if (cache.size >= maxCached) cache.clear();
    cache.set(address, found);
    return found;
  }

  return {
    numberOf: (address) => findOrInsert(address).number,
    addressOf(stored) {
      const cached = addresses.get(stored);
      if (cached !== undefined) return cached;
      const row = selectAddress.get(stored);
      if (row === undefined) throw new CorruptionError(`responder ${stored} is missing`);
      if (addresses.size >= maxCached) addresses.clear();
      addresses.set(stored, row.address);
      return row.address;
    },
    has: (address) => find(address) !== undefined,
    isKnown(address) {
      const { hostname, asn, asName } = findOrInsert(address);
      return hostname !== null || asn !== null || asName !== null;
    },
    get: findOrInsert,
    update(responder, at) {
      const known = find(responder.address);
      const before = known ?? findOrInsert(responder.address);
      if (includesAll(before, responder)) return;
      if (known !== undefined) {
        const { number: _, ...values } = known;
        pastVersions.retain('responder', known.address, values, at);
      }
      const after = mergeLastGood(before, responder);
      updateRow.run(after.hostname, after.asn, after.asName, before.number);
      cache.set(responder.address, { ...after, number: before.number });
    },
    all() {
      const all = new Map<string, Responder>();
      for (const { address, hostname, asn, asName } of selectAll.iterate())
        all.set(address, { address, hostname, asn, asName });
      return all;
    },
    deleteUnused() {
      const used = readUsedNumbers(database);
      const unused = selectNumbers.all().filter((row) => !used.has(row.number));
      for (const row of unused) deleteOne.run(row.number);
      clearCache();
      return unused.length;
    },
    clearCache,
  };
}

/** Whether the known values include those of an update. */
function includesAll(before: Responder, { hostname, asn, asName }: Responder): boolean {
  return (
    (hostname === null || hostname === before.hostname) &&
    (asn === null || asn === before.asn) &&
    (asName === null || asName === before.asName)
  );
}

/** The last good values after an update; the name of an AS goes with its number. */
function mergeLastGood(before: Responder, update: Responder): Responder {
  const sameAs = update.asn === null || update.asn === before.asn;
  return {
    address: before.address,
    hostname: update.hostname ?? before.hostname,
    asn: update.asn ?? before.asn,
    asName: sameAs ? (update.asName ?? before.asName) : update.asName,
  };
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
