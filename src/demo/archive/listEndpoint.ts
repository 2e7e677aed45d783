import type { DemoArchive } from './demoArchive.ts';
import { matchesFilters } from './listFilters.ts';
import { listPage, type PageRange, timeWindow } from './queryParameters.ts';
import { type DemoResponse, jsonResponse } from './response.ts';
import { testsOfElmond, testsOfEsmond } from './testList.ts';
import { archivePath, type DemoMetadata } from './testMetadata.ts';

/** Responds with a page of the filtered list of tests. Its first element has the paging keys. */
export function respondList(archive: DemoArchive, query: URLSearchParams): DemoResponse {
  const { dialect } = archive;
  const page = listPage(query, dialect);
  const window = timeWindow(query, archive.now());
  const tests = dialect === 'esmond' ? testsOfEsmond : testsOfElmond;
  const found = tests(archive, query, window).filter((test) =>
    matchesFilters(archive, test, query),
  );
  const [first, ...rest] = found.slice(page.offset, page.offset + page.limit);
  if (first === undefined) return jsonResponse(dialect, []);
  const next = nextPage(archive, query, page, found.length);
  const firstEntry: DemoMetadata = {
    ...first,
    'metadata-count-total': found.length,
    'metadata-next-page': next,
    'metadata-previous-page': previousPage(archive, query, page),
  };
  const link: Record<string, string> =
    dialect === 'esmond' && next !== null ? { link: `<${next}>; rel="next"` } : {};
  return jsonResponse(dialect, [sortKeys(firstEntry), ...rest], link);
}

/** The next page of elmond has at most the remaining tests. */
function nextPage(
  archive: DemoArchive,
  query: URLSearchParams,
  page: PageRange,
  total: number,
): string | null {
  const offset = page.offset + page.limit;
  if (offset >= total) return null;
  const limit = archive.dialect === 'elmond' ? Math.min(page.limit, total - offset) : page.limit;
  return pageUrl(archive, query, { limit, offset });
}

function previousPage(
  archive: DemoArchive,
  query: URLSearchParams,
  page: PageRange,
): string | null {
  if (page.offset === 0) return null;
  return pageUrl(archive, query, {
    limit: page.limit,
    offset: Math.max(0, page.offset - page.limit),
  });
}

function pageUrl(archive: DemoArchive, query: URLSearchParams, page: PageRange): string {
  const pageQuery = new URLSearchParams(query);
  pageQuery.set('limit', String(page.limit));
  pageQuery.set('offset', String(page.offset));
  return `${archive.origin}${archivePath}/?${pageQuery}`;
}

function sortKeys(metadata: DemoMetadata): DemoMetadata {
  return Object.fromEntries(Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1)));
}
