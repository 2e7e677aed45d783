import { setImmediate } from 'node:timers/promises';
import { duplicateTests, mergeFailures, mergeTraces } from '../../analysis/duplicateTests.ts';
import { groupByHostPair } from '../../analysis/hostPairs.ts';
import { analyzeTest } from '../../analysis/window/analyzeTest.ts';
import { buildDailyTimeline } from '../../analysis/window/dailyTimeline.ts';
import { analyzeMesh } from '../../analysis/window/mesh/analyzeMesh.ts';
import { applyPlan } from '../../analysis/window/mesh/applyPlan.ts';
import { createTestNamer } from '../../analysis/window/mesh/displayNames.ts';
import { createHopInterner, summarizeTest } from '../../analysis/window/summarizeTest.ts';
import { withHistory } from '../../analysis/window/withHistory.ts';
import type { Session } from '../../cli/session.ts';
import type { TestAnalysis, TestSummary } from '../../model/analysis.ts';
import type { MeshChanges } from '../../model/changeRecord.ts';
import type { DailyTimeline } from '../../model/dailyTimeline.ts';
import type { MeshPlan } from '../../model/meshPlan.ts';
import type { MessageCounts } from '../../model/outbox.ts';
import type { Responder, Trace } from '../../model/trace.ts';
import { assetPages } from '../../report/assets.ts';
import { meshPages } from '../../report/meshPages.ts';
import { timelineDayEnd } from '../../report/overview/stripsPage.ts';
import type { Page, SiteContext } from '../../report/page.ts';
import type { PageCounts, PageGroup } from '../../report/publish/pageGroups.ts';
import type { SiteWriter } from '../../report/publish/siteWriter.ts';
import { type TestPageInput, testPages, testPaths } from '../../report/testPages.ts';
import { testPagesFingerprint } from '../../report/testPagesFingerprint.ts';
import { type DuplicateTests, earlierPeriods } from '../finalizeHistory.ts';
import { drawRoutes } from './drawRoutes.ts';
import { localResults } from './localResults.ts';
import { changesByTest } from './meshChanges.ts';
import type { PublicStore } from './publicStore.ts';
import { type ChangeListContext, changeLists, groupFeeds, testFeed } from './writeLists.ts';

/** What the pages show beside what was measured. */
export interface SiteInput {
  /** Orders and names the hosts; null: nobody planned anything. */
  readonly plan: MeshPlan | null;
  readonly changes: MeshChanges;
  /** What the lists of changes say of the site. */
  readonly listContext: ChangeListContext;
  /** null where nobody is to be told anything. */
  readonly messages: MessageCounts | null;
  /** Routes are drawn as far back as this, epoch seconds. */
  readonly picturesSince: number;
}

/** What the pages of the tests came to. */
export interface WrittenTests {
  readonly summaries: readonly TestSummary[];
  readonly timelines: readonly DailyTimeline[];
  readonly pages: PageCounts;
  /** Ids of the tests that have pages. */
  readonly shown: ReadonlySet<string>;
}

/**
 * Writes the pages of every test with data in the window, and the assets; a test that has vanished keeps its pages, but is
 * no part of the mesh. One pair of hosts at a time: of the tests that are done only their summaries and courses stay
 * in memory.
 */
