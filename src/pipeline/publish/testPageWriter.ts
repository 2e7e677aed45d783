import type { TestSummary } from '../../model/site/analysis.ts';
import type { KnownResponders } from '../../model/trace/knownResponders.ts';
import { testFeed } from '../../report/lists/changeLists.ts';
import { type DrawnPages, isUpToDate, pageFacts } from '../../report/pageFacts.ts';
import type { SiteWriter } from '../../report/publish/siteWriter.ts';
import { type TestPageInput, testDataPages, testGroup, testPages } from '../../report/testPages.ts';
import { testPagesFingerprint } from '../../report/testPagesFingerprint.ts';
import { toTestKey } from '../knownTests.ts';
import type { AnalyzedTest } from './analyzeTests.ts';
import { drawRoutes } from './drawRoutes.ts';
import { withEarlierPeriods } from './earlierPeriods.ts';
import type { SiteInput } from './siteInput.ts';

/** Writes the pages of tests into a site. */
export interface TestPageWriter {
  /** Writes the pages of all tests of a pair; `summaries` are those of its listed tests. */
  write(pair: readonly AnalyzedTest[], summaries: readonly TestSummary[]): void;
  /** Ids of the tests written so far. */
  readonly shown: ReadonlySet<string>;
}

export function createTestPageWriter(
  site: SiteWriter,
  { view, context, changes, listContext, picturesSince, metricsFromDay }: SiteInput,
  knownResponders: KnownResponders,
): TestPageWriter {
  const changesOfTests = Map.groupBy(changes.records, ({ test }) => test.id);
  const shown = new Set<string>();

  function factsInput({ analysis, keys, retired }: AnalyzedTest) {
    return {
      analysis,
      site: context,
      keys: keys.map(toTestKey),
      retired,
      metrics: view.metricsOf(
        keys.map(({ id }) => id),
        metricsFromDay,
      ),
      changes: changesOfTests.get(analysis.test.id) ?? [],
    };
  }

  function pageInput(
    analyzed: AnalyzedTest,
    related: Pick<TestPageInput, 'related' | 'relatedAnalyses'>,
  ): TestPageInput {
    const { analysis, traces, keys } = analyzed;
    const responders = knownResponders.of(keys);
    const own = factsInput(analyzed);
    const history = withEarlierPeriods(analysis, view, keys, responders);
    const picturePaths = drawRoutes(
      site,
      history,
      keys,
      own.changes.map(({ change }) => change.onset.by),
      { store: view, traces, responders, since: picturesSince },
    );
    return { ...own, history, picturePaths, ...related };
  }

  /** Draws the pages of a test if they have news; returns the start of their newest trace. */
  function writePages(
    analyzed: AnalyzedTest,
    related: Pick<TestPageInput, 'related' | 'relatedAnalyses'>,
  ): number | null {
    const { analysis, drawn } = analyzed;
    const { test } = analysis;
    const group = testGroup(test.id);
    const facts = pageFacts({ ...factsInput(analyzed), related: related.related });
    const oldestAt = analysis.series[0]?.at ?? 0;
    if (drawn !== null && isUpToDate(drawn.facts, facts, oldestAt)) {
      site.retainGroup(group);
      // Of some pictures the traces are pruned: they could not be drawn again.
      for (const path of drawn.pictures) site.writePicture(path, () => null);
      return drawn.newestAt;
    }
    const input = pageInput(analyzed, related);
    const record: DrawnPages = {
      at: context.window.to,
      newestAt: analysis.lastTraceAt,
      pictures: [...new Set(input.picturePaths.values())],
      facts,
    };
    site.writeGroup({
      ...group,
      fingerprint: testPagesFingerprint(input),
      record,
      make: () => testPages(input),
    });
    return record.newestAt;
  }

  return {
    shown,
    write(pair, summaries) {
      const related = {
        related: summaries,
        relatedAnalyses: pair.filter(({ isListed }) => isListed).map(({ analysis }) => analysis),
      };
      for (const analyzed of pair) {
        const drawnAt = writePages(analyzed, related);
        const input = factsInput(analyzed);
        const { test } = analyzed.analysis;
        for (const page of testDataPages(input, drawnAt)) site.write(page);
        site.writeGroup(testFeed(test, input.changes, listContext));
        shown.add(test.id);
      }
    },
  };
}
