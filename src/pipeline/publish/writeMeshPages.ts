import { addListedTests } from '../../analysis/window/mesh/addListedTests.ts';
import { analyzeMesh } from '../../analysis/window/mesh/analyzeMesh.ts';
import { applyPlan } from '../../analysis/window/mesh/applyPlan.ts';
import { withoutTests } from '../../analysis/window/mesh/plannedTests.ts';
import { changeLists, groupFeeds } from '../../report/lists/changeLists.ts';
import { meshPages } from '../../report/meshPages.ts';
import type { SiteWriter } from '../../report/publish/siteWriter.ts';
import { retiredTests } from '../knownTests.ts';
import { localResults } from './localResults.ts';
import type { SiteInput } from './siteInput.ts';
import { testsWithoutResult } from './testsWithoutResult.ts';
import type { WrittenTests } from './writeTestPages.ts';

/** Runs listed on the status page. */
const shownRunCount = 100;

/** Writes the pages of the whole mesh, and the lists and feeds of its changes. */
export function writeMeshPages(
  site: SiteWriter,
  { view, context, plan, changes, listContext, messages }: SiteInput,
  { summaries, timelines, shown }: WrittenTests,
): void {
  const analyzed = analyzeMesh(summaries, view.responders().merged(), context.window);
  const complete = addListedTests(analyzed, testsWithoutResult(view, context.window));
  const retired = retiredTests(view.tests());
  const mesh = plan === null ? complete : applyPlan(complete, withoutTests(plan, retired));
  const pages = meshPages({
    mesh,
    runs: view.runs(shownRunCount),
    site: { ...context, feeds: groupFeeds(listContext) },
    timelines,
    changes,
    hasPage: (testId) => shown.has(testId),
    statusExtras: { messages, local: localResults(view, summaries, context.window, plan) },
  });
  for (const page of pages) site.write(page);
  for (const page of changeLists(changes, listContext)) site.write(page);
}
