import type { TestAnalysis } from '../../model/analysis.ts';
import { type HistorySpan, historySpans } from '../history/alternation.ts';
import { variantRanks } from '../route/variantRank.ts';
import { stateText } from '../stateText.ts';
import { endName, testFacts } from './testFacts.ts';
import { type Verdict, verdict } from './testVerdict.ts';

/** What the pages of one test share, worked out once. */
export interface TestView {
  readonly analysis: TestAnalysis;
  readonly ranks: ReadonlyMap<string, number>;
  readonly spans: readonly HistorySpan[];
  readonly verdict: Verdict | null;
  /** Pictures of routes by letter: paths from the root of the site without ending. */
  readonly drawn: ReadonlyMap<string, string>;
}

/** The shared part of a test's pages. */
export function testView(
  analysis: TestAnalysis,
  drawn: ReadonlyMap<string, string> = new Map(),
): TestView {
  const spans = historySpans(analysis.periods);
  const ranks = variantRanks(analysis);
  return { analysis, ranks, spans, verdict: verdict(analysis, spans), drawn };
}

/** What the head of both pages prints. */
export function testHead({ analysis, verdict: sentence }: TestView): object {
  const { test } = analysis;
  return {
    source: endName(test.source),
    destination: endName(test.destination),
    state: stateText(analysis.state),
    reason: analysis.stateReason,
    verdict: sentence,
    facts: testFacts(analysis),
  };
}

/** The picture of a route as a page of the test links to it, without ending; '' for none. */
export function drawnHref(drawn: TestView['drawn'], letter: string): string {
  const path = drawn.get(letter);
  return path === undefined ? '' : `../../${path}`;
}
