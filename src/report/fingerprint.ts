import { hash } from 'node:crypto';
import { serialize } from 'node:v8';
import type { TestAnalysis } from '../model/analysis.ts';
import type { TestMatter } from './testPages.ts';

const digests = new WeakMap<TestAnalysis, string>();

/** A text that differs when the values differ. */
function digest(value: unknown): string {
  return hash('sha1', serialize(value), 'base64');
}

/** What the pages may tell of an analysis: all but where its window lies, which moves with every run. */
function analysisDigest(analysis: TestAnalysis): string {
  const known = digests.get(analysis);
  if (known !== undefined) return known;
  const made = digest({ ...analysis, window: null });
  digests.set(analysis, made);
  return made;
}

/**
 * Tells apart everything that `testPages` makes other pages from: same text, same pages. What is left out here on purpose (the
 * window and the moment of the run) no page of a test may print.
 */
export function testPagesFingerprint(matter: TestMatter): string {
  const { analysis, site, related, history, others, changes, drawn, ...more } = matter;
  more satisfies Record<string, never>;
  const own = analysis as unknown as Record<string, unknown>;
  const extended = Object.entries(history).filter(([field, value]) => own[field] !== value);
  const frame = { ...site, window: null, generatedAt: null };
  const tests = [analysis, ...others].map(analysisDigest);
  return digest([tests, frame, related, extended, changes, drawn]);
}
