import type { ChangeRecord } from '../model/change/changeRecord.ts';
import type { MetricSeries } from '../model/metric/metric.ts';
import type { TestAnalysis, TestSummary } from '../model/site/analysis.ts';
import type { Retirement, TestKey } from '../model/test/test.ts';
import { comparePage } from './compare/comparePage.ts';
import { historySegments } from './history/alternation.ts';
import { historyPage } from './history/historyPage.ts';
import type { Page, SiteContext } from './page.ts';
import { latestScript } from './test/latestScript.ts';
import { latestValues } from './test/latestValues.ts';
import { routeSummary } from './test/routeSummary.ts';
import { testJson } from './test/testJson.ts';
import { testPage } from './test/testPage.ts';
import { testView, withHistoryView } from './test/testView.ts';

/** The input of the files of one test. */
export interface TestPageInput {
  readonly analysis: TestAnalysis;
  readonly site: SiteContext;
  /** All keys of the test, the first one first. */
  readonly keys: readonly TestKey[];
  /** null: the test belongs to the mesh. */
  readonly retired: Retirement | null;
  /** Tests between the same two hosts in both directions and families; may include this one. */
  readonly related: readonly TestSummary[];
  /** The analysis with the route periods before its window, for the history page. */
  readonly history: TestAnalysis;
  /** The analyses of `related`, for the comparisons. */
  readonly relatedAnalyses: readonly TestAnalysis[];
  /** Changes of this test, newest first. */
  readonly changes: readonly ChangeRecord[];
  /** Paths of the pictures of its routes, by letter. */
  readonly picturePaths: ReadonlyMap<string, string>;
  /** Daily figures of other tests between its ends. */
  readonly metrics: readonly MetricSeries[];
}

/** The pages of a test as a group of the site, in the order of `testPages`. */
export function testGroup(testId: string): { readonly name: string; readonly paths: string[] } {
  const paths = ['index', 'history', 'compare'].map((name) => `tests/${testId}/${name}.html`);
  return { name: testId, paths };
}

/**
 * The pages of one test: its own, history and comparisons. The same input gives the same bytes at
 * every run.
 */
export function testPages(input: TestPageInput): Page[] {
  const { analysis, site, related, history, relatedAnalyses, changes, picturePaths } = input;
  const { keys, retired, metrics } = input;
  const view = testView(analysis, picturePaths);
  return [
    testPage(view, site, { related, changes, keys, retired, metrics }),
    historyPage(withHistoryView(view, history), site, changes),
    comparePage(view, site, relatedAnalyses),
  ];
}

/**
 * The files of one test that each run writes: its JSON, and the values that its pages of `drawnAt`
 * show in place of their own.
 */
export function testDataPages(
  {
    analysis,
    keys,
    retired,
    metrics,
  }: Pick<TestPageInput, 'analysis' | 'keys' | 'retired' | 'metrics'>,
  drawnAt: number | null,
): Page[] {
  const { test, periods, series } = analysis;
  const values = latestValues(analysis, routeSummary(analysis, historySegments(periods)));
  return [
    latestScript(test.id, values, series, drawnAt),
    { path: `data/tests/${test.id}.json`, body: testJson(analysis, { keys, retired, metrics }) },
  ];
}
