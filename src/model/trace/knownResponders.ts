import type { Responder } from './trace.ts';

/** Origin of the results of our own look-ups. No archive has this id. */
export const lookupOrigin = '';

/** Names and AS of an address as one origin states them. */
export interface StatedResponder extends Responder {
  /** An archive, `lookupOrigin`, or null: a layout of the database that did not record it. */
  readonly origin: string | null;
}

/** Identifies a statement among all of them; an address has no line break. */
export function statementId({ origin, address }: StatedResponder): string {
  return origin === null ? address : `${address}\n${origin}`;
}

/** Names and ASes of addresses. */
export interface KnownResponders {
  /**
   * By address, for a test with keys in some archives: the results of our own look-ups come first,
   * then the archives of the keys in their order. No other archive counts.
   */
  of(keys: readonly { readonly archive: string }[]): ReadonlyMap<string, Responder>;
  /** By address, for the whole mesh: the archive that was known first comes first. */
  merged(): ReadonlyMap<string, Responder>;
  /** Every statement, and every address without one. */
  readonly stated: readonly StatedResponder[];
}

/**
 * Combines statements. `stated`: in the order in which the origins became known; all addresses come
 * first, with the origin null.
 */
export function createKnownResponders(stated: readonly StatedResponder[]): KnownResponders {
  const byOrigin = Map.groupBy(stated, ({ origin }) => origin);
  const known = new Map<string, ReadonlyMap<string, Responder>>();
  const combine = (archives: readonly string[]): ReadonlyMap<string, Responder> => {
    const name = JSON.stringify(archives);
    const found = known.get(name) ?? combineOrigins([lookupOrigin, ...archives, null], byOrigin);
    known.set(name, found);
    return found;
  };
  return {
    of: (keys) => combine([...new Set(keys.map(({ archive }) => archive))]),
    merged: () => combine(Array.from(byOrigin.keys()).filter((origin) => origin !== null)),
    stated,
  };
}

/** The values of each address from the first origin that states them. */
function combineOrigins(
  origins: readonly (string | null)[],
  byOrigin: ReadonlyMap<string | null, readonly Responder[]>,
): Map<string, Responder> {
  const combined = new Map<string, Responder>();
  for (const origin of origins.toReversed()) {
    for (const { address, hostname, asn, asName } of byOrigin.get(origin) ?? []) {
      const stated = { address, hostname, asn, asName };
      const before = combined.get(address);
      combined.set(address, before === undefined ? stated : updateResponder(before, stated));
    }
  }
  return combined;
}

/**
 * The values after an update: null never replaces a value, and the name of an AS goes with its
 * number.
 */
export function updateResponder(before: Responder, update: Responder): Responder {
  const sameAs = update.asn === null || update.asn === before.asn;
  return {
    address: before.address,
    hostname: update.hostname ?? before.hostname,
    asn: update.asn ?? before.asn,
    asName: sameAs ? (update.asName ?? before.asName) : update.asName,
  };
}
