import type { Interval } from '../../model/trace.ts';
import type { DemoTest } from '../demoMesh.ts';
import { mixNumbers } from '../random.ts';
import type { DemoArchive } from './demoArchive.ts';
import { RequestRefusedError } from './response.ts';
import { hasValue, traceEventTypes } from './sampleValues.ts';
import {
  archivePath,
  buildMetadata,
  type DemoMetadata,
  metadataKey,
  type Updates,
} from './testMetadata.ts';

const everything: Interval = { from: 0, to: Number.MAX_SAFE_INTEGER };

/**
 * The tests that esmond lists: those having the event type asked for, with its last result (of any event type, where
 * none is asked for) in the window; by key.
 */
export function testsOfEsmond(
  archive: DemoArchive,
  query: URLSearchParams,
  window: Interval | null,
): DemoMetadata[] {
  const wanted = query.get('event-type');
  const summary = query.get('summary-type');
  if (summary !== null && summary !== 'base') return [];
  const listed = candidates(archive, query).flatMap((test) => {
    const updates = lastArrivals(archive, test);
    const rows = Object.entries(updates).filter(([name]) => wanted === null || name === wanted);
    const isRecent = rows.some(([, updated]) => {
      return updated !== null && (window === null || isWithin(updated, window));
    });
    if (!isRecent) return [];
    const key = metadataKey(test, 'esmond');
    return [
      listEntry(archive, test, updates, `http://localhost${archivePath}/${key}/?format=json`),
    ];
  });
  return listed.sort((a, b) => (String(a['metadata-key']) < String(b['metadata-key']) ? -1 : 1));
}

/** The tests that elmond lists: those with a run, good or failed, that started in the window; newest run first. */
export function testsOfElmond(
  archive: DemoArchive,
  query: URLSearchParams,
  window: Interval | null,
): DemoMetadata[] {
  const wanted = query.get('event-type') ?? 'packet-trace';
  if (query.has('summary-type') || !['packet-trace', 'path-mtu'].includes(wanted)) {
    throw new RequestRefusedError(500, 'The server encountered an internal error');
  }
  const listed = candidates(archive, query).flatMap((test) => {
    const newest = archive.arrived(test, window ?? everything).at(-1);
    if (newest === undefined) return [];
    const key = metadataKey(test, 'elmond');
    const selfUrl = `${archive.origin}${archivePath}${archivePath}/${key}?${query}`;
    const updates = scheduledTimes(test, newest.startedAt);
    return [{ newestAt: newest.startedAt, metadata: listEntry(archive, test, updates, selfUrl) }];
  });
  return listed.sort((a, b) => b.newestAt - a.newestAt).map(({ metadata }) => metadata);
}

/** One test as its own address shows it; undefined while nothing of it has arrived. */
export function metadataByKey(archive: DemoArchive, key: string): DemoMetadata | undefined {
  const query = new URLSearchParams({ 'metadata-key': key });
  const tests = archive.dialect === 'esmond' ? testsOfEsmond : testsOfElmond;
  return tests(archive, query, null)[0];
}

/** Spares the others when one key is asked for. */
function candidates(archive: DemoArchive, query: URLSearchParams): readonly DemoTest[] {
  const key = query.get('metadata-key');
  if (key === null) return archive.simulation.tests;
  const test = archive.testOf(key);
  return test === undefined ? [] : [test];
}

function listEntry(
  archive: DemoArchive,
  test: DemoTest,
  updates: Updates,
  selfUrl: string,
): DemoMetadata {
  const { dialect, simulation } = archive;
  return buildMetadata(test, dialect, updates, simulation.addressOf, selfUrl);
}

/** esmond's `time-updated`: when the last value of each event type came in; null for those listed in vain. */
function lastArrivals(archive: DemoArchive, test: DemoTest): Updates {
  const runs = archive.arrived(test, everything);
  const names = traceEventTypes.filter((name) => isListed(name, test));
  return Object.fromEntries(
    names.map((name) => {
      const arrivals = runs
        .filter((run) => hasValue(name, test, run, 'esmond'))
        .map((run) => run.arrivedAt);
      return [name, arrivals.length === 0 ? null : Math.max(...arrivals)];
    }),
  );
}

/** elmond's: when the newest run was put on the schedule, up to a day before it started, for all event types alike. */
function scheduledTimes(test: DemoTest, startedAt: number): Updates {
  const added = startedAt - (mixNumbers(test.index, startedAt) % 86_400);
  const names = traceEventTypes.filter((name) => isListed(name, test));
  return Object.fromEntries(names.map((name) => [name, added]));
}

function isListed(name: string, test: DemoTest): boolean {
  return name !== 'packet-trace-multi' || test.tool === 'paris-traceroute';
}

function isWithin(time: number, window: Interval): boolean {
  return window.from <= time && time <= window.to;
}
