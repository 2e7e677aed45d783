import { hash } from 'node:crypto';
import type { RouteVariant, TestAnalysis } from '../model/site/analysis.ts';
import type { Test } from '../model/test/test.ts';
import { formatInterval } from '../model/values/format.ts';
import { historySegments } from './history/alternation.ts';
import type { TestPageInput } from './testPages.ts';

/** The facts that the pages of a test show, as pstrace records them. Times are epoch seconds. */
export interface PageFacts {
  /** Digest of all facts but the routes. */
  readonly others: string;
  /** Digest of each route by letter, with the start of its newest trace. */
  readonly routes: Readonly<Record<string, readonly [digest: string, seenAt: number]>>;
  /** The routes in use at the end, and since when. */
  readonly current: { readonly letters: string; readonly from: number };
}

/** The pages of a test as they were drawn. */
export interface DrawnPages {
  /** The end of the window of the run that drew them, epoch seconds. */
  readonly at: number;
  /** Start of the newest trace that they show, epoch seconds; null for none. */
  readonly newestAt: number | null;
  /** Paths of the pictures that they link to, without extension. */
  readonly pictures: readonly string[];
  readonly facts: PageFacts;
}

/** Length of the digest of a route: a test has a few dozen routes. */
const routeDigestLength = 8;

/** The input of pages that is read at every run. */
type FactsInput = Omit<TestPageInput, 'history' | 'picturePaths' | 'relatedAnalyses'>;

/** The facts of a test: its input without counters, and without times that each trace moves. */
export function pageFacts(input: FactsInput): PageFacts {
  const { analysis } = input;
  return {
    others: otherFactsDigest(input),
    routes: Object.fromEntries(
      analysis.variants.map((each) => [
        each.letter,
        [routeDigest(each, analysis.responders), each.lastSeen],
      ]),
    ),
    current: currentRoutes(analysis),
  };
}

/**
 * Whether pages of `drawn` still show the facts of now. Routes may leave the window, whose oldest
 * trace started at `oldestAt`.
 */
export function isUpToDate(drawn: PageFacts, now: PageFacts, oldestAt: number): boolean {
  const isSameRoute = ([letter, [digest]]: [string, readonly [string, number]]) =>
    drawn.routes[letter]?.[0] === digest;
  const letters = new Set(drawn.current.letters.split(' '));
  return (
    drawn.others === now.others &&
    Object.entries(now.routes).every(isSameRoute) &&
    now.current.letters.split(' ').every((letter) => letters.has(letter)) &&
    (now.current.from === drawn.current.from || now.current.from === oldestAt)
  );
}

function digest(value: unknown): string {
  return hash('sha1', JSON.stringify(value), 'base64');
}

function otherFactsDigest({
  analysis,
  site,
  keys,
  retired,
  related,
  changes,
  metrics,
}: FactsInput): string {
  const { test, state, problems, failures } = analysis;
  const httpArchives = [...(site.httpArchives ?? [])];
  return digest([
    site.window.to - site.window.from,
    { ...site, window: null, generatedAt: null, readAt: null, httpArchives },
    shownTest(test),
    state,
    problems,
    failures.at(-1),
    keys.map(({ newestTraceAt: _, ...key }) => key),
    retired,
    changes,
    related.map((each) => [shownTest(each.test), each.state]),
    // Figures of a day are no news.
    metrics.map(({ days: _, ...each }) => each),
  ]);
}

function shownTest({
  id,
  archive,
  key,
  tool,
  source,
  destination,
  family,
  intervalSeconds,
  taskName,
  parameters,
}: Test): object {
  const ends = { source, destination, family };
  const interval = intervalSeconds === null ? null : formatInterval(intervalSeconds);
  return { id, archive, key, tool, ...ends, interval, taskName, parameters };
}

/** The order of balanced responders says nothing. */
function routeDigest(
  { route, reached }: RouteVariant,
  responders: TestAnalysis['responders'],
): string {
  const hops = route.map(({ ttl, addresses, asn }) => [
    ttl,
    asn,
    addresses.toSorted().map((address) => responders.get(address)),
  ]);
  return digest([reached, hops]).slice(0, routeDigestLength);
}

/** The routes of the newest part of the history: one, or those that alternate. */
function currentRoutes({ periods }: TestAnalysis): PageFacts['current'] {
  const newest = historySegments(periods).at(-1);
  const first = newest && periods[newest.first];
  if (newest === undefined || first === undefined) return { letters: '', from: 0 };
  const letters =
    newest.variants.length > 0 ? newest.variants.map(({ letter }) => letter) : [first.variant];
  const reached = first.reached ? '' : ' unreached';
  return { letters: letters.toSorted().join(' ') + reached, from: first.from };
}
