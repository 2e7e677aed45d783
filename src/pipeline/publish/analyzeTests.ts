import { duplicateTests, mergeFailures, mergeTraces } from '../../analysis/duplicateTests.ts';
import { analyzeTest } from '../../analysis/window/analyzeTest.ts';
import type { TestAnalysis } from '../../model/analysis.ts';
import type { Responder, Trace } from '../../model/trace.ts';
import type { SiteContext } from '../../report/page.ts';
import type { StoredTest } from '../../store/traces/tests.ts';
import type { PublicStore } from '../publicStore.ts';
import type { DuplicateTests } from '../routePeriods.ts';
import { type LastingChanges, loadMemory } from './testMemory.ts';

/** A test and the analysis of its traces. */
export interface AnalyzedTest {
  readonly duplicates: DuplicateTests;
  readonly traces: readonly Trace[];
  readonly analysis: TestAnalysis;
  /** It has data in the window; else the analysis shows the time up to its last trace. */
  readonly isCurrent: boolean;
  /** It belongs to the mesh; else it was run by hand, before the window. */
  readonly isListed: boolean;
}

/** Input that the analysis of every test shares. */
export interface AnalysisContext {
  readonly view: PublicStore;
  readonly responders: ReadonlyMap<string, Responder>;
  readonly site: SiteContext;
  /** The changes that last at the end of the window, by test id. */
  readonly lasting: ReadonlyMap<string, LastingChanges>;
}

/** Reads and analyzes all tests between two hosts, each once. */
export function analyzePair(
  tests: readonly StoredTest[],
  context: AnalysisContext,
): readonly AnalyzedTest[] {
  return duplicateTests(tests).flatMap((group) => analyzeGroup(group, context) ?? []);
}

/**
 * Analyzes a test as its first archive describes it. A test without data in the window is analyzed
 * over a window of the usual length that ends with its last trace; null if the store has none.
 */
function analyzeGroup(
  duplicates: DuplicateTests,
  { view, responders, site, lasting }: AnalysisContext,
): AnalyzedTest | null {
  const [test] = duplicates;
  if (test === undefined) return null;
  const readTraces = (window: SiteContext['window']) =>
    mergeTraces(duplicates.map(({ id }) => view.traces(id, window)));
  const { window, generatedAt: now } = site;
  const inWindow = readTraces(window);
  const ofTest = duplicates.flatMap(({ id }) => lasting.get(id) ?? []);
  const known = { traces: inWindow, window };
  const memory = loadMemory(view, duplicates, known, {
    openChanges: ofTest.flatMap(({ openChanges }) => openChanges),
    acceptedChanges: ofTest.flatMap(({ acceptedChanges }) => acceptedChanges),
  });
  const failures = mergeFailures(duplicates.map(({ id }) => view.failures(id, window)));
  const isCurrent = inWindow.length > 0 || failures.length > 0;
  const { newest, hasRhythm } = memory;
  if (!isCurrent && newest === null) return null;
  const to = isCurrent ? window.to : (newest?.startedAt ?? window.to);
  const shown = isCurrent ? window : { from: to - (window.to - window.from), to };
  const traces = isCurrent ? inWindow : readTraces(shown);
  const analysis = analyzeTest({ test, traces, failures, responders, window: shown, memory, now });
  return { duplicates, traces, analysis, isCurrent, isListed: isCurrent || hasRhythm };
}
