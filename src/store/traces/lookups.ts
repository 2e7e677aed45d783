import type { DatabaseSync } from 'node:sqlite';
import type { LookupKind, LookupResult } from '../../model/lookup.ts';
import { daySeconds } from '../../model/time.ts';
import type { Responder } from '../../model/trace.ts';
import type { Responders } from './responders.ts';

/** Questions about responders: which to ask, and what came of them. */
export interface Lookups {
  /**
   * Those of the addresses about which something is missing and nothing has been asked, or so long ago that it may have changed.
   * What an archive or mtr has told is not asked for.
   */
  due(kind: LookupKind, addresses: Iterable<string>, now: number): string[];
  /** Takes in answers. One that tells nothing leaves what was told before. */
  record(kind: LookupKind, answers: readonly LookupResult[], now: number): void;
}

/** Nothing may be asked later than this from now; what says so was written by a clock that was ahead. */
const maxAheadSeconds = 400 * daySeconds;
/** Answers are kept so long after they have run out, so that what they told is known as theirs. */
const retentionSeconds = 400 * daySeconds;

type ResponderFacts = Pick<Responder, 'hostname' | 'asn' | 'asName'>;

/** Opens the table of look-ups. */
export function openLookups(database: DatabaseSync, responders: Responders): Lookups {
  const find = database.prepare('SELECT until, result FROM lookup WHERE kind = ? AND address = ?');
  const put = database.prepare('INSERT OR REPLACE INTO lookup VALUES (?, ?, ?, ?)');
  const prune = database.prepare('DELETE FROM lookup WHERE until < ?');

  function isDue(kind: LookupKind, known: ResponderFacts, address: string, now: number): boolean {
    const row = find.get(kind, address) as { until: number; result: string | null } | undefined;
    if (row === undefined) return isMissing(kind, known);
    if (row.until > now && row.until < now + maxAheadSeconds) return false;
    return isMissing(kind, known) || row.result === resultText(kind, known);
  }

  return {
    due(kind, addresses, now) {
      const all = responders.all();
      return [...new Set(addresses)].filter((address) => {
        const known = all.get(address);
        return known !== undefined && isDue(kind, known, address, now);
      });
    },
    record(kind, answers, now) {
      for (const { address, until, ...answer } of answers) {
        const before = responders.get(address);
        const result =
          kind === 'name' || isConsistent(before, answer) ? resultText(kind, answer) : null;
        const previous = find.get(kind, address) as { result: string | null } | undefined;
        put.run(kind, address, until, result ?? previous?.result ?? null);
        if (result !== null) responders.update({ address, ...answer });
      }
      prune.run(now - retentionSeconds);
    },
  };
}

function isMissing(kind: LookupKind, { hostname, asn, asName }: ResponderFacts): boolean {
  return kind === 'name' ? hostname === null : asn === null || asName === null;
}

/** What is told of the matter, as text to compare; null for nothing. */
function resultText(kind: LookupKind, { hostname, asn, asName }: ResponderFacts): string | null {
  if (kind === 'name') return hostname;
  return asn === null ? null : JSON.stringify([asn, asName]);
}

/** Another number than that of an archive is no answer to what its name is. */
function isConsistent(before: ResponderFacts, { asn }: ResponderFacts): boolean {
  return before.asn === null || before.asName !== null || before.asn === asn;
}
