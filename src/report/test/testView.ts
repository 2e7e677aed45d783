import type { TestAnalysis } from '../../model/site/analysis.ts';
import { type HistorySegment, historySegments } from '../history/alternation.ts';
import type { Markup } from '../html.ts';
import { variantRanks } from '../route/variantRank.ts';
import { drawHeadParts } from './latestDrawing.ts';
import { type LatestValues, latestValues } from './latestValues.ts';
import { type RouteSummary, routeSummary } from './routeSummary.ts';
import { testHead } from './testHead.ts';

/** Data shared by the pages of one test. */
export interface TestView {
  readonly analysis: TestAnalysis;
  readonly ranks: ReadonlyMap<string, number>;
  readonly segments: readonly HistorySegment[];
  readonly routeSummary: RouteSummary | null;
  readonly latest: LatestValues;
  readonly head: Markup;
  /** Pictures of routes by letter: paths from the root of the site, without extension. */
  readonly picturePaths: ReadonlyMap<string, string>;
}

/** The data that the pages of a test share. */
export function testView(
  analysis: TestAnalysis,
  picturePaths: ReadonlyMap<string, string> = new Map(),
): TestView {
  const segments = historySegments(analysis.periods);
  const summary = routeSummary(analysis, segments);
  const latest = latestValues(analysis, summary);
  const head = testHead(analysis, drawHeadParts(latest));
  return {
    analysis,
    ranks: variantRanks(analysis),
    segments,
    routeSummary: summary,
    latest,
    head,
    picturePaths,
  };
}

/** The view of a test with the route periods before its window; its head stays the same. */
export function withHistoryView(view: TestView, history: TestAnalysis): TestView {
  const segments = historySegments(history.periods);
  return { ...view, analysis: history, ranks: variantRanks(history), segments };
}

/** Link from a page of the test to the picture of a route, without extension; '' for none. */
export function pictureHref(picturePaths: TestView['picturePaths'], letter: string): string {
  const path = picturePaths.get(letter);
  return path === undefined ? '' : `../../${path}`;
}
