import type { DatabaseSync } from 'node:sqlite';
import { number, query, text } from '../db/query.ts';

/** Facts about addresses that outlive their traces, so that masking can hide what they were. */
export interface Aliases {
  /**
   * Every name that an address ever had, as a responder or as an end of a test. Triggers of the
   * database record them; it keeps the first 200 of an address.
   */
  aliases(): Map<string, Set<string>>;
}

/** Deleted routes are remembered up to this ttl. */
export const maxNearTtl = 16;

/** Opens the table of names. */
export function openAliases(database: DatabaseSync): Aliases {
  const selectAll = query(database, 'SELECT address, name FROM alias', {
    address: text,
    name: text,
  });
  return {
    aliases() {
      const names = new Map<string, Set<string>>();
      for (const { address, name } of selectAll.iterate())
        names.set(address, (names.get(address) ?? new Set()).add(name));
      return names;
    },
  };
}

/** The least ttl of each address on deleted routes. */
export interface NearAddresses {
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
  return {
    record(address, ttl) {
      if (ttl <= maxNearTtl) upsert.run(address, ttl);
    },
    within: (hops) => selectWithin.all(hops).map(({ address }) => address),
  };
}
