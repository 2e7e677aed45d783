import { createTestNamer } from '../../analysis/window/mesh/displayNames.ts';
import { groupLocalSources } from '../../analysis/window/mesh/localSources.ts';
import type { LocalSource } from '../../model/run/localSource.ts';
import type { TestSummary } from '../../model/site/analysis.ts';
import type { MeshPlan } from '../../model/test/meshPlan.ts';
import type { Interval } from '../../model/trace/trace.ts';
import { localArchive } from '../../sources/mtr/localTest.ts';
import type { PublicStore } from '../publicStore.ts';

/**
 * The results in the window that came without an archive, measured here or imported, by their
 * source. `summaries` are those of the tests with a result in the window.
 */
export function localResults(
  store: PublicStore,
  summaries: readonly TestSummary[],
  window: Interval,
  plan: MeshPlan | null,
): LocalSource[] {
  const tests = store.tests().filter(({ archive }) => archive === localArchive);
  const counts = new Map(summaries.map(({ test, traces }) => [test.id, traces]));
  return groupLocalSources(
    tests.map(createTestNamer(plan)).map((test) => ({
      test,
      traces: counts.get(test.id) ?? store.traces(test.id, window).length,
      failures: store.failures(test.id, window),
      newestTraceAt: test.newestTraceAt,
    })),
  );
}
