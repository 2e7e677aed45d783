import type { TestAnalysis, TestSummary } from '../model/analysis.ts';
import { historyPage } from './historyPage.ts';
import type { Page, SiteContext } from './page.ts';
import { testJson } from './testJson.ts';
import { testPage } from './testPage.ts';
import { testView } from './testView.ts';

/**
 * The files of one test: its page, its history and its JSON. `related`: the other tests between the same two hosts, both
 * directions and families. The same analysis gives the same bytes, whenever the run.
 */
export function testPages(
  analysis: TestAnalysis,
  site: SiteContext,
  related: readonly TestSummary[],
): Page[] {
  const view = testView(analysis);
  return [
    testPage(view, site, related),
    historyPage(view, site),
    { path: `data/tests/${analysis.test.id}.json`, body: testJson(analysis) },
  ];
}
