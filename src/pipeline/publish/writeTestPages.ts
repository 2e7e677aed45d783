import { setImmediate } from 'node:timers/promises';
import { groupByHostPair } from '../../analysis/hostPairs.ts';
import { groupKeys } from '../../analysis/testIdentity.ts';
import { createTestNamer } from '../../analysis/window/mesh/displayNames.ts';
import type { TestSummary } from '../../model/site/analysis.ts';
import type { DailyTimeline } from '../../model/site/dailyTimeline.ts';
import type { SiteWriter } from '../../report/publish/siteWriter.ts';
import type { Session } from '../session.ts';
import { createPairAnalyzer } from './analyzePairs.ts';
import { createDrawnPagesFinder } from './drawnPages.ts';
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
  const responders = input.view.responders();
  const tests = groupKeys(input.view.tests()).map(createTestNamer(input.plan));
  const display = progress.phase('pages', tests.length);
  const findDrawnPages = createDrawnPagesFinder(site, input);
  const analyze = createPairAnalyzer(input, responders, findDrawnPages);
  const writer = createTestPageWriter(site, input, responders);
  const summaries: TestSummary[] = [];
  const timelines: DailyTimeline[] = [];
  for (const pair of groupByHostPair(tests)) {
    signal.throwIfAborted();
    const analyzed = analyze(pair);
    writer.write(analyzed.tests, analyzed.summaries);
    summaries.push(...analyzed.summaries);
    timelines.push(...analyzed.timelines);
    display.advance(pair.length);
    await setImmediate();
  }
  return { summaries, timelines, shown: writer.shown };
}
