import type { Phase } from '../../lib/progress.ts';
import type { Problem } from '../../model/problem.ts';
import type { ArchiveRun } from '../../model/run.ts';
import type { Store } from '../../store/store.ts';
import { type ArchiveSource, connectionsOf } from '../archiveSource.ts';
import type { ClockGate } from '../clock/clockGate.ts';
import { mergeAlike, toContainedProblem } from '../problems.ts';
import type { Session } from '../session.ts';
import { type AdmittedRequest, type ArchiveReading, nothingRead } from './archiveReading.ts';
import { chooseReader } from './chooseReader.ts';
import { readStream } from './readStream.ts';
import type { CollectRequest } from './readTest.ts';
import { readTests } from './readTests.ts';

/** The record of reading one archive, and its problems. */
export interface ArchiveResult {
  readonly record: ArchiveRun;
  readonly problems: readonly Problem[];
  /** Reported once, as long as they last. */
  readonly warnings: readonly Problem[];
}

/**
 * Reads all archives at the same time and stores their new results, once the gate has let them
 * pass. A failed archive or test becomes a problem; the others go on. A clock in doubt, an error of
 * the store or an interruption aborts all reading and is thrown.
 */
export async function collectArchives(
  sources: readonly ArchiveSource[],
  store: Store,
  request: CollectRequest,
  session: Session,
  gate: Pick<ClockGate, 'pass'>,
): Promise<ArchiveResult[]> {
  const archiveProgress = session.progress.phase('archives', sources.length);
  const testProgress = session.progress.phase('tests', 0);
  const failure = new AbortController();
  const signal = AbortSignal.any([session.signal, failure.signal]);
  const abortAll = (error: unknown): never => {
    failure.abort(error);
    throw error;
  };
  const results = await Promise.all(
    sources.map(async (source) => {
      const startedAt = performance.now();
      const [{ id }] = connectionsOf(source);
      const admit = () => gate.pass(id).catch(abortAll);
      const { problems, warnings, url, ...reading } = await readArchive(
        source,
        store,
        { ...request, admit },
        { ...session, signal },
        testProgress,
      ).catch(abortAll);
      archiveProgress.advance();
      const record = {
        archive: id,
        url,
        ...reading,
        ...sumCounters(source),
        seconds: Math.round(performance.now() - startedAt) / 1000,
      };
      session.log.info('archive read', record);
      return { record, problems: mergeAlike(problems), warnings: mergeAlike(warnings) };
    }),
  );
  store.commitBatch();
  return results;
}

/** Reads an archive as one stream if that can be read, else test by test. */
async function readArchive(
  source: ArchiveSource,
  store: Store,
  request: AdmittedRequest,
  session: Session,
  progress: Phase,
): Promise<ArchiveReading & Pick<ArchiveRun, 'url'>> {
  const [first] = connectionsOf(source);
  try {
    const stream = await chooseReader(source, store, request.admit, session);
    if (stream !== null) {
      const reading = await readStream(stream, store, request, session);
      return { ...reading, url: stream.url };
    }
  } catch (error) {
    await request.admit();
    const problems = [toContainedProblem(error, first.id, session)];
    return { ...nothingRead, url: first.url, problems };
  }
  const { tests, concurrency } = source;
  if (tests === null) throw new Error('an archive without a reader');
  if (request.again) {
    const known = store.tests().filter(({ archive }) => archive === tests.id);
    store.markUnread(
      known.map(({ id }) => id),
      request.window,
    );
  }
  const reading = await readTests(
    { archive: tests, concurrency },
    store,
    request,
    session,
    progress,
  );
  return { ...reading, url: tests.url };
}

function sumCounters(source: ArchiveSource): Pick<ArchiveRun, 'requests' | 'bytes'> {
  const counters = connectionsOf(source).map((connection) => connection.counters);
  return {
    requests: counters.reduce((sum, { requests }) => sum + requests, 0),
    bytes: counters.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}
