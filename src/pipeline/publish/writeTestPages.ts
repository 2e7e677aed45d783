import { setImmediate } from 'node:timers/promises';
import { groupByHostPair } from '../../analysis/hostPairs.ts';
import { buildDailyTimeline } from '../../analysis/window/dailyTimeline.ts';
import { createTestNamer } from '../../analysis/window/mesh/displayNames.ts';
import { createHopInterner, summarizeTest } from '../../analysis/window/summarizeTest.ts';
import type { TestSummary } from '../../model/analysis.ts';
import type { DailyTimeline } from '../../model/dailyTimeline.ts';
import { timelineDayEnd } from '../../report/overview/stripsPage.ts';
import type { SiteWriter } from '../../report/publish/siteWriter.ts';
import type { Session } from '../session.ts';
import { analyzePair } from './analyzeTests.ts';
import type { SiteInput } from './siteInput.ts';
import { createTestPageWriter } from './testPageWriter.ts';

/** Facts about the written tests that the pages of the mesh show. */
export interface WrittenTests {
  /** Of the tests with data in the window. */
  readonly summaries: readonly TestSummary[];
  readonly timelines: readonly DailyTimeline[];
  /** Ids of the tests that have pages. */
  readonly shown: ReadonlySet<string>;
}

/**
 * Writes the pages of every test. A vanished test still has pages, but is not part of the mesh.
 * Works on one pair of hosts at a time: only summaries and timelines stay in memory.
 */
export async function writeTestPages(
  site: SiteWriter,
  input: SiteInput,
  { signal, progress }: Session,
): Promise<WrittenTests> {
  const { view, context, plan } = input;
  const responders = view.responders();
  const tests = view.tests().map(createTestNamer(plan));
  const display = progress.phase('pages', tests.length);
  const writer = createTestPageWriter(site, input, responders);
  const shareHop = createHopInterner();
  const dayEnd = timelineDayEnd(context);
  const summaries: TestSummary[] = [];
  const timelines: DailyTimeline[] = [];
  for (const pair of groupByHostPair(tests)) {
    signal.throwIfAborted();
    const analyzed = analyzePair(pair, view, responders, context);
    const analyses = analyzed.current.map(({ analysis }) => analysis);
    const pairSummaries = analyses.map((analysis) => summarizeTest(analysis, shareHop));
    writer.write(analyzed, pairSummaries);
    summaries.push(...pairSummaries);
    timelines.push(...analyses.map((analysis) => buildDailyTimeline(analysis, dayEnd)));
    display.advance(pair.length);
    await setImmediate();
  }
  return { summaries, timelines, shown: writer.shown };
}
