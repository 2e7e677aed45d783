import type { Problem } from '../../model/run/problem.ts';
import type { ArchiveRun } from '../../model/run/run.ts';
import type { Store } from '../../store/store.ts';
import { type ArchiveSource, connectionsOf } from '../archiveSource.ts';
import type { ClockGate } from '../clock/clockGate.ts';
import { mergeAlike } from '../problems.ts';
import type { Session } from '../session.ts';
import { readArchive } from './readArchive.ts';
import type { CollectRequest } from './readTest.ts';

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

function sumCounters(source: ArchiveSource): Pick<ArchiveRun, 'requests' | 'bytes'> {
  const counters = connectionsOf(source).map((connection) => connection.counters);
  return {
    requests: counters.reduce((sum, { requests }) => sum + requests, 0),
    bytes: counters.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}
