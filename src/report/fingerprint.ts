import { hash } from 'node:crypto';
import { serialize } from 'node:v8';
import type { SeriesPoint, TestAnalysis, TestSummary } from '../model/analysis.ts';
import type { TestMatter } from './testPages.ts';

/** A text that differs when the values differ. */
function digest(value: unknown): string {
  return hash('sha1', serialize(value), 'base64');
}

/** Calls `work` once for each object. */
function once<Key extends object>(work: (key: Key) => string): (key: Key) => string {
  const known = new WeakMap<Key, string>();
  return (key) => {
    const before = known.get(key);
    if (before !== undefined) return before;
    const made = work(key);
    known.set(key, made);
    return made;
  };
}

/** Every field of a point as a number: hundreds of points as one array are serialised four times as fast as objects. */
const columns: { readonly [Field in keyof SeriesPoint]: (point: SeriesPoint) => number } = {
  at: ({ at }) => at,
  variant: ({ variant }) => Number.parseInt(variant, 36),
  rttMs: ({ rttMs }) => rttMs ?? Number.NaN,
  reached: ({ reached }) => Number(reached),
  hops: ({ hops }) => hops,
  pathMtu: ({ pathMtu }) => pathMtu ?? Number.NaN,
};
const numbersOf = Object.values(columns);

function numbered(series: readonly SeriesPoint[]): Float64Array {
  const numbers = new Float64Array(series.length * numbersOf.length);
  let next = 0;
  for (const point of series) for (const numberOf of numbersOf) numbers[next++] = numberOf(point);
  return numbers;
}

/** What the pages may tell of an analysis: all but where its window lies, which moves with every run. */
const analysisDigest = once((analysis: TestAnalysis) =>
  digest([{ ...analysis, window: null, series: null }, numbered(analysis.series)]),
);

const relatedDigest = once((related: readonly TestSummary[]) => digest(related));

/** A list, or the values of a map, with what it has from another as places in that. A responder tells its address itself. */
function beyond(own: unknown, extended: unknown): unknown {
  if (own instanceof Map && extended instanceof Map) {
    return beyond([...own.values()], [...extended.values()]);
  }
  if (!Array.isArray(own) || !Array.isArray(extended)) return extended;
  const places = new Map(own.map((entry, place) => [entry, place]));
  return extended.map((entry) => places.get(entry) ?? entry);
}

/**
 * Tells apart everything that `testPages` makes other pages from: same text, same pages. What is left out here on purpose (the
 * window and the moment of the run) no page of a test may print.
 */
export function testPagesFingerprint(matter: TestMatter): string {
  const { analysis, site, related, history, others, changes, drawn, ...more } = matter;
  more satisfies Record<string, never>;
  const own = analysis as unknown as Record<string, unknown>;
  const extended = Object.entries(history).flatMap(([field, value]) =>
    own[field] === value ? [] : [[field, beyond(own[field], value)]],
  );
  const frame = { ...site, window: null, generatedAt: null };
  const tests = [analysis, ...others].map(analysisDigest);
  return digest([tests, frame, relatedDigest(related), extended, changes, drawn]);
}
