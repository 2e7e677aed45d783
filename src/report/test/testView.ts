import type { TestAnalysis } from '../../model/analysis.ts';
import { type HistorySpan, historySpans } from '../history/alternation.ts';
import type { Markup } from '../html.ts';
import { variantRanks } from '../route/variantRank.ts';
import { testHead } from './testHead.ts';
import { type Verdict, verdict } from './testVerdict.ts';

/** What the pages of one test share, worked out once. */
export interface TestView {
  readonly analysis: TestAnalysis;
  readonly ranks: ReadonlyMap<string, number>;
  readonly spans: readonly HistorySpan[];
  readonly verdict: Verdict | null;
  readonly head: Markup;
  /** Pictures of routes by letter: paths from the root of the site without ending. */
  readonly drawn: ReadonlyMap<string, string>;
}

/** The shared part of a test's pages. */
export function testView(
  analysis: TestAnalysis,
  drawn: ReadonlyMap<string, string> = new Map(),
): TestView {
  const spans = historySpans(analysis.periods);
  const sentence = verdict(analysis, spans);
  const head = testHead(analysis, sentence);
  return { analysis, ranks: variantRanks(analysis), spans, verdict: sentence, head, drawn };
}

/** The view of a test with the route periods before its window, of which its head tells nothing. */
export function withPast(view: TestView, history: TestAnalysis): TestView {
  const spans = historySpans(history.periods);
  return { ...view, analysis: history, ranks: variantRanks(history), spans };
}

/** The picture of a route as a page of the test links to it, without ending; '' for none. */
export function drawnHref(drawn: TestView['drawn'], letter: string): string {
  const path = drawn.get(letter);
  return path === undefined ? '' : `../../${path}`;
}
