import type { DatabaseSync } from 'node:sqlite';
import type { LookupAnswer, LookupKind } from '../model/lookup.ts';
import type { Responder } from '../model/trace.ts';
import { daySeconds } from './days.ts';
import type { Responders } from './responders.ts';

/** Questions about responders: which to ask, and what came of them. */
export interface Lookups {
  /**
   * Those of the addresses about which something is missing and nothing has been asked, or so long ago that it may have changed.
   * What an archive or mtr has told is not asked for.
   */
  due(kind: LookupKind, addresses: Iterable<string>, now: number): string[];
  /** Takes in answers. One that tells nothing leaves what was told before. */
  record(kind: LookupKind, answers: readonly LookupAnswer[], now: number): void;
}

/** Nothing may be asked later than this from now; what says so was written by a clock that was ahead. */
const longestSeconds = 400 * daySeconds;
/** Answers are kept so long after they have run out, so that what they told is known as theirs. */
const keptSeconds = 400 * daySeconds;

type Told = Pick<Responder, 'hostname' | 'asn' | 'asName'>;

/** Opens the table of look-ups. */
export function openLookups(database: DatabaseSync, responders: Responders): Lookups {
  const find = database.prepare('SELECT until, told FROM lookup WHERE kind = ? AND address = ?');
  const put = database.prepare('INSERT OR REPLACE INTO lookup VALUES (?, ?, ?, ?)');
  const prune = database.prepare('DELETE FROM lookup WHERE until < ?');

  function isDue(kind: LookupKind, known: Told, address: string, now: number): boolean {
    const row = find.get(kind, address) as { until: number; told: string | null } | undefined;
    if (row === undefined) return isMissing(kind, known);
    if (row.until > now && row.until < now + longestSeconds) return false;
    return isMissing(kind, known) || row.told === toldOf(kind, known);
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
        const before = responders.known(address);
        const told = kind === 'name' || fits(before, answer) ? toldOf(kind, answer) : null;
        const kept = find.get(kind, address) as { told: string | null } | undefined;
        put.run(kind, address, until, told ?? kept?.told ?? null);
        if (told !== null) responders.learn({ address, ...answer });
      }
      prune.run(now - keptSeconds);
    },
  };
}

function isMissing(kind: LookupKind, { hostname, asn, asName }: Told): boolean {
  return kind === 'name' ? hostname === null : asn === null || asName === null;
}

/** What is told of the matter, as text to compare; null for nothing. */
function toldOf(kind: LookupKind, { hostname, asn, asName }: Told): string | null {
  if (kind === 'name') return hostname;
  return asn === null ? null : JSON.stringify([asn, asName]);
}

/** Another number than that of an archive is no answer to what its name is. */
function fits(before: Told, { asn }: Told): boolean {
  return before.asn === null || before.asName !== null || before.asn === asn;
}
