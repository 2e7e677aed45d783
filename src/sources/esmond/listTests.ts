import { ExpectedError } from '../../lib/errors.ts';
import type { Problem } from '../../model/problem.ts';
import type { Interval } from '../../model/trace.ts';
import { numberOf } from '../probeValues.ts';
import type { TestDescription, TestList } from '../types.ts';
import type { ArchiveApi, QueryParameters } from './archiveApi.ts';
import { invalidAnswerError } from './invalidAnswer.ts';
import { describeTest } from './testMetadata.ts';

/** elmond sends at most 10000 tests and 1000 by default, old esmonds 1000 by default. */
const pageSize = 1000;
/** Pages after which the list of an archive counts as endless. */
const maxPages = 200;

/**
 * Lists every traceroute test with results since `window.from`. The request omits the end of the
 * window: esmond compares it with the time of the last result, so it would hide every active test.
 */
export async function listTests(api: ArchiveApi, window: Interval): Promise<TestList> {
  const { elements, isEndless } = await fetchAllPages(api, window.from);
  const tests = new Map<string, TestDescription>();
  const faults: string[] = [];
  for (const element of elements) {
    const test = describeTest(element, api.id, window.from);
    if (typeof test === 'string') faults.push(test);
    else if (test !== null && !tests.has(test.key)) tests.set(test.key, test);
  }
  const problems = faults.length > 0 ? [damagedTestsProblem(api.id, faults)] : [];
  if (isEndless) problems.push(endlessListProblem(api.id));
  if (elements.length === 0) problems.push(await emptyArchiveProblem(api, window));
  return { tests: [...tests.values()], isComplete: elements.length > 0 && !isEndless, problems };
}

interface ListPage {
  readonly elements: readonly unknown[];
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
async function fetchAllPages(
  api: ArchiveApi,
  from: number,
): Promise<{ elements: unknown[]; isEndless: boolean }> {
  const found = new Map<unknown, unknown>();
  const first = await readPage(api, from, 0);
  const { total, next } = first;
  if (total !== null && total <= pageSize && next === null) return completeList(first.elements);
  let page = first;
  let count = total ?? 0;
  let offset = 0;
  let pagesWithoutNew = 0;
  for (let pages = 1; pages <= maxPages; pages += 1) {
    pagesWithoutNew = addNew(found, page.elements) ? 0 : pagesWithoutNew + 1;
    count = page.total ?? count;
    offset = page.next ?? offset + pageSize;
    if (pagesWithoutNew === 2 || (pagesWithoutNew === 1 && offset >= count)) {
      if (count !== total) addNew(found, (await readPage(api, from, 0)).elements);
      return completeList(found.values());
    }
    page = await readPage(api, from, offset);
  }
  return { elements: [...found.values()], isEndless: true };
}

function completeList(elements: Iterable<unknown>): { elements: unknown[]; isEndless: boolean } {
  return { elements: [...elements], isEndless: false };
}

function addNew(found: Map<unknown, unknown>, elements: readonly unknown[]): boolean {
  const before = found.size;
  for (const element of elements) {
    const key = (element as { 'metadata-key'?: unknown } | null)?.['metadata-key'] ?? element;
    if (!found.has(key)) found.set(key, element);
  }
  return found.size > before;
}

async function readPage(api: ArchiveApi, from: number, offset: number): Promise<ListPage> {
  const query = { 'event-type': 'packet-trace', 'time-start': from, limit: pageSize, offset };
  const elements = await fetchList(api, query);
  const head = (elements[0] ?? {}) as Readonly<Record<string, unknown>>;
  const total = numberOf(head['metadata-count-total']);
  return {
    elements,
    total: Number.isSafeInteger(total) ? total : null,
    next: nextOffset(head['metadata-next-page'], offset),
  };
}

/** Uses only the offset of the link: behind a proxy, scheme and host may be internal ones. */
function nextOffset(link: unknown, offset: number): number | null {
  if (typeof link !== 'string') return null;
  const next = Number(URL.parse(link, 'https://archive.invalid')?.searchParams.get('offset'));
  return next > offset && next <= offset + pageSize ? next : offset + pageSize;
}

async function fetchList(api: ArchiveApi, query: QueryParameters): Promise<readonly unknown[]> {
  const answer = await api.get('/', query, (value) => value);
  if (!Array.isArray(answer)) throw invalidAnswerError(api.id, answer);
  return answer;
}

function damagedTestsProblem(archive: string, faults: readonly string[]): Problem {
  return {
    kind: 'invalid-response',
    subject: archive,
    message: `Ignored invalid tests of the list: ${faults.length}, the first ${faults[0]}.`,
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
    const [other] = await fetchList(api, { limit: 1, 'time-start': from });
    if (other === undefined) return 'no results of any kind since the start of the window';
    return 'no traceroute results since the start of the window, only others';
  } catch (error) {
    if (error instanceof ExpectedError)
      return 'no traceroute results since the start of the window';
    throw error;
  }
}
