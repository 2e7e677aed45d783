import { duplicateTests, mergeFailures, mergeTraces } from '../../analysis/duplicateTests.ts';
import { analyzeTest } from '../../analysis/window/analyzeTest.ts';
import type { TestAnalysis } from '../../model/analysis.ts';
import type { Responder, Trace } from '../../model/trace.ts';
import type { SiteContext } from '../../report/page.ts';
import type { StoredTest } from '../../store/traces/tests.ts';
import type { PublicStore } from '../publicStore.ts';
import type { DuplicateTests } from '../routePeriods.ts';

/** A test and the analysis of its traces. */
export interface AnalyzedTest {
  readonly duplicates: DuplicateTests;
  readonly traces: readonly Trace[];
  readonly analysis: TestAnalysis;
}

/**
 * The tests of a pair of hosts: those with data in the window, and those that vanished before it.
 */
export interface AnalyzedPair {
  readonly current: readonly AnalyzedTest[];
  readonly vanished: readonly AnalyzedTest[];
}

/** Reads and analyzes all tests between two hosts, each once. */
export function analyzePair(
  tests: readonly StoredTest[],
  view: PublicStore,
  responders: ReadonlyMap<string, Responder>,
  context: SiteContext,
): AnalyzedPair {
  const groups = duplicateTests(tests);
  return {
    current: groups.flatMap((group) => analyzeGroup(group, view, responders, context) ?? []),
    vanished: groups.flatMap((group) => analyzeVanished(group, view, responders, context) ?? []),
  };
}

/**
 * Analyzes a test as its first archive describes it; null without a trace or a failure in the
 * window.
 */
function analyzeGroup(
  duplicates: DuplicateTests,
  view: PublicStore,
  responders: ReadonlyMap<string, Responder>,
  { window, generatedAt: now }: SiteContext,
): AnalyzedTest | null {
  const [test] = duplicates;
  const traces = mergeTraces(duplicates.map(({ id }) => view.traces(id, window)));
  const failures = mergeFailures(duplicates.map(({ id }) => view.failures(id, window)));
  if (test === undefined || (traces.length === 0 && failures.length === 0)) return null;
  const analysis = analyzeTest({ test, traces, failures, responders, window, now });
  return { duplicates, traces, analysis };
}

/**
 * Analyzes a vanished test over a window of the usual length that ends with its last trace. null
 * for a test with newer data, and for one whose traces were pruned.
 */
function analyzeVanished(
  duplicates: DuplicateTests,
  view: PublicStore,
  responders: ReadonlyMap<string, Responder>,
  context: SiteContext,
): AnalyzedTest | null {
  const { window } = context;
  const to = Math.max(...duplicates.map(({ newestTraceAt }) => newestTraceAt ?? 0));
  if (to === 0 || to >= window.from) return null;
  if (duplicates.some(({ id }) => view.failures(id, window).length > 0)) return null;
  const lastWindow = { from: to - (window.to - window.from), to };
  return analyzeGroup(duplicates, view, responders, { ...context, window: lastWindow });
}
