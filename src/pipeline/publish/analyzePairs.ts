import { buildDailyTimeline } from '../../analysis/window/dailyTimeline.ts';
import { createHopInterner, summarizeTest } from '../../analysis/window/summarizeTest.ts';
import {
  type ChangeRecord,
  canStayOpen,
  endedAtOf,
  isLasting,
  isOpenChange,
  type MeshChanges,
} from '../../model/change/changeRecord.ts';
import type { TestSummary } from '../../model/site/analysis.ts';
import type { DailyTimeline } from '../../model/site/dailyTimeline.ts';
import type { KnownResponders } from '../../model/trace/knownResponders.ts';
import { latest } from '../../model/values/time.ts';
import { timelineDayEnd } from '../../report/overview/stripsPage.ts';
import type { KnownTest } from '../knownTests.ts';
import { type AnalysisContext, type AnalyzedTest, analyzePair } from './analyzeTests.ts';
import type { SiteInput } from './siteInput.ts';
import type { LastingChanges } from './testMemory.ts';

/** The tests between two hosts, with their share of the mesh. */
export interface AnalyzedPair {
  readonly tests: readonly AnalyzedTest[];
  /** Of the tests that belong to the mesh. */
  readonly summaries: readonly TestSummary[];
  /** Of the same tests. */
  readonly timelines: readonly DailyTimeline[];
}

/** Analyzes pairs of hosts one after the other; equal hops of their summaries share an object. */
export function createPairAnalyzer(
  { view, context, changes }: SiteInput,
  responders: KnownResponders,
  findDrawnPages: AnalysisContext['findDrawnPages'],
): (pair: readonly KnownTest[]) => AnalyzedPair {
  const lasting = groupLasting(changes);
  const shareHop = createHopInterner();
  const dayEnd = timelineDayEnd(context);

  function summarize({ analysis, isCurrent }: AnalyzedTest): TestSummary {
    const summary = summarizeTest(analysis, shareHop);
    return isCurrent ? summary : { ...summary, traces: 0, route: [] };
  }

  /** The earlier routes and times of a silent test do not count for the window. */
  function drawTimeline({ analysis, isCurrent }: AnalyzedTest): DailyTimeline {
    const timeline = buildDailyTimeline(analysis, dayEnd);
    return isCurrent ? timeline : { ...timeline, routeChanges: 0, contributors: [], rttsMs: [] };
  }

  return (pair) => {
    const tests = analyzePair(pair, { view, responders, site: context, lasting, findDrawnPages });
    return {
      tests,
      summaries: tests.filter(({ isListed }) => isListed).map(summarize),
      timelines: tests.filter(({ isListed }) => isListed).map(drawTimeline),
    };
  };
}

function groupLasting({ records }: MeshChanges): Map<string, LastingChanges> {
  const lasting = Map.groupBy(
    records.filter(({ change }) => canStayOpen(change)),
    ({ test }) => test.id,
  );
  return new Map(Array.from(lasting, ([id, ofTest]) => [id, separate(ofTest)]));
}

function separate(records: readonly ChangeRecord[]): LastingChanges {
  return {
    openChanges: records.filter(isOpenChange).map(({ change }) => change),
    acceptedChanges: records
      .filter(isLasting)
      .flatMap(({ change, acceptance }) => (acceptance === null ? [] : [{ change, acceptance }])),
    calmSince: latest(records.map(({ closedAt }) => closedAt)),
    outageEndedAt: latest(
      records.map((record) => (record.change.class === 'unreachable' ? endedAtOf(record) : null)),
    ),
  };
}
