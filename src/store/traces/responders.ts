import type { DatabaseSync } from 'node:sqlite';
import type { Responder } from '../../model/trace.ts';
import { CorruptionError } from '../db/bytes.ts';
import { unpackPattern } from './packedPattern.ts';
import { unpackRoute } from './packedRoute.ts';

interface KnownResponder extends Responder {
  readonly number: number;
}

/** Addresses that answered, by their stored number, with what is known of each. */
export interface Responders {
  /** Stored number of an address; makes one if need be. */
  numberOf(address: string): number;
  /** Address of a stored number. Throws `DamagedBody` for a number never given out. */
  addressOf(number: number): string;
  /** Whether anything beside its address is known of a responder. */
  isKnown(address: string): boolean;
  /** What is known of a responder. */
  get(address: string): Responder;
  /** Takes in what a look-up found; unknown values (null) never replace known ones. */
  update(responder: Responder): void;
  all(): Map<string, Responder>;
  /** Deletes the addresses that occur in no stored route any more; returns how many. */
  deleteUnused(): number;
  /** Forgets what was cached: needed after a rollback, which takes numbers back. */
  clearCache(): void;
}

/** Entries of either cache before it begins anew, about 15 MB: the memory must not grow with the mesh. */
const maxCached = 65_536;

/** Opens the table of responders. */
export function openResponders(database: DatabaseSync): Responders {
  const columns = 'number, address, hostname, asn, as_name AS asName';
  const byAddress = database.prepare(`SELECT ${columns} FROM responder WHERE address = ?`);
  const byNumber = database.prepare('SELECT address FROM responder WHERE number = ?');
  const every = database.prepare(`SELECT ${columns} FROM responder ORDER BY number`);
  const insert = database.prepare('INSERT INTO responder (address) VALUES (?)');
  const updateRow = database.prepare(
    'UPDATE responder SET hostname = ?, asn = ?, as_name = ? WHERE number = ?',
  );
  const cache = new Map<string, KnownResponder>();
  const addresses = new Map<number, string>();

  const numbers = database.prepare('SELECT number FROM responder');
  const remove = database.prepare('DELETE FROM responder WHERE number = ?');

  function clearCache(): void {
    cache.clear();
    addresses.clear();
  }

  function findOrInsert(address: string): KnownResponder {
    const hit = cache.get(address);
    if (hit !== undefined) return hit;
    const stored = byAddress.get(address) as unknown as KnownResponder | undefined;
    const found = stored ?? {
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
    addressOf(number) {
      const hit = addresses.get(number);
      if (hit !== undefined) return hit;
      const stored = byNumber.get(number) as { address: string } | undefined;
      if (stored === undefined) throw new CorruptionError(`no responder has the number ${number}`);
      if (addresses.size >= maxCached) addresses.clear();
      addresses.set(number, stored.address);
      return stored.address;
    },
    isKnown(address) {
      const { hostname, asn, asName } = findOrInsert(address);
      return hostname !== null || asn !== null || asName !== null;
    },
    get: findOrInsert,
    update(responder) {
      const before = findOrInsert(responder.address);
      if (includesAll(before, responder)) return;
      const after = mergeLastGood(before, responder);
      updateRow.run(after.hostname, after.asn, after.asName, before.number);
      cache.set(responder.address, { ...after, number: before.number });
    },
    all() {
      const all = new Map<string, Responder>();
      for (const row of every.iterate()) {
        const { address, hostname, asn, asName } = row as unknown as KnownResponder;
        all.set(address, { address, hostname, asn, asName });
      }
      return all;
    },
    deleteUnused() {
      const used = readUsedNumbers(database);
      let deleted = 0;
      for (const number of numbers.all().map((row) => Number(row.number))) {
        if (!used.has(number)) deleted += Number(remove.run(number).changes);
      }
      clearCache();
      return deleted;
    },
    clearCache,
  };
}

/** Whether what is known says all that one more look-up does. */
function includesAll(before: Responder, { hostname, asn, asName }: Responder): boolean {
  return (
    (hostname === null || hostname === before.hostname) &&
    (asn === null || asn === before.asn) &&
    (asName === null || asName === before.asName)
  );
}

/** What is known of an address after one more look-up; the name of an AS goes with its number. */
function mergeLastGood(before: Responder, update: Responder): Responder {
  const sameAs = update.asn === null || update.asn === before.asn;
  return {
    address: before.address,
    hostname: update.hostname ?? before.hostname,
    asn: update.asn ?? before.asn,
    asName: sameAs ? (update.asName ?? before.asName) : update.asName,
  };
}

/** Numbers of the responders of every stored route. */
function readUsedNumbers(database: DatabaseSync): Set<number> {
  const used = new Set<number>();
  const markUsed = (number: number) => {
    used.add(number);
    return '';
  };
  const unpackers = { route: unpackRoute, pattern: unpackPattern };
  for (const [table, unpack] of Object.entries(unpackers)) {
    for (const { body } of database.prepare(`SELECT body FROM ${table}`).iterate()) {
      unpack(body as Uint8Array, markUsed);
    }
  }
  return used;
}
