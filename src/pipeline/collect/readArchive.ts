import type { Phase } from '../../lib/progress.ts';
import type { Problem } from '../../model/run/problem.ts';
import type { ArchiveRun } from '../../model/run/run.ts';
import type { Store } from '../../store/store.ts';
import { type ArchiveSource, connectionsOf } from '../archiveSource.ts';
import { toContainedProblem } from '../problems.ts';
import type { Session } from '../session.ts';
import { type AdmittedRequest, type ArchiveReading, nothingRead } from './archiveReading.ts';
import { chooseReader } from './chooseReader.ts';
import { readMetrics } from './readMetrics.ts';
import { readStream } from './readStream.ts';
import { readTests } from './readTests.ts';

/** Reads an archive as one stream if that can be read, else test by test. */
export async function readArchive(
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
      const failed = await readMetrics(stream, source.metrics ?? [], store, request, session);
      return { ...reading, problems: [...reading.problems, ...failed], url: stream.url };
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
  const warnings = [...reading.warnings, ...unreadMetrics(source, tests.id)];
  return { ...reading, warnings, url: tests.url };
}

function unreadMetrics({ metrics = [] }: ArchiveSource, subject: string): Problem[] {
  if (metrics.length === 0) return [];
  return [
    {
      kind: 'misconfigured',
      subject,
      message: 'The metrics of this archive are not read: pstrace may not read its OpenSearch.',
      remedy:
        'Allow this host to read /opensearch of the archive, or omit metrics of its [[archive]].',
    },
  ];
}
