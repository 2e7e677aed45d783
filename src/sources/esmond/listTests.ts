import { ExpectedError } from '../../lib/errors.ts';
import type { JsonDocument } from '../../lib/http/types.ts';
import type { Problem } from '../../model/run/problem.ts';
import type { Interval } from '../../model/trace/trace.ts';
import { numberOf } from '../probeValues.ts';
import type { TestDescription, TestList } from '../types.ts';
import { answerList } from './answerList.ts';
import type { ArchiveApi } from './archiveApi.ts';
import { withListRemedy } from './listFailure.ts';
import { describeTest, isElmondKey } from './testMetadata.ts';

/** elmond sends at most 10000 tests and 1000 by default, old esmonds 1000 by default. */
const pageSize = 1000;
/** Pages after which the list of an archive counts as endless. */
const maxPages = 200;
/** Most tests of an archive; further ones are not read. */
export const maxListedTests = 20_000;
/** Elements of all kinds after which a list counts as endless. */
const maxElements = 100_000;
/** Longer keys are invalid. */
const maxKeyLength = 128;

/**
 * Lists every traceroute test with results since `window.from`. The request omits the end of the
 * window: esmond compares it with the time of the last result, so it would hide every active test.
 */
export async function listTests(api: ArchiveApi, window: Interval): Promise<TestList> {
  const found: FoundTests = { keys: new Set(), tests: new Map(), faults: 0, firstFault: '' };
  const end = await readPages(api, window.from, found);
  const tests = [...found.tests.values()].slice(0, maxListedTests);
  const problems = found.faults > 0 ? [damagedTestsProblem(api.id, found)] : [];
  if (end === 'endless') problems.push(endlessListProblem(api.id));
  if (end === 'full') problems.push(fullListProblem(api.id));
  if (found.keys.size === 0) problems.push(await emptyArchiveProblem(api, window));
  const isComplete = found.keys.size > 0 && end === 'complete';
  return { tests, mayHideResults: tests.some(({ key }) => isElmondKey(key)), isComplete, problems };
}

/** The tests of all pages so far. Nothing else of a page is retained. */
interface FoundTests {
  /** The keys of all elements; an element without a key stands for itself. */
  readonly keys: Set<unknown>;
  /** By key. */
  readonly tests: Map<string, TestDescription>;
  /** Number of invalid tests. */
  faults: number;
  firstFault: string;
}

/** One page, whose tests are among those found. */
interface ListPage {
  readonly hasNew: boolean;
  /**
   * `metadata-count-total`: the tests of all pages, approximate in large elmonds; null on an empty
   * page.
   */
  readonly total: number | null;
  /** The server's offset of the next page; null for none. */
  readonly next: number | null;
}

/**
 * Fetches pages until they bring nothing new. Pages may be short or empty in the middle (elmond
 * omits incomplete tests), may repeat tests (the newest come first), and their number may change
 * during the requests. So only keys decide which tests are new.
 */
async function readPages(
  api: ArchiveApi,
  from: number,
  found: FoundTests,
): Promise<'complete' | 'endless' | 'full'> {
  const first = await readPage(api, from, 0, found);
  const { total, next } = first;
  if (total !== null && total <= pageSize && next === null) return 'complete';
  let position = advance({ count: 0, offset: 0, pagesWithoutNew: 0 }, first);
  for (let pages = 1; pages < maxPages; pages += 1) {
    if (isListEnd(position)) {
      if (position.count !== total) await readPage(api, from, 0, found);
      return 'complete';
    }
    if (found.tests.size > maxListedTests) return 'full';
    if (found.keys.size > maxElements) return 'endless';
    position = advance(position, await readPage(api, from, position.offset, found));
  }
  return 'endless';
}

/** How far a list was read. */
interface ListPosition {
  /** Number of tests, by the last page that states it. */
  readonly count: number;
  /** Offset of the next page. */
  readonly offset: number;
  readonly pagesWithoutNew: number;
}

