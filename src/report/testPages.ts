import type { TestAnalysis, TestSummary } from '../model/analysis.ts';
import type { ChangeRecord } from '../model/changeRecord.ts';
import { comparePage } from './compare/comparePage.ts';
import { historyPage } from './history/historyPage.ts';
import type { Page, SiteContext } from './page.ts';
import { testJson } from './test/testJson.ts';
import { testPage } from './test/testPage.ts';
import { testView } from './test/testView.ts';

/**
 * The files of one test: its page, its history and its JSON. `related`: the other tests between the same two hosts, both
 * directions and families; `history`: the analysis with the route periods before its window, for the history page; `others`: the
 * analyses of `related`, for the comparisons; `changes` of this test, newest first; `drawn`: where the pictures of its routes are, by
 * letter. The same analysis gives the same bytes, whenever the run.
 */
export function testPages(
  analysis: TestAnalysis,
  site: SiteContext,
  related: readonly TestSummary[],
  history: TestAnalysis = analysis,
  others: readonly TestAnalysis[] = [],
  changes: readonly ChangeRecord[] = [],
  drawn: ReadonlyMap<string, string> = new Map(),
): Page[] {
  const view = testView(analysis, drawn);
  const { spans, ranks } = testView(history);
  return [
    testPage(view, site, related, changes),
    historyPage({ ...view, analysis: history, spans, ranks }, site, changes),
    comparePage(view, site, others),
    { path: `data/tests/${analysis.test.id}.json`, body: testJson(analysis) },
  ];
}