export async function writeTests(
  store: PublicStore,
  site: SiteWriter,
  context: SiteContext,
  session: Session,
  { plan, changes, listContext, picturesSince }: SiteInput,
): Promise<WrittenTests> {
  const responders = store.responders();
  const tests = store.tests().map(createTestNamer(plan));
  const display = session.progress.phase('pages', tests.length);
  const summaries: TestSummary[] = [];
  const timelines: DailyTimeline[] = [];
  const shareHop = createHopInterner();
  const dayEnd = timelineDayEnd(context);
  const pages = { written: 0, unchanged: 0 };
  const shown = new Set<string>();
  const writePage = (page: Page) => {
    pages[site.write(page) === 'unchanged' ? 'unchanged' : 'written']++;
  };
  const writeGroup = (group: PageGroup) => {
    const counts = site.writeGroup(group);
    pages.written += counts.written;
    pages.unchanged += counts.unchanged;
  };
  for (const page of assetPages()) writePage(page);
  const changesOfTests = changesByTest(changes);
  for (const pair of groupByHostPair(tests)) {
    session.signal.throwIfAborted();
    const duplicateGroups = duplicateTests(pair);
    const current = duplicateGroups.flatMap(
      (duplicates) => analyzeDuplicates(duplicates, store, responders, context) ?? [],
    );
    const vanished = duplicateGroups.flatMap(
      (duplicates) => analyzeVanished(duplicates, store, responders, context) ?? [],
    );
    const analyses = current.map(({ analysis }) => analysis);
    const pairSummaries = analyses.map((analysis) => summarizeTest(analysis, shareHop));
    for (const { analysis, traces, duplicates } of [...current, ...vanished]) {
      const { test, window } = analysis;
      const earlier = earlierPeriods(store, duplicates, window.from, responders);
      const history = withHistory(analysis, earlier, responders);
      const testChanges = changesOfTests.get(test.id) ?? [];
      const moments = testChanges.map(({ change }) => change.onset.by);
      const pictureInput = { store, traces, responders, since: picturesSince };
      const picturePaths = drawRoutes(site, history, duplicates, moments, pictureInput);
      const pageInput: TestPageInput = {
        analysis,
        site: context,
        related: pairSummaries,
        history,
        relatedAnalyses: analyses,
        changes: testChanges,
        picturePaths,
      };
      writeGroup({
        name: test.id,
        fingerprint: testPagesFingerprint(pageInput),
        paths: testPaths(test.id),
        make: () => testPages(pageInput),
      });
      writeGroup(testFeed(test, testChanges, listContext));
      shown.add(test.id);
    }
    summaries.push(...pairSummaries);
    timelines.push(...analyses.map((analysis) => buildDailyTimeline(analysis, dayEnd)));
    display.advance(pair.length);
    await setImmediate();
  }
  return { summaries, timelines, pages, shown };
}

/** A test and what was found in its traces. */
interface AnalyzedTest {
  readonly duplicates: DuplicateTests;
  readonly traces: readonly Trace[];
  readonly analysis: TestAnalysis;
}

/** Its page is that of the first archive. null for a test that has neither a trace nor a failure in the window. */
function analyzeDuplicates(
  duplicates: DuplicateTests,
  store: PublicStore,
  responders: ReadonlyMap<string, Responder>,
  { window, generatedAt: now }: SiteContext,
): AnalyzedTest | null {
  const [test] = duplicates;
  const traces = mergeTraces(duplicates.map(({ id }) => store.traces(id, window)));
  const failures = mergeFailures(duplicates.map(({ id }) => store.failures(id, window)));
  if (test === undefined || (traces.length === 0 && failures.length === 0)) return null;
  const analysis = analyzeTest({ test, traces, failures, responders, window, now });
  return { duplicates, traces, analysis };
}

/**
 * A test that has vanished, as of its last traces, which fill a window as long as that of the others; null for a test with
 * anything newer, and for one whose traces are gone.
 */
function analyzeVanished(
  duplicates: DuplicateTests,
  store: PublicStore,
  responders: ReadonlyMap<string, Responder>,
  { window, ...context }: SiteContext,
): AnalyzedTest | null {
  const to = Math.max(...duplicates.map(({ newestTraceAt }) => newestTraceAt ?? 0));
  if (to === 0 || to >= window.from) return null;
  if (duplicates.some(({ id }) => store.failures(id, window).length > 0)) return null;
  const lastWindow = { from: to - (window.to - window.from), to };
  return analyzeDuplicates(duplicates, store, responders, { window: lastWindow, ...context });
}

/** Writes the pages of the whole mesh. */
export function writeMesh(
  store: PublicStore,
  site: SiteWriter,
  context: SiteContext,
  { summaries, timelines, shown }: Omit<WrittenTests, 'pages'>,
  { plan, changes, listContext, messages }: SiteInput,
): void {
  const analyzed = analyzeMesh(summaries, store.responders(), context.window);
  const mesh = plan === null ? analyzed : applyPlan(analyzed, plan);
  const runs = store.runs(shownRunCount);
  const hasPage = (testId: string) => shown.has(testId);
  const pages = meshPages(
    mesh,
    runs,
    { ...context, feeds: groupFeeds(listContext) },
    timelines,
    changes,
    hasPage,
    { messages, local: localResults(store, summaries, context.window, plan) },
  );
  for (const page of pages) site.write(page);
  for (const page of changeLists(changes, listContext)) site.write(page);
}

/** Runs on the status page. */
export const shownRunCount = 100;
