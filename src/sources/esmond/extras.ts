import { ExpectedError } from '../../lib/errors.ts';
import { isUnanswered } from '../../lib/http/httpError.ts';
import { isOverdue } from '../../model/overdue.ts';
import { upperMedian } from '../../model/statistics.ts';
import type { Interval, Route, Trace } from '../../model/trace.ts';
import type { ReadableTest, ResultBatch } from '../types.ts';
import type { ArchiveApi } from './archiveApi.ts';
import { parseFailures, parsePathMtus } from './parseResults.ts';
import { readSpan } from './readSpan.ts';
import type { ResultFaults } from './resultFaults.ts';
import { isElmondKey } from './testMetadata.ts';

/**
 * What an archive keeps beside the traces of an interval, asked for only where it can add something: the path MTU, which
 * goes into the traces, and the runs that failed. A fault here costs no trace; `complete` is false where the archive did
 * not answer, so that asking again may bring what is missing.
 */
export async function readExtras(
  api: ArchiveApi,
  test: ReadableTest,
  interval: Interval,
  traces: readonly Trace[],
  faults: ResultFaults,
): Promise<Pick<ResultBatch, 'traces' | 'failures' | 'complete'>> {
  let complete = true;
  const read = async (eventType: string): Promise<readonly unknown[]> => {
    try {
      const { pieces, unreadable } = await readSpan(
        api,
        test.key,
        eventType,
        interval,
        (all) => all,
      );
      if (unreadable[0] !== undefined) faults.recordMissing(eventType, unreadable[0].error);
      return pieces.flatMap(({ content }) => content);
    } catch (error) {
      if (!(error instanceof ExpectedError)) throw error;
      faults.recordMissing(eventType, error);
      if (isUnanswered(error)) complete = false;
      return [];
    }
  };
  const mtus = wantsPathMtu(test, traces) ? parsePathMtus(await read('path-mtu')) : null;
  const failures = wantsFailures(test, interval, traces) ? await read('failures') : [];
  return {
    traces: mtus === null ? traces : withPathMtu(traces, mtus),
    failures: parseFailures(failures, interval, faults),
    complete,
  };
}

/** elmond makes the path MTU of the hops' MTUs, which the traces already hold. */
function wantsPathMtu({ key, eventTypes }: ReadableTest, traces: readonly Trace[]): boolean {
  const isListed = eventTypes.includes('path-mtu') && !isElmondKey(key);
  return isListed && traces.length > 0 && traces.every(({ route }) => route.pathMtu === null);
}

/** esmond tells when the last failure came in; elmond does not, so there a gap in the results is the reason to ask. */
function wantsFailures(test: ReadableTest, interval: Interval, traces: readonly Trace[]): boolean {
  if (!test.eventTypes.includes('failures')) return false;
  return !isElmondKey(test.key) || isIncomplete(traces, interval, test.intervalSeconds ?? null);
}

/** Whether a gap in the traces, or at the edges of the interval, means that a run is missing. */
function isIncomplete(
  traces: readonly Trace[],
  { from, to }: Interval,
  intervalSeconds: number | null,
): boolean {
  if (traces.length === 0) return true;
  const times = traces.map(({ startedAt }) => startedAt);
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? time));
  const expectedGap = intervalSeconds ?? (gaps.length < 2 ? null : upperMedian(gaps));
  if (expectedGap === null) return false;
  const edges = [(times[0] ?? from) - from, to - (times.at(-1) ?? to)];
  return [...gaps, ...edges].some((gap) => isOverdue(gap, expectedGap));
}

/** Equal routes with equal MTUs stay one object. */
function withPathMtu(traces: readonly Trace[], mtus: ReadonlyMap<number, number>): Trace[] {
  const routesByMtu = new Map<number, Map<Route, Route>>();
  return traces.map((trace) => {
    const pathMtu = mtus.get(trace.startedAt);
    if (pathMtu === undefined) return trace;
    const known = routesByMtu.get(pathMtu) ?? new Map<Route, Route>();
    const route = known.get(trace.route) ?? { ...trace.route, pathMtu };
    routesByMtu.set(pathMtu, known.set(trace.route, route));
    return { ...trace, route };
  });
}
