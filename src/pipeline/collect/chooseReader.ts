import { daySeconds } from '../../model/values/time.ts';
import type { StreamArchive } from '../../sources/types.ts';
import type { Store } from '../../store/store.ts';
import type { ArchiveSource } from '../archiveSource.ts';
import type { Session } from '../session.ts';

/** Age of a rejection after which an archive is asked again for its stream. */
const rejectionSeconds = daySeconds;

/**
 * Decides how to read an archive: the stream of its OpenSearch if it lets this host read that; null
 * for test by test. Records a new choice after `admit` has let it pass. Throws an `ExpectedError`
 * if only the stream may be read and cannot be; also if earlier runs read it and it does not
 * respond now, because elmond hides missing results; or if it rejects the login of the
 * configuration.
 */
export async function chooseReader(
  { stream, tests }: Pick<ArchiveSource, 'stream' | 'tests'>,
  store: Pick<Store, 'archiveReaders'>,
  admit: () => Promise<void>,
  { now, log }: Pick<Session, 'now' | 'log'>,
): Promise<StreamArchive | null> {
  if (stream === null) return null;
  const known = store.archiveReaders.find(stream.id);
  const isStream = known?.reader === 'stream';
  const isRefused = known?.reader === 'tests' && Math.abs(now - known.chosenAt) < rejectionSeconds;
  if (isRefused && tests !== null) return null;
  const access = await stream.probe(isStream);
  await admit();
  if (access.kind === 'readable') {
    if (!isStream) {
      store.archiveReaders.choose(stream.id, 'stream', now);
      log.info('reads the archive as one stream', { archive: stream.id, url: stream.url });
    }
    return stream;
  }
  const isStreamMeant =
    tests === null || access.kind === 'rejected' || (isStream && access.kind === 'failed');
  if (isStreamMeant) throw access.error;
  if (access.kind === 'refused') {
    store.archiveReaders.choose(stream.id, 'tests', now);
    const reason = access.error.message;
    log.info('reads the archive test by test', { archive: stream.id, reason });
  }
  return null;
}
