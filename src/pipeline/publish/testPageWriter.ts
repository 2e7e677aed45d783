import { withHistory } from '../../analysis/window/withHistory.ts';
import type { TestSummary } from '../../model/analysis.ts';
import type { Responder } from '../../model/trace.ts';
import { testFeed } from '../../report/lists/changeLists.ts';
import type { SiteWriter } from '../../report/publish/siteWriter.ts';
import { type TestPageInput, testPages, testPaths } from '../../report/testPages.ts';
import { testPagesFingerprint } from '../../report/testPagesFingerprint.ts';
import { toTestKey } from '../knownTests.ts';
import type { AnalyzedTest } from './analyzeTests.ts';
import { drawRoutes } from './drawRoutes.ts';
import { earlierPeriods } from './earlierPeriods.ts';
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
  { view, context, changes, listContext, picturesSince }: SiteInput,
  responders: ReadonlyMap<string, Responder>,
): TestPageWriter {
  const changesOfTests = Map.groupBy(changes.records, ({ test }) => test.id);
  const shown = new Set<string>();

  function pageInput(
    { analysis, traces, keys, retired }: AnalyzedTest,
    related: Pick<TestPageInput, 'related' | 'relatedAnalyses'>,
  ): TestPageInput {
    const { test, window } = analysis;
    const earlier = earlierPeriods(view, keys, window.from, responders);
    const history = withHistory(analysis, earlier, responders);
    const testChanges = changesOfTests.get(test.id) ?? [];
    const picturePaths = drawRoutes(
      site,
      history,
      keys,
      testChanges.map(({ change }) => change.onset.by),
      { store: view, traces, responders, since: picturesSince },
    );
    return {
      analysis,
      site: context,
      keys: keys.map(toTestKey),
      retired,
      history,
      changes: testChanges,
      picturePaths,
      ...related,
    };
  }

  return {
    shown,
    write(pair, summaries) {
      const related = {
        related: summaries,
        relatedAnalyses: pair.filter(({ isListed }) => isListed).map(({ analysis }) => analysis),
      };
      for (const analyzed of pair) {
        const input = pageInput(analyzed, related);
        const { test } = analyzed.analysis;
        site.writeGroup({
          name: test.id,
          fingerprint: testPagesFingerprint(input),
          paths: testPaths(test.id),
          make: () => testPages(input),
        });
        site.writeGroup(testFeed(test, input.changes, listContext));
        shown.add(test.id);
      }
    },
  };
}
