import type { DatabaseSync } from 'node:sqlite';
import { lookupOrigin } from '../../model/trace/knownResponders.ts';
import type { LookupKind, LookupResult } from '../../model/trace/lookup.ts';
import type { Responder } from '../../model/trace/trace.ts';
import { daySeconds } from '../../model/values/time.ts';
import { nullable, number, query, text } from '../db/query.ts';
import type { Responders } from './responders.ts';

/** Look-ups of the names and ASes of responders: which are due, and their results. */
export interface Lookups {
  /**
   * The addresses to look up at a moment (epoch seconds): an archive of a test lacks something
   * about them that was never looked up, or the last look-up has expired.
   */
  due(kind: LookupKind, addresses: Iterable<string>, now: number): string[];
  /** Stores results. An empty result leaves earlier values in place. */
  record(kind: LookupKind, results: readonly LookupResult[], now: number): void;
}

/** A later expiry comes from a clock that was ahead. */
const maxAheadSeconds = 400 * daySeconds;
/** Expired look-ups stay for this long: addresses with a result are looked up again. */
const retentionSeconds = 400 * daySeconds;

type ResponderFacts = Pick<Responder, 'hostname' | 'asn' | 'asName'>;

/** Opens the table of look-ups. */
export function openLookups(database: DatabaseSync, responders: Responders): Lookups {
  const select = query(
    database,
    'SELECT until, result FROM lookup WHERE kind = ? AND address = ?',
    { until: number, result: nullable(text) },
  );
  const upsert = database.prepare('INSERT OR REPLACE INTO lookup VALUES (?, ?, ?, ?)');
  const prune = database.prepare('DELETE FROM lookup WHERE until < ?');

  function isDue(kind: LookupKind, isIncomplete: boolean, address: string, now: number): boolean {
    const last = select.get(kind, address);
    if (last === undefined) return isIncomplete;
    if (last.until > now && last.until < now + maxAheadSeconds) return false;
    return isIncomplete || last.result !== null;
  }

  return {
    due(kind, addresses, now) {
      const incomplete = responders.incomplete(kind);
      return [...new Set(addresses)].filter((address) =>
        isDue(kind, incomplete.has(address), address, now),
      );
    },
    record(kind, results, now) {
      for (const { address, until, ...facts } of results) {
        const result = resultText(kind, facts);
        upsert.run(kind, address, until, result ?? select.get(kind, address)?.result ?? null);
        if (result !== null) responders.update({ address, ...facts, origin: lookupOrigin }, now);
      }
      prune.run(now - retentionSeconds);
    },
  };
}

/** The result of a look-up as text to compare; null for none. */
function resultText(kind: LookupKind, { hostname, asn, asName }: ResponderFacts): string | null {
  if (kind === 'name') return hostname;
  return asn === null ? null : JSON.stringify([asn, asName]);
}
