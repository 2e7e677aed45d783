import type { Run } from '../schedule.ts';
import { type Answer, jsonAnswer, RequestRefused } from './answer.ts';
import type { DemoArchive } from './archive.ts';
import { archivePath } from './metadata.ts';
import { dataPage, timeWindow } from './question.ts';
import { hasValue, type Sample, sampleValue, traceEventTypes } from './values.ts';

/** Answers `KEY/EVENT/base/0`: samples ascending in time; an unknown key has none, an unknown event type is refused. */
export function answerData(
  archive: DemoArchive,
  key: string,
  eventType: string,
  query: URLSearchParams,
): Answer {
  const { dialect, simulation } = archive;
  if (!traceEventTypes.includes(eventType)) {
    throw new RequestRefused(400, `Unsupported event type '${eventType}' provided`);
  }
  const window = timeWindow(query, archive.now()) ?? { from: 0, to: archive.now() };
  const page = dataPage(query, dialect);
  const test = archive.testOf(key);
  if (test === undefined) return jsonAnswer(dialect, []);
  const runs = archive
    .arrived(test, window)
    .filter((run) => hasValue(eventType, test, run, dialect));
  const stored = dialect === 'elmond' ? runs.flatMap(asOftenAsArchived) : runs;
  const wanted = stored.slice(page.offset, page.offset + page.limit);
  const samples = wanted.map((run): Sample => {
    return { ts: run.startedAt, val: sampleValue(eventType, simulation, test, run, dialect) };
  });
  const end = page.offset + page.limit;
  if (dialect === 'elmond' || stored.length <= end) return jsonAnswer(dialect, samples);
  const more = new URLSearchParams(query);
  more.set('offset', String(end));
  const next = `${archive.origin}${archivePath}/${key}/${eventType}/base?${more}`;
  return jsonAnswer(dialect, samples, { link: `<${next}>; rel="next"` });
}

/** elmond keeps a result that came in twice as two; esmond has one value per second. */
function asOftenAsArchived(run: Run): Run[] {
  return run.isDuplicate ? [run, run] : [run];
}
