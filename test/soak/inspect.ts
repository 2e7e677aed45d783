import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openStore } from '../../src/store/open.ts';
import { brokenLinks, contentOf } from '../integration/faults/outcome.ts';
import type { Household } from './household.ts';

/** A change, as far as two households have to agree about it. */
interface ComparableChange {
  /** Test, class and whether it lasts. */
  readonly what: string;
  /** Epoch seconds. */
  readonly detectedAt: number;
}

/** Everything of a household that has to equal that of the undisturbed household. */
export interface Comparable {
  readonly traces: readonly string[];
  readonly history: readonly string[];
  readonly changes: readonly ComparableChange[];
  /** The changes in incidents that mails have mentioned. */
  readonly notified: readonly ComparableChange[];
}

/** Results that come later than a replay reaches back are not detected: a change is seen later. */
const maxDelaySeconds = 14 * 3600;
/** The classes that results show; the others show that results are missing. */
const classes = ['inter_as', 'intra_as', 'same_site', 'unreachable', 'rtt_shift', 'mtu_drop'];

/** Reads the state of a household after all runs. Throws for a damaged database. */
export function readComparable({ state }: Household): Comparable {
  const records = contentOf(state).map((line) => ({ line, ...JSON.parse(line) }));
  const lines = (...kinds: readonly string[]) =>
    records.flatMap(({ record, line }) => (kinds.includes(record) ? [line] : []));
  const store = openStore(state, 0, 'read');
  try {
    const merged = store.incidents.mergedIds();
    const resolve = (id: string): string => (merged[id] === undefined ? id : resolve(merged[id]));
    const mentioned = new Set(
      store.outbox
        .all()
        .flatMap(({ state: delivery, notices }) =>
          delivery === 'sent' ? notices.map(({ incidentId }) => resolve(incidentId)) : [],
        ),
    );
    const changes = store.changes
      .since(0)
      .filter(({ change }) => classes.includes(change.class))
      .map(({ change, closedAt, incidentId }) => ({
        what: `${change.testId} ${change.class} ${closedAt === null ? 'open' : 'closed'}`,
        detectedAt: change.detectedAt,
        isNotified: incidentId !== null && mentioned.has(resolve(incidentId)),
      }));
    return {
      traces: lines('trace', 'failure'),
      history: lines('routePeriod'),
      changes,
      notified: changes.filter(({ isNotified }) => isNotified),
    };
  } finally {
    store.close();
  }
}

/** The differences of each part, as sentences. */
export function differences(calm: Comparable, disturbed: Comparable): string[] {
  return [
    ...(['traces', 'history'] as const).flatMap((part) => {
      const [left, right] = [new Set(calm[part]), new Set(disturbed[part])];
      const lost = calm[part].filter((each) => !right.has(each));
      const extra = disturbed[part].filter((each) => !left.has(each));
      return describe(part, lost, extra);
    }),
    ...(['changes', 'notified'] as const).flatMap((part) => {
      const [lost, extra] = [
        unmatched(calm[part], disturbed[part]),
        unmatched(disturbed[part], calm[part]),
      ];
      return describe(part, lost, extra);
    }),
  ];
}

/** The changes that another list does not have at about the same time. */
function unmatched(
  changes: readonly ComparableChange[],
  others: readonly ComparableChange[],
): string[] {
  const remaining = [...others];
  return changes.flatMap(({ what, detectedAt }) => {
    const index = remaining.findIndex(
      (other) => other.what === what && Math.abs(other.detectedAt - detectedAt) <= maxDelaySeconds,
    );
    if (index < 0) return [`${what} ${detectedAt}`];
    remaining.splice(index, 1);
    return [];
  });
}

function describe(part: string, lost: readonly string[], extra: readonly string[]): string[] {
  if (lost.length + extra.length === 0) return [];
  const sample = [...lost.map((each) => `lost ${each}`), ...extra.map((each) => `extra ${each}`)];
  const text = sample.slice(0, 4).map((each) => each.slice(0, 160));
  return [`${part}: ${lost.length} lost, ${extra.length} extra: ${text.join('; ')}`];
}

/** Faults of a site that any reader may meet. */
export function siteFaults({ out }: Household): string[] {
  const broken = brokenLinks(out);
  return broken.length === 0 ? [] : [`${broken.length} broken links: ${broken[0]}`];
}

/** Messages that wait although nothing disturbs them, and those that were given up. */
export function unsentMessages({ state }: Household): string[] {
  const store = openStore(state, 0, 'read');
  try {
    return store.outbox
      .all()
      .filter((message) => message.state !== 'sent')
      .map(({ key, state: delivery, note }) => `message ${key} is ${delivery}: ${note}`);
  } finally {
    store.close();
  }
}

/** Bytes of a folder and the number of its files. */
export function sizeOf(folder: string): { readonly bytes: number; readonly files: number } {
  let [bytes, files] = [0, 0];
  const inodes = new Set<number>();
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const stats = statSync(join(folder, name), { throwIfNoEntry: false });
    if (stats?.isFile() !== true || inodes.has(stats.ino)) continue;
    inodes.add(stats.ino);
    bytes += stats.size;
    files += 1;
  }
  return { bytes, files };
}

/** Tables that have bounds of their own, which a soak of some months does not reach. */
const logTables = ['change', 'incident', 'merged_incident', 'outbox', 'run'];

/** Bytes of a state folder but for the tables of what has happened. */
export function stateSize(folder: string): number {
  const database = new DatabaseSync(join(folder, 'pstrace.db'), { readOnly: true });
  try {
    const { size } = database
      .prepare(
        `SELECT coalesce(sum(pgsize), 0) AS size FROM dbstat
         JOIN sqlite_schema ON sqlite_schema.name = dbstat.name
         WHERE tbl_name IN (SELECT value FROM json_each(?))`,
      )
      .get(JSON.stringify(logTables)) as { size: number };
    return sizeOf(folder).bytes - size;
  } finally {
    database.close();
  }
}
