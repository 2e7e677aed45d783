import type { DemoRun } from '../schedule.ts';
import type { DemoArchive } from './demoArchive.ts';
import { dataPage, timeWindow } from './queryParameters.ts';
import { type DemoResponse, jsonResponse, RequestRefusedError } from './response.ts';
import { type ArchiveSample, hasValue, sampleValue, traceEventTypes } from './sampleValues.ts';
import { archivePath } from './testMetadata.ts';

/**
 * Responds to `KEY/EVENT/base/0`: samples ascending in time, none for an unknown key. Rejects an
 * unknown event type.
 */
export function respondData(
  archive: DemoArchive,
  key: string,
  eventType: string,
  query: URLSearchParams,
): DemoResponse {
  const { dialect, simulation } = archive;
  if (!traceEventTypes.includes(eventType)) {
    throw new RequestRefusedError(400, `Unsupported event type '${eventType}' provided`);
  }
  const window = timeWindow(query, archive.now()) ?? { from: 0, to: archive.now() };
  const page = dataPage(query, dialect);
  const test = archive.testOf(key);
  if (test === undefined) return jsonResponse(dialect, []);
  const runs = archive
    .arrived(test, window)
    .filter((run) => hasValue(eventType, test, run, dialect));
  const stored = dialect === 'elmond' ? runs.flatMap(withArchivedDuplicates) : runs;
  const wanted = stored.slice(page.offset, page.offset + page.limit);
  const samples = wanted.map((run): ArchiveSample => {
    return { ts: run.startedAt, val: sampleValue(eventType, simulation, test, run, dialect) };
  });
  const end = page.offset + page.limit;
  if (dialect === 'elmond' || stored.length <= end) return jsonResponse(dialect, samples);
  const more = new URLSearchParams(query);
  more.set('offset', String(end));
  const next = `${archive.origin}${archivePath}/${key}/${eventType}/base?${more}`;
  return jsonResponse(dialect, samples, { link: `<${next}>; rel="next"` });
}

/** elmond stores a duplicate result twice; esmond has one value per second. */
function withArchivedDuplicates(run: DemoRun): DemoRun[] {
  return run.isDuplicate ? [run, run] : [run];
}
