import { hostname, networkInterfaces } from 'node:os';
import { localArchive } from '../../sources/mtr/localTest.ts';
import type { ArchiveConnection } from '../../sources/types.ts';
import type { Store } from '../../store/store.ts';
import type { Session } from '../session.ts';
import { ClockDoubtError } from './clockDoubtError.ts';
import {
  type ClockEvidence,
  type ClockRecord,
  judgeClock,
  maxSkewSeconds,
  maxUnknownAheadSeconds,
  type PeerClock,
  recordTrusted,
} from './judgeClock.ts';
import { putRight } from './putRight.ts';
import { readClock } from './readClock.ts';

/**
 * The owner of the present time: every command that stores, deletes or sends something asks here
 * first whether the clock of this host can be trusted. Throws a `ClockDoubtError` if not, and
 * otherwise records the reading and corrects what a clock that was ahead has left in the store.
 * Returns the trusted reading before this one, epoch seconds; null for none. `now`: epoch seconds.
 */
export function trustClock(
  store: Store,
  now: number,
  peers: readonly PeerClock[] = [],
): number | null {
  const { reading, record } = judge(store, now, peers);
  const before = record.trusted?.at ?? null;
  store.transaction(() => {
    if (isReturn(record, now)) putRight(store, now, lastPossibleResult(record, now));
    else store.clampFutureTimestamps(now);
    store.clockRecord.save(recordTrusted(reading, record));
  });
  return before;
}

/**
 * Asks whether the clock can be trusted, for a command that may work beside a run: corrects
 * nothing. Throws a `ClockDoubtError` if not. `now`: epoch seconds.
 */
export function requireTrustedClock(store: Store, now: number): void {
  const { reading, record } = judge(store, now, []);
  // The next run has to correct what a clock that was ahead has left.
  if (!isReturn(record, now)) store.clockRecord.save(recordTrusted(reading, record));
}

function judge(store: Store, now: number, peers: readonly PeerClock[]): ClockEvidence {
  const record = loadRecord(store);
  const newestResultAt = () => newestResult(store);
  const evidence: ClockEvidence = { reading: readClock(now), record, peers, newestResultAt };
  const doubt = judgeClock(evidence);
  if (doubt === null) return evidence;
  store.clockRecord.save({ ...record, doubt });
  throw new ClockDoubtError(doubt, evidence);
}

/** The latest start of a trace that can be right. */
function lastPossibleResult({ trusted }: ClockRecord, now: number): number {
  return trusted === null ? now + maxUnknownAheadSeconds : now;
}

/** Whether the store may hold times after `now`: an earlier clock was ahead, or is unknown. */
function isReturn({ trusted, hasImports }: ClockRecord, now: number): boolean {
  return hasImports || trusted === null || trusted.at > now + maxSkewSeconds;
}

const noRecord: ClockRecord = { trusted: null, doubt: null, hasImports: false };

function loadRecord({ clockRecord }: Pick<Store, 'clockRecord'>): ClockRecord {
  return (clockRecord.load() as ClockRecord | null) ?? noRecord;
}

/** Notes that records of another store came in; the next run corrects times after the present. */
export function markImported(store: Store): void {
  store.clockRecord.save({ ...loadRecord(store), hasImports: true });
}

function newestResult(store: Pick<Store, 'tests'>): number | null {
  const starts = store
    .tests()
    .flatMap(({ archive, newestTraceAt }) =>
      archive === localArchive || newestTraceAt === null ? [] : [newestTraceAt],
    );
  return starts.length === 0 ? null : starts.reduce((a, b) => Math.max(a, b));
}

/** The clock of an archive by the first of its connections that has an answer; null for none. */
export function peerClock(
  connections: readonly Pick<ArchiveConnection, 'id' | 'url' | 'clock'>[],
): PeerClock | null {
  for (const { id, url, clock } of connections) {
    const { offsetSeconds } = clock;
    if (offsetSeconds !== null) return { id, offsetSeconds, isThisHost: isThisHost(url) };
  }
  return null;
}

function isThisHost(url: string): boolean {
  const host = (URL.parse(url)?.hostname ?? '').replace(/^\[|\]$/g, '');
  const own = hostname().toLowerCase();
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return (
    /^(localhost|127\..*|::1)$/.test(host) ||
    host === own ||
    host.startsWith(`${own}.`) ||
    addresses.some(({ address }) => address === host)
  );
}

/** Whether an error is a doubt about the clock; says so in the log once, not in every run. */
export function reportDoubt(
  error: unknown,
  { log }: Pick<Session, 'log'>,
): error is ClockDoubtError {
  if (!(error instanceof ClockDoubtError)) return false;
  if (error.isNew) log.warn(`${error.message} ${error.remedy}`);
  else log.info('the clock of this host is still in doubt');
  return true;
}