function advance({ count, offset, pagesWithoutNew }: ListPosition, page: ListPage): ListPosition {
  return {
    count: page.total ?? count,
    offset: page.next ?? offset + pageSize,
    pagesWithoutNew: page.hasNew ? 0 : pagesWithoutNew + 1,
  };
}

function isListEnd({ count, offset, pagesWithoutNew }: ListPosition): boolean {
  return pagesWithoutNew >= (offset >= count ? 1 : 2);
}

async function readPage(
  api: ArchiveApi,
  from: number,
  offset: number,
  found: FoundTests,
): Promise<ListPage> {
  const query = { 'event-type': 'packet-trace', 'time-start': from, limit: pageSize, offset };
  const parse = (document: JsonDocument) => {
    const elements = answerList(document, api.id);
    const before = found.keys.size;
    for (const element of elements) addTest(element, api.id, from, found);
    const head = (elements[0] ?? {}) as Readonly<Record<string, unknown>>;
    const total = numberOf(head['metadata-count-total']);
    return {
      hasNew: found.keys.size > before,
      total: Number.isSafeInteger(total) ? total : null,
      next: nextOffset(head['metadata-next-page'], offset),
    };
  };
  return api.get('/', query, parse).catch((error) => {
    throw withListRemedy(error, api.base());
  });
}

function addTest(element: unknown, archive: string, from: number, found: FoundTests): void {
  const key = (element as { 'metadata-key'?: unknown } | null)?.['metadata-key'];
  const identity = typeof key === 'string' && key.length <= maxKeyLength ? key : Symbol();
  if (found.keys.has(identity) || found.tests.size > maxListedTests) return;
  found.keys.add(identity);
  const test = describeTest(element, archive, from);
  if (typeof test === 'string') {
    if (found.faults === 0) found.firstFault = test;
    found.faults += 1;
  } else if (test !== null) found.tests.set(test.key, test);
}

/** Uses only the offset of the link: behind a proxy, scheme and host may be internal ones. */
function nextOffset(link: unknown, offset: number): number | null {
  if (typeof link !== 'string') return null;
  const next = Number(URL.parse(link, 'https://archive.invalid')?.searchParams.get('offset'));
  return next > offset && next <= offset + pageSize ? next : offset + pageSize;
}

function damagedTestsProblem(
  archive: string,
  { faults, firstFault }: Pick<FoundTests, 'faults' | 'firstFault'>,
): Problem {
  return {
    kind: 'invalid-response',
    subject: archive,
    message: `Ignored invalid tests of the list: ${faults}, the first ${firstFault}.`,
    remedy: null,
  };
}

function endlessListProblem(archive: string): Problem {
  return {
    kind: 'invalid-response',
    subject: archive,
    message: `The list does not end: each of ${maxPages} pages had new tests.`,
    remedy: null,
  };
}

function fullListProblem(archive: string): Problem {
  return {
    kind: 'invalid-response',
    subject: archive,
    message: `The list has more than ${maxListedTests} tests. pstrace reads the first ones.`,
    remedy: 'Divide the mesh between several archives, or the tests between several runs.',
  };
}

/**
 * An archive responds to a wrong filter as if it had no results, so another request asks for
 * results of any kind.
 */
async function emptyArchiveProblem(api: ArchiveApi, window: Interval): Promise<Problem> {
  return {
    kind: 'not-found',
    subject: api.id,
    message: `The archive has ${await describeOtherResults(api, window.from)}.`,
    remedy: 'Check that the tests of the mesh run, and that they write to this archive.',
  };
}

async function describeOtherResults(api: ArchiveApi, from: number): Promise<string> {
  try {
    const query = { limit: 1, 'time-start': from };
    const [other] = await api.get('/', query, (document) => answerList(document, api.id));
    if (other === undefined) return 'no results of any kind since the start of the window';
    return 'no traceroute results since the start of the window, only others';
  } catch (error) {
    if (error instanceof ExpectedError)
      return 'no traceroute results since the start of the window';
    throw error;
  }
}
