import { mergeFailures, mergeTraces } from '../../analysis/mergeSeries.ts';
import { analyzeTest } from '../../analysis/window/analyzeTest.ts';
import type { TestAnalysis } from '../../model/site/analysis.ts';
import type { Retirement } from '../../model/test/test.ts';
import type { KnownResponders } from '../../model/trace/knownResponders.ts';
import type { Trace } from '../../model/trace/trace.ts';
import type { SiteContext } from '../../report/page.ts';
import type { DrawnPages } from '../../report/pageFacts.ts';
import type { KnownTest, TestKeys } from '../knownTests.ts';
import type { PublicStore } from '../publicStore.ts';
import { continuePages, type DrawnPagesFinder } from './drawnPages.ts';
import { type LastingChanges, loadMemory } from './testMemory.ts';

/** A test and the analysis of its traces. */
export interface AnalyzedTest {
  readonly keys: TestKeys;
  /** null: it belongs to the mesh. */
  readonly retired: Retirement | null;
  readonly traces: readonly Trace[];
  readonly analysis: TestAnalysis;
  /** It has data in the window; else the analysis shows the time up to its last trace. */
  readonly isCurrent: boolean;
  /** Its pages, if they are not due for another drawing; else null. */
  readonly drawn: DrawnPages | null;
  /** It belongs to the mesh; else it is retired, or was run by hand before the window. */
  readonly isListed: boolean;
}

/** Input that the analysis of every test shares. */
export interface AnalysisContext {
  readonly view: PublicStore;
  readonly responders: KnownResponders;
  readonly site: SiteContext;
  /** The changes that last at the end of the window, by test id. */
  readonly lasting: ReadonlyMap<string, LastingChanges>;
  readonly findDrawnPages: DrawnPagesFinder;
}

/** Reads and analyzes all tests between two hosts. */
export function analyzePair(
  tests: readonly KnownTest[],
  context: AnalysisContext,
): readonly AnalyzedTest[] {
  return tests.flatMap((test) => analyzeKeys(test, context) ?? []);
}

/**
 * Analyzes a test over the traces of all its keys. A test without data in the window is analyzed
 * over a window of the usual length that ends with its last trace; null if it never had one, and if
 * it was run by hand and the store has deleted its traces.
 */
function analyzeKeys(
  known: KnownTest,
  { view, responders, site, lasting, findDrawnPages }: AnalysisContext,
): AnalyzedTest | null {
  const { keys, ...test } = known;
  const readTraces = (window: SiteContext['window']) =>
    mergeTraces(keys.map(({ id }) => view.traces(id, window)));
  const { window, generatedAt: now } = site;
  const inWindow = readTraces(window);
  const memory = loadMemory(view, known, { traces: inWindow, window }, lasting);
  const failures = mergeFailures(keys.map(({ id }) => view.failures(id, window)));
  const isCurrent = inWindow.length > 0 || failures.length > 0;
  const { newest, newestAt, hasRhythm } = memory;
  if (!isCurrent && newest === null && !hasRhythm) return null;
  const to = isCurrent ? window.to : (newestAt ?? window.to);
  const shown = isCurrent ? window : { from: to - (window.to - window.from), to };
  const traces = isCurrent ? inWindow : readTraces(shown);
  const found = analyzeTest({
    test,
    traces,
    failures,
    responders: responders.of(keys),
    window: shown,
    memory,
    now,
  });
  const { analysis, drawn } = continuePages(found, findDrawnPages(test.id));
  const { retired } = test;
  const isListed = retired === null && (isCurrent || hasRhythm);
  return { keys, retired, traces, analysis, isCurrent, drawn, isListed };
}
