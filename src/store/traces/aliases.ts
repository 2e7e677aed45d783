import type { DatabaseSync } from 'node:sqlite';
import { number, query, text } from '../db/query.ts';

/** A name that an address has or had. */
interface Alias {
  readonly address: string;
  readonly name: string;
}

/** The least ttl of an address. */
interface NearAddress {
  readonly address: string;
  readonly ttl: number;
}

/**
 * Every name that an address ever had, as a responder or as an end of a test, so that masking can
 * hide it. Triggers of the database record them; it keeps the first 200 of an address.
 */
export interface Aliases {
  all(): Alias[];
  /** The names by address. */
  byAddress(): Map<string, Set<string>>;
  add(alias: Alias): void;
}

/** Deleted routes are remembered up to this ttl. */
const maxNearTtl = 16;

/** Opens the table of names. */
export function openAliases(database: DatabaseSync): Aliases {
  const selectAll = query(database, 'SELECT address, name FROM alias', {
    address: text,
    name: text,
  });
  const insert = database.prepare('INSERT OR IGNORE INTO alias VALUES (?, ?)');
  return {
    all: () => selectAll.all(),
    add({ address, name }) {
      insert.run(address, name);
    },
    byAddress() {
      const names = new Map<string, Set<string>>();
      for (const { address, name } of selectAll.iterate())
        names.set(address, (names.get(address) ?? new Set()).add(name));
      return names;
    },
  };
}

/** The least ttl of each address on deleted routes. */
export interface NearAddresses {
  all(): NearAddress[];
  record(address: string, ttl: number): void;
  within(hops: number): string[];
}

/** Opens the table of least ttls. */
export function openNearAddresses(database: DatabaseSync): NearAddresses {
  const upsert = database.prepare(
    `INSERT INTO near_address VALUES (?1, ?2)
     ON CONFLICT (address) DO UPDATE SET ttl = min(ttl, ?2)`,
  );
  const selectWithin = query(database, 'SELECT address, ttl FROM near_address WHERE ttl <= ?', {
    address: text,
    ttl: number,
  });
  const selectAll = query(database, 'SELECT address, ttl FROM near_address', {
    address: text,
    ttl: number,
  });
  return {
    all: () => selectAll.all(),
    record(address, ttl) {
      if (ttl <= maxNearTtl) upsert.run(address, ttl);
    },
    within: (hops) => selectWithin.all(hops).map(({ address }) => address),
  };
}
