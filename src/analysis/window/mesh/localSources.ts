import type { LocalSource } from '../../../model/run/localSource.ts';
import type { Endpoint, Test } from '../../../model/test/test.ts';
import type { Failure } from '../../../model/trace/trace.ts';
import { compareTests, compareText } from '../../ordering.ts';

/**
 * A test without an archive and its results: the traces and failures of the window, and the start
 * of the newest trace ever (epoch seconds).
 */
export interface LocalTestResults {
  readonly test: Test;
  readonly traces: number;
  /** Oldest first. */
  readonly failures: readonly Failure[];
  readonly newestTraceAt: number | null;
}

/**
 * Results that came in without an archive, by source and tool. Tests that never had a result are
 * left out.
 */
export function groupLocalSources(results: readonly LocalTestResults[]): LocalSource[] {
  const known = results.filter((each) => newestOf(each) !== null);
  const groups = Map.groupBy(known, ({ test }) => JSON.stringify([nameOf(test.source), test.tool]));
  return [...groups.values()]
    .map(sourceOf)
    .sort((a, b) => compareText(a.source, b.source) || compareText(a.tool, b.tool));
}

function sourceOf(results: readonly LocalTestResults[]): LocalSource {
  const [first] = results as [LocalTestResults];
  return {
    source: nameOf(first.test.source),
    tool: first.test.tool,
    tests: results.filter(({ traces, failures }) => traces + failures.length > 0).length,
    traces: results.reduce((sum, { traces }) => sum + traces, 0),
    failures: results.reduce((sum, { failures }) => sum + failures.length, 0),
    newestAt: Math.max(...results.map((each) => newestOf(each) ?? 0)),
    failing: results.toSorted((a, b) => compareTests(a.test, b.test)).flatMap(failingOf),
  };
}

function failingOf({ test, failures, newestTraceAt }: LocalTestResults): LocalSource['failing'] {
  const last = failures.at(-1);
  if (last === undefined || last.at <= (newestTraceAt ?? 0)) return [];
  return [
    { testId: test.id, destination: nameOf(test.destination), at: last.at, error: last.error },
  ];
}

function newestOf({ failures, newestTraceAt }: LocalTestResults): number | null {
  const failedAt = failures.at(-1)?.at ?? null;
  return newestTraceAt === null ? failedAt : Math.max(newestTraceAt, failedAt ?? 0);
}

function nameOf({ displayName, name }: Endpoint): string {
  return displayName ?? name;
}
