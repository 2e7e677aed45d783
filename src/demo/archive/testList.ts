import type { Interval } from '../../model/trace/trace.ts';
import { daySeconds } from '../../model/values/time.ts';
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
 * The tests that esmond lists, by key: those with the requested event type, whose last result (of
 * any event type, if none is requested) is in the window.
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

/**
 * The tests that elmond lists, newest run first: those with a successful or failed run in the
 * window.
 */
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

/** The metadata of one test; undefined if no result has arrived. */
export function metadataByKey(archive: DemoArchive, key: string): DemoMetadata | undefined {
  const query = new URLSearchParams({ 'metadata-key': key });
  const tests = archive.dialect === 'esmond' ? testsOfEsmond : testsOfElmond;
  return tests(archive, query, null)[0];
}

/** Skips the other tests if the query has a key. */
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

/** esmond's `time-updated`: the time of the last value of each event type; null without values. */
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

/**
 * elmond's `time-updated`, for all event types: when the newest run was scheduled, up to a day
 * before it started.
 */
function scheduledTimes(test: DemoTest, startedAt: number): Updates {
  const added = startedAt - (mixNumbers(test.index, startedAt) % daySeconds);
  const names = traceEventTypes.filter((name) => isListed(name, test));
  return Object.fromEntries(names.map((name) => [name, added]));
}

function isListed(name: string, test: DemoTest): boolean {
  return name !== 'packet-trace-multi' || test.tool === 'paris-traceroute';
}

function isWithin(time: number, window: Interval): boolean {
  return window.from <= time && time <= window.to;
}
