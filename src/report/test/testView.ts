import type { TestAnalysis } from '../../model/analysis.ts';
import { type HistorySegment, historySegments } from '../history/alternation.ts';
import type { Markup } from '../html.ts';
import { variantRanks } from '../route/variantRank.ts';
import { type RouteSummary, routeSummary } from './routeSummary.ts';
import { testHead } from './testHead.ts';

/** What the pages of one test share, worked out once. */
export interface TestView {
  readonly analysis: TestAnalysis;
  readonly ranks: ReadonlyMap<string, number>;
  readonly segments: readonly HistorySegment[];
  readonly routeSummary: RouteSummary | null;
  readonly head: Markup;
  /** Pictures of routes by letter: paths from the root of the site without ending. */
  readonly picturePaths: ReadonlyMap<string, string>;
}

/** The shared part of a test's pages. */
export function testView(
  analysis: TestAnalysis,
  picturePaths: ReadonlyMap<string, string> = new Map(),
): TestView {
  const segments = historySegments(analysis.periods);
  const summary = routeSummary(analysis, segments);
  const head = testHead(analysis, summary);
  return {
    analysis,
    ranks: variantRanks(analysis),
    segments,
    routeSummary: summary,
    head,
    picturePaths,
  };
}

/** The view of a test with the route periods before its window, of which its head tells nothing. */
export function withHistory(view: TestView, history: TestAnalysis): TestView {
  const segments = historySegments(history.periods);
  return { ...view, analysis: history, ranks: variantRanks(history), segments };
}

/** The picture of a route as a page of the test links to it, without ending; '' for none. */
export function pictureHref(picturePaths: TestView['picturePaths'], letter: string): string {
  const path = picturePaths.get(letter);
  return path === undefined ? '' : `../../${path}`;
}
