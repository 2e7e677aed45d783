import { endpointId, type Test } from '../model/test.ts';
import type { Failure, Trace } from '../model/trace.ts';

/**
 * Groups tests that are the same test in several archives (a host's own and a central one): equal
 * ends, family, tool and parameters, once in each archive. Where an archive has several such tests,
 * the match is ambiguous, and all stay separate. The order of groups and of tests within them is
 * that of the tests.
 */
export function duplicateTests<Each extends Test>(tests: readonly Each[]): Each[][] {
  const groups = Map.groupBy(tests, measurementKey);
  return [...groups.values()].flatMap((group) => {
    const archives = new Set(group.map(({ archive }) => archive));
    return archives.size === group.length ? [group] : group.map((test) => [test]);
  });
}

function measurementKey({ source, destination, family, tool, parameters }: Test): string {
  const ends = [endpointId(source), endpointId(destination)];
  return JSON.stringify([...ends, family, tool, Object.entries(parameters).sort()]);
}

/**
 * Merges the traces of several archives into one series, ascending. A run in more than one archive
 * counts once, as the first archive has it.
 */
export function mergeTraces(series: readonly (readonly Trace[])[]): readonly Trace[] {
  return mergeByTime(series, ({ startedAt }) => startedAt);
}

/** As `mergeTraces`, for failures. */
export function mergeFailures(series: readonly (readonly Failure[])[]): readonly Failure[] {
  return mergeByTime(series, ({ at }) => at);
}

function mergeByTime<Each>(
  series: readonly (readonly Each[])[],
  at: (each: Each) => number,
): readonly Each[] {
  const nonEmpty = series.filter((one) => one.length > 0);
  const [only] = nonEmpty;
  if (only === undefined || nonEmpty.length === 1) return only ?? [];
  const byTime = new Map<number, Each>();
  for (const each of nonEmpty.toReversed().flat()) byTime.set(at(each), each);
  return [...byTime.values()].sort((a, b) => at(a) - at(b));
}
