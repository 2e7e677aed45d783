import pLimit from 'p-limit';
import type { Phase } from '../lib/progress.ts';
import type { Problem } from '../model/problem.ts';
import type { ArchiveRun } from '../model/run.ts';
import type { Interval } from '../model/trace.ts';
import type { Archive } from '../sources/esmond/archive.ts';
import type { TestDescription, TestList } from '../sources/esmond/contract.ts';
import type { Store } from '../store/store.ts';
import type { StoredTest } from '../store/tests.ts';
import { listingWindow } from './listing.ts';
import { containedProblem, countAlike } from './problems.ts';
import { allRuns } from './publish.ts';
import { longestGapFirst, readTest, type TestReading, type Wanted } from './readTest.ts';
import type { Session } from './session.ts';

/** An archive, and how many of its tests are read at a time. */
export interface AskedArchive {
  readonly archive: Archive;
  readonly concurrency: number;
}

/** What became of one archive, and all that went wrong with it. */
export interface Collected {
  readonly record: ArchiveRun;
  readonly problems: readonly Problem[];
}

/**
 * Brings the store up to date with all archives at once. What fails becomes a problem and the rest goes on; errors of
 * the store are thrown, as is the session's interruption, and what is still being read is given up.
 */
export async function collect(
  asked: readonly AskedArchive[],
  store: Store,
  wanted: Wanted,
  session: Session,
): Promise<Collected[]> {
  const done = session.progress.phase('archives', asked.length);
  const tests = session.progress.phase('tests', 0);
  const failed = new AbortController();
  const signal = AbortSignal.any([session.signal, failed.signal]);
  const giveUp = (error: unknown): never => {
    failed.abort(error);
    throw error;
  };
  const collected = await Promise.all(
    asked.map(async (one) => {
      const startedAt = performance.now();
      const { problems, ...reading } = await readArchive(
        one,
        store,
        wanted,
        { ...session, signal },
        tests,
      ).catch(giveUp);
      done.step();
      const record = {
        archive: one.archive.id,
        url: one.archive.url,
        ...reading,
        ...one.archive.counters,
        seconds: Math.round(performance.now() - startedAt) / 1000,
      };
      session.log.info('archive read', record);
      return { record, problems: countAlike(problems) };
    }),
  );
  store.settleGathered();
  return collected;
}

type ArchiveReading = Pick<ArchiveRun, 'ok' | 'testsListed' | 'tracesRead' | 'tracesNew'> & {
  readonly problems: readonly Problem[];
};

async function readArchive(
  { archive, concurrency }: AskedArchive,
  store: Store,
  wanted: Wanted,
  session: Session,
  display: Phase,
): Promise<ArchiveReading> {
  try {
    const list = await listNew(archive, store, wanted, session);
    const unlisted = unlistedTests(archive, store, list.tests, wanted.window);
    const tests = longestGapFirst([...list.tests, ...unlisted], store, wanted);
    display.grow(tests.length);
    const limit = pLimit(concurrency);
    const readings = await limit.map(tests, async (test) => {
      session.signal.throwIfAborted();
      const reading = await readTest(test, { archive, store }, session);
      display.step();
      return reading;
    });
    const problems = [...list.problems, ...readings.flatMap((reading) => reading.problems)];
    if (list.whole) store.setListedUntil(archive.id, wanted.window.to);
    const ok = readings.length === 0 || readings.some((reading) => reading.complete);
    return { ok, testsListed: list.tests.length, ...total(readings), problems };
  } catch (error) {
    const problems = [containedProblem(error, archive.id, session)];
    return { ok: false, testsListed: 0, tracesRead: 0, tracesNew: 0, problems };
  }
}

/** The archive's list as far as it can have news, taken into the store. */
async function listNew(
  archive: Archive,
  store: Store,
  { window, overlapSeconds }: Wanted,
  session: Session,
): Promise<TestList> {
  const listing = listingWindow(window, {
    archive: archive.id,
    listedUntil: store.listedUntil(archive.id),
    runs: store.runs(allRuns),
    overlapSeconds,
  });
  const list = await archive.listTests(listing);
  session.signal.throwIfAborted();
  store.upsertTests(list.tests, session.now);
  // Nothing new since the last run is no problem; nothing in the whole window is.
  const isPart = listing.from > window.from;
  const problems = list.problems.filter(({ kind }) => !(isPart && kind === 'not-found'));
  return { ...list, problems };
}

/** Test intervals without a result after which the archive is asked whether the runs failed. */
const overdueIntervals = 2.5;

/** Tests that the list does not name and that have to be asked for all the same. */
function unlistedTests(
  { id }: Archive,
  store: Store,
  listed: readonly TestDescription[],
  window: Interval,
): StoredTest[] {
  const named = new Set(listed.map((test) => test.id));
  return store
    .tests()
    .filter((test) => test.archive === id && !named.has(test.id))
    .filter((test) => isSilent(test, window) || isUnread(test, store, window));
}

/**
 * A result of the window is due. esmond drops a test that only fails from the list, but goes on storing its failures.
 */
function isSilent({ newestTraceAt, intervalSeconds }: StoredTest, window: Interval): boolean {
  if (newestTraceAt === null) return false;
  const due = newestTraceAt + overdueIntervals * (intervalSeconds ?? Number.POSITIVE_INFINITY);
  return newestTraceAt >= window.from && due < window.to;
}

/** Results of a time at which the list named the test could not be read; the list names only what is newer. */
function isUnread({ id, lastListedAt }: StoredTest, store: Store, window: Interval): boolean {
  const known = { from: window.from, to: Math.min(window.to, lastListedAt) };
  return known.from <= known.to && store.missing(id, known, 0).length > 0;
}

function total(readings: readonly TestReading[]): Pick<ArchiveRun, 'tracesRead' | 'tracesNew'> {
  return {
    tracesRead: readings.reduce((sum, reading) => sum + reading.tracesRead, 0),
    tracesNew: readings.reduce((sum, reading) => sum + reading.tracesNew, 0),
  };
}
