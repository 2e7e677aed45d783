import type { Failure, Trace } from '../model/trace/trace.ts';

/**
 * Merges the traces of the keys of a test into one series, ascending. A run under more than one key
 * counts once, as the first key has it.
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
