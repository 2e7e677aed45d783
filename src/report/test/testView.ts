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
}

/** The shared part of a test's pages. */
export function testView(analysis: TestAnalysis): TestView {
  const spans = historySpans(analysis.periods);
  return { analysis, ranks: variantRanks(analysis), spans, verdict: verdict(analysis, spans) };
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
