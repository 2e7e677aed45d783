import { setImmediate } from 'node:timers/promises';
import { analyseMesh } from '../analysis/analyseMesh.ts';
import { analyseTest } from '../analysis/analyseTest.ts';
import { courseOf } from '../analysis/course.ts';
import { withPlan } from '../analysis/plannedMesh.ts';
import { testNamer } from '../analysis/plannedNames.ts';
import { sharedHops, summarise } from '../analysis/summarise.ts';
import { withHistory } from '../analysis/withHistory.ts';
import type { TestAnalysis, TestSummary } from '../model/analysis.ts';
import type { MeshChanges } from '../model/changeRecord.ts';
import type { TestCourse } from '../model/course.ts';
import type { MessageCounts } from '../model/outbox.ts';
import type { MeshPlan } from '../model/plan.ts';
import type { Responder, Trace } from '../model/trace.ts';
import { assetPages } from '../report/assets.ts';
import { testPagesFingerprint } from '../report/fingerprint.ts';
import { meshPages } from '../report/meshPages.ts';
import { stripDayEnd } from '../report/overview/stripsPage.ts';
import type { Page, SiteContext } from '../report/page.ts';
import type { PageCounts, PageGroup } from '../report/publish/groups.ts';
import type { Site } from '../report/publish.ts';
import { type TestMatter, testPages, testPaths } from '../report/testPages.ts';
import { drawRoutes } from './drawRoutes.ts';
import { earlierPeriods, type Twins } from './history.ts';
import { localResults } from './localResults.ts';
import { changesByTest } from './meshChanges.ts';
import { hostPairs } from './pairs.ts';
import type { PublicStore } from './publicStore.ts';
import type { Session } from './session.ts';
import { mergedFailures, mergedTraces, twins } from './twins.ts';
import { changeLists, groupFeeds, type ListedSite, testFeed } from './writeLists.ts';

/** What the pages show beside what was measured. */
export interface SiteMatter {
  /** Orders and names the hosts; null: nobody planned anything. */
  readonly plan: MeshPlan | null;
  readonly changes: MeshChanges;
  /** What the lists of changes say of the site. */
  readonly listed: ListedSite;
  /** null where nobody is to be told anything. */
  readonly messages: MessageCounts | null;
  /** Routes are drawn as far back as this, epoch seconds. */
  readonly drawnSince: number;
}

/** What the pages of the tests came to. */
export interface TestPages {
  readonly summaries: readonly TestSummary[];
  readonly courses: readonly TestCourse[];
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
  site: Site,
  context: SiteContext,
  session: Session,
  { plan, changes, listed, drawnSince }: SiteMatter,
): Promise<TestPages> {
  const responders = store.responders();
  const tests = store.tests().map(testNamer(plan));
  const display = session.progress.phase('pages', tests.length);
  const summaries: TestSummary[] = [];
  const courses: TestCourse[] = [];
  const hopOf = sharedHops();
  const dayEnd = stripDayEnd(context);
  const pages = { written: 0, unchanged: 0 };
  const shown = new Set<string>();
  const write = (page: Page) => {
    pages[site.write(page) === 'unchanged' ? 'unchanged' : 'written']++;
  };
  const writeGroup = (group: PageGroup) => {
    const placed = site.writeGroup(group);
    pages.written += placed.written;
    pages.unchanged += placed.unchanged;
  };
  for (const page of assetPages()) write(page);
  const changed = changesByTest(changes);
  for (const pair of hostPairs(tests)) {
    session.signal.throwIfAborted();
    const alike = twins(pair);
    const present = alike.flatMap((same) => analysed(same, store, responders, context) ?? []);
    const vanished = alike.flatMap((same) => lastSeen(same, store, responders, context) ?? []);
    const analyses = present.map(({ analysis }) => analysis);
    const related = analyses.map((analysis) => summarise(analysis, hopOf));
    for (const { analysis, traces, same } of [...present, ...vanished]) {
      const { test, window } = analysis;
      const earlier = earlierPeriods(store, same, window.from, responders);
      const history = withHistory(analysis, earlier, responders);
      const own = changed.get(test.id) ?? [];
      const moments = own.map(({ change }) => change.onset.by);
      const drawing = { store, traces, responders, since: drawnSince };
      const drawn = drawRoutes(site, history, same, moments, drawing);
      const matter: TestMatter = {
        analysis,
        site: context,
        related,
        history,
        others: analyses,
        changes: own,
        drawn,
      };
      writeGroup({
        name: test.id,
        fingerprint: testPagesFingerprint(matter),
        paths: testPaths(test.id),
        make: () => testPages(matter),
      });
      writeGroup(testFeed(test, own, listed));
      shown.add(test.id);
    }
    summaries.push(...related);
    courses.push(...analyses.map((analysis) => courseOf(analysis, dayEnd)));
    display.step(pair.length);
    await setImmediate();
  }
  return { summaries, courses, pages, shown };
}

/** A test and what was found in its traces. */
interface Analysed {
  readonly same: Twins;
  readonly traces: readonly Trace[];
  readonly analysis: TestAnalysis;
}

/** Its page is that of the first archive. null for a test that has neither a trace nor a failure in the window. */
function analysed(
  same: Twins,
  store: PublicStore,
  responders: ReadonlyMap<string, Responder>,
  { window, generatedAt: now }: SiteContext,
): Analysed | null {
  const [test] = same;
  const traces = mergedTraces(same.map(({ id }) => store.traces(id, window)));
  const failures = mergedFailures(same.map(({ id }) => store.failures(id, window)));
  if (test === undefined || (traces.length === 0 && failures.length === 0)) return null;
  const analysis = analyseTest({ test, traces, failures, responders, window, now });
  return { same, traces, analysis };
}

/**
 * A test that has vanished, as of its last traces, which fill a window as long as that of the others; null for a test with
 * anything newer, and for one whose traces are gone.
 */
function lastSeen(
  same: Twins,
  store: PublicStore,
  responders: ReadonlyMap<string, Responder>,
  { window, ...context }: SiteContext,
): Analysed | null {
  const to = Math.max(...same.map(({ newestTraceAt }) => newestTraceAt ?? 0));
  if (to === 0 || to >= window.from) return null;
  if (same.some(({ id }) => store.failures(id, window).length > 0)) return null;
  const own = { from: to - (window.to - window.from), to };
  return analysed(same, store, responders, { window: own, ...context });
}

/** Writes the pages of the whole mesh. */
export function writeMesh(
  store: PublicStore,
  site: Site,
  context: SiteContext,
  { summaries, courses, shown }: Omit<TestPages, 'pages'>,
  { plan, changes, listed, messages }: SiteMatter,
): void {
  const found = analyseMesh(summaries, store.responders(), context.window);
  const mesh = plan === null ? found : withPlan(found, plan);
  const runs = store.runs(runsShown);
  const hasPage = (testId: string) => shown.has(testId);
  const own = meshPages(
    mesh,
    runs,
    { ...context, feeds: groupFeeds(listed) },
    courses,
    changes,
    hasPage,
    { messages, local: localResults(store, summaries, context.window, plan) },
  );
  for (const page of own) site.write(page);
  for (const page of changeLists(changes, listed)) site.write(page);
}

/** Runs on the status page. */
export const runsShown = 100;
