import { setImmediate } from 'node:timers/promises';
import { analyseMesh } from '../analysis/analyseMesh.ts';
import { analyseTest } from '../analysis/analyseTest.ts';
import { summarise } from '../analysis/summarise.ts';
import type { TestAnalysis, TestSummary } from '../model/analysis.ts';
import type { Test } from '../model/test.ts';
import type { Responder } from '../model/trace.ts';
import { assetPages } from '../report/assets.ts';
import { meshPages } from '../report/meshPages.ts';
import type { Page, SiteContext } from '../report/page.ts';
import type { Published, Site } from '../report/publish.ts';
import { testPages } from '../report/testPages.ts';
import type { Store } from '../store/store.ts';
import { hostPairs } from './pairs.ts';
import type { Session } from './session.ts';

/** Pages placed so far. */
export type PageCounts = Pick<Published, 'written' | 'unchanged'>;

/** What the pages of the tests came to. */
export interface TestPages {
  readonly summaries: readonly TestSummary[];
  readonly pages: PageCounts;
}

/**
 * Writes the pages of every test with data in the window, and the assets. One pair of hosts at a time: of the
 * tests that are done only their summaries stay in memory.
 */
export async function writeTests(
  store: Store,
  site: Site,
  context: SiteContext,
  session: Session,
): Promise<TestPages> {
  const responders = store.responders();
  const tests = store.tests();
  const display = session.progress.phase('pages', tests.length);
  const summaries: TestSummary[] = [];
  const pages = { written: 0, unchanged: 0 };
  const write = (page: Page) => {
    pages[site.write(page) === 'unchanged' ? 'unchanged' : 'written']++;
  };
  for (const page of assetPages()) write(page);
  for (const pair of hostPairs(tests)) {
    session.signal.throwIfAborted();
    const analyses = pair.flatMap((test) => analysed(test, store, responders, context) ?? []);
    const related = analyses.map(summarise);
    for (const analysis of analyses) testPages(analysis, context, related).forEach(write);
    summaries.push(...related);
    display.step(pair.length);
    await setImmediate();
  }
  return { summaries, pages };
}

/** null for a test that has neither a trace nor a failure in the window. */
function analysed(
  test: Test,
  store: Store,
  responders: ReadonlyMap<string, Responder>,
  { window, generatedAt: now }: SiteContext,
): TestAnalysis | null {
  const traces = store.traces(test.id, window);
  const failures = store.failures(test.id, window);
  if (traces.length === 0 && failures.length === 0) return null;
  return analyseTest({ test, traces, failures, responders, window, now });
}

/** Writes the pages of the whole mesh. */
export function writeMesh(
  store: Store,
  site: Site,
  context: SiteContext,
  summaries: readonly TestSummary[],
): void {
  const mesh = analyseMesh(summaries, store.responders(), context.window);
  for (const page of meshPages(mesh, store.runs(runsShown), context)) site.write(page);
}

/** Runs on the status page. */
const runsShown = 100;
