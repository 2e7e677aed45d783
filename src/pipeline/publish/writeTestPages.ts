import { setImmediate } from 'node:timers/promises';
import { groupByHostPair } from '../../analysis/hostPairs.ts';
import { buildDailyTimeline } from '../../analysis/window/dailyTimeline.ts';
import { createTestNamer } from '../../analysis/window/mesh/displayNames.ts';
import { createHopInterner, summarizeTest } from '../../analysis/window/summarizeTest.ts';
import type { TestSummary } from '../../model/analysis.ts';
import type { Change } from '../../model/change.ts';
import { isOpenChange, type MeshChanges } from '../../model/changeRecord.ts';
import type { DailyTimeline } from '../../model/dailyTimeline.ts';
import { timelineDayEnd } from '../../report/overview/stripsPage.ts';
import type { SiteWriter } from '../../report/publish/siteWriter.ts';
import type { Session } from '../session.ts';
import { analyzePair } from './analyzeTests.ts';
import type { SiteInput } from './siteInput.ts';
import { createTestPageWriter } from './testPageWriter.ts';

/** Facts about the written tests that the pages of the mesh show. */
export interface WrittenTests {
  /** Of the tests of the mesh: with data in the window, or missing it. */
  readonly summaries: readonly TestSummary[];
  readonly timelines: readonly DailyTimeline[];
  /** Ids of the tests that have pages. */
  readonly shown: ReadonlySet<string>;
}

/**
 * Writes the pages of every test. One that was run by hand before the window still has pages, but
 * is not part of the mesh. Works on one pair of hosts at a time: only summaries and timelines stay
 * in memory.
 */
export async function writeTestPages(
  site: SiteWriter,
  input: SiteInput,
  { signal, progress }: Session,
): Promise<WrittenTests> {
  const { view, context, plan, changes } = input;
  const responders = view.responders();
  const tests = view.tests().map(createTestNamer(plan));
  const openChanges = groupOpenChanges(changes);
  const display = progress.phase('pages', tests.length);
  const writer = createTestPageWriter(site, input, responders);
  const shareHop = createHopInterner();
  const dayEnd = timelineDayEnd(context);
  const summaries: TestSummary[] = [];
  const timelines: DailyTimeline[] = [];
  for (const pair of groupByHostPair(tests)) {
    signal.throwIfAborted();
    const analyzed = analyzePair(pair, { view, responders, site: context, openChanges });
    const pairSummaries = analyzed
      .filter(({ isListed }) => isListed)
      .map(({ analysis, isCurrent }) => {
        const summary = summarizeTest(analysis, shareHop);
        return isCurrent ? summary : { ...summary, traces: 0, route: [] };
      });
    const analyses = analyzed.filter(({ isCurrent }) => isCurrent).map(({ analysis }) => analysis);
    writer.write(analyzed, pairSummaries);
    summaries.push(...pairSummaries);
    timelines.push(...analyses.map((analysis) => buildDailyTimeline(analysis, dayEnd)));
    display.advance(pair.length);
    await setImmediate();
  }
  return { summaries, timelines, shown: writer.shown };
}

function groupOpenChanges({ records }: MeshChanges): Map<string, Change[]> {
  const open = Map.groupBy(records.filter(isOpenChange), ({ test }) => test.id);
  return new Map(Array.from(open, ([id, ofTest]) => [id, ofTest.map(({ change }) => change)]));
}
