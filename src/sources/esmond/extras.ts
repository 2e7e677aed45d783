import { ExpectedError } from '../../lib/errors.ts';
import { isUnanswered } from '../../lib/http/httpError.ts';
import type { JsonDocument } from '../../lib/http/types.ts';
import { isOverdue } from '../../model/test/overdue.ts';
import type { Interval, Route, Trace } from '../../model/trace/trace.ts';
import { upperMedian } from '../../model/values/statistics.ts';
import type { ReadableTest, ResultBatch } from '../types.ts';
import { answerList } from './answerList.ts';
import type { ArchiveApi } from './archiveApi.ts';
import { parseFailures, parsePathMtus } from './parseResults.ts';
import { readSpan } from './readSpan.ts';
import { createResultFaults, type ResultFaults } from './resultFaults.ts';
import { isElmondKey } from './testMetadata.ts';

/**
 * Reads the path MTU, which becomes part of the traces, and the failed runs of an interval, if they
 * can add anything. A fault here costs no trace. `complete` is false if the archive did not
 * respond, so that another request may bring the rest.
 */
export async function readExtras(
  api: ArchiveApi,
  test: ReadableTest,
  interval: Interval,
  traces: readonly Trace[],
  faults: ResultFaults,
): Promise<Pick<ResultBatch, 'traces' | 'failures' | 'complete'>> {
  let complete = true;
  const read = async <T>(
    eventType: string,
    parse: (results: readonly unknown[]) => T,
  ): Promise<T[]> => {
    const parseList = (document: JsonDocument) => {
      const results = answerList(document, api.id);
      return { content: parse(results), results: results.length };
    };
    try {
      const { pieces, unreadable } = await readSpan(api, test.key, eventType, interval, parseList);
      if (unreadable[0] !== undefined) faults.recordMissing(eventType, unreadable[0].error);
      return pieces.map(({ content }) => content);
    } catch (error) {
      if (!(error instanceof ExpectedError)) throw error;
      faults.recordMissing(eventType, error);
      if (isUnanswered(error)) complete = false;
      return [];
    }
  };
  const mtus = wantsPathMtu(test, traces) ? await read('path-mtu', parsePathMtus) : [];
  const failures = wantsFailures(test, interval, traces)
    ? await read('failures', (results) => {
        const own = createResultFaults();
        return { found: parseFailures(results, interval, own), faults: own };
      })
    : [];
  for (const part of failures) faults.merge(part.faults);
  return {
    traces: mtus.reduce<readonly Trace[]>(withPathMtu, traces),
    failures: failures.flatMap(({ found }) => found).sort((a, b) => a.at - b.at),
    complete,
  };
}

/** elmond derives the path MTU from the MTUs of the hops, which the traces already have. */
function wantsPathMtu({ key, eventTypes }: ReadableTest, traces: readonly Trace[]): boolean {
  const isListed = eventTypes.includes('path-mtu') && !isElmondKey(key);
  return isListed && traces.length > 0 && traces.every(({ route }) => route.pathMtu === null);
}

/**
 * esmond reports the time of the last failure. elmond does not, so only a gap in the results
 * justifies a request.
 */
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

/** Adds the MTUs to the traces. Equal routes with equal MTUs remain one object. */
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
