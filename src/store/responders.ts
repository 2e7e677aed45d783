import type { DatabaseSync } from 'node:sqlite';
import type { Responder } from '../model/trace.ts';
import { DamagedBody } from './bytes.ts';
import { unpackPattern } from './packedPattern.ts';
import { unpackRoute } from './packedRoute.ts';

interface Known extends Responder {
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
  known(address: string): Responder;
  /** Takes in what a look-up found; unknown values (null) never replace known ones. */
  learn(seen: Responder): void;
  all(): Map<string, Responder>;
  /** Deletes the addresses that occur in no stored route any more; returns how many. */
  sweep(): number;
  /** Forgets what was cached: needed after a rollback, which takes numbers back. */
  forget(): void;
}

/** Entries of either cache before it begins anew, about 15 MB: the memory must not grow with the mesh. */
const cached = 65_536;

/** Opens the table of responders. */
export function openResponders(database: DatabaseSync): Responders {
  const columns = 'number, address, hostname, asn, as_name AS asName';
  const byAddress = database.prepare(`SELECT ${columns} FROM responder WHERE address = ?`);
  const byNumber = database.prepare('SELECT address FROM responder WHERE number = ?');
  const every = database.prepare(`SELECT ${columns} FROM responder ORDER BY number`);
  const insert = database.prepare('INSERT INTO responder (address) VALUES (?)');
  const update = database.prepare(
    'UPDATE responder SET hostname = ?, asn = ?, as_name = ? WHERE number = ?',
  );
  const known = new Map<string, Known>();
  const addresses = new Map<number, string>();

  const numbers = database.prepare('SELECT number FROM responder');
  const remove = database.prepare('DELETE FROM responder WHERE number = ?');

  function forget(): void {
    known.clear();
    addresses.clear();
  }

  function knownOf(address: string): Known {
    const hit = known.get(address);
    if (hit !== undefined) return hit;
    const stored = byAddress.get(address) as unknown as Known | undefined;
    const found = stored ?? {
      number: Number(insert.run(address).lastInsertRowid),
      address,
      hostname: null,
      asn: null,
      asName: null,
    };
    if (known.size >= cached) known.clear();
    known.set(address, found);
    return found;
  }

  return {
    numberOf: (address) => knownOf(address).number,
    addressOf(number) {
      const hit = addresses.get(number);
      if (hit !== undefined) return hit;
      const stored = byNumber.get(number) as { address: string } | undefined;
      if (stored === undefined) throw new DamagedBody(`no responder has the number ${number}`);
      if (addresses.size >= cached) addresses.clear();
      addresses.set(number, stored.address);
      return stored.address;
    },
    isKnown(address) {
      const { hostname, asn, asName } = knownOf(address);
      return hostname !== null || asn !== null || asName !== null;
    },
    known: knownOf,
    learn(seen) {
      const before = knownOf(seen.address);
      if (isToldBy(before, seen)) return;
      const after = lastGood(before, seen);
      update.run(after.hostname, after.asn, after.asName, before.number);
      known.set(seen.address, { ...after, number: before.number });
    },
    all() {
      const all = new Map<string, Responder>();
      for (const row of every.iterate()) {
        const { address, hostname, asn, asName } = row as unknown as Known;
        all.set(address, { address, hostname, asn, asName });
      }
      return all;
    },
    sweep() {
      const used = usedResponders(database);
      let deleted = 0;
      for (const number of numbers.all().map((row) => Number(row.number))) {
        if (!used.has(number)) deleted += Number(remove.run(number).changes);
      }
      forget();
      return deleted;
    },
    forget,
  };
}

/** Whether what is known says all that one more look-up does. */
function isToldBy(before: Responder, { hostname, asn, asName }: Responder): boolean {
  return (
    (hostname === null || hostname === before.hostname) &&
    (asn === null || asn === before.asn) &&
    (asName === null || asName === before.asName)
  );
}

/** What is known of an address after one more look-up; the name of an AS goes with its number. */
function lastGood(before: Responder, seen: Responder): Responder {
  const sameAs = seen.asn === null || seen.asn === before.asn;
  return {
    address: before.address,
    hostname: seen.hostname ?? before.hostname,
    asn: seen.asn ?? before.asn,
    asName: sameAs ? (seen.asName ?? before.asName) : seen.asName,
  };
}

/** Numbers of the responders of every stored route. */
function usedResponders(database: DatabaseSync): Set<number> {
  const used = new Set<number>();
  const note = (number: number) => {
    used.add(number);
    return '';
  };
  const kinds = { route: unpackRoute, pattern: unpackPattern };
  for (const [table, unpack] of Object.entries(kinds)) {
    for (const { body } of database.prepare(`SELECT body FROM ${table}`).iterate()) {
      unpack(body as Uint8Array, note);
    }
  }
  return used;
}
