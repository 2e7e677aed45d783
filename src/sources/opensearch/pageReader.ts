import { HttpError } from '../../lib/http/httpError.ts';
import type { PageEnd, PageRequest, SearchBody } from './queries.ts';
import { type PageContext, parsePage, type ResultPage } from './resultPage.ts';
import type { SearchApi } from './searchApi.ts';

/** Reads searches page by page. */
export interface PageReader {
  /** The pages of a search, whose body `query` makes. Rejects with an `ExpectedError`. */
  read(query: (page: PageRequest) => SearchBody): AsyncGenerator<ResultPage>;
}

/** Documents of a page: about 2 MB. More are not faster. */
const maxPageSize = 1000;

/**
 * Creates a reader whose pages have as many documents as fit into a response. A document that does
 * not fit by itself is left out and reported.
 */
export function createPageReader(api: SearchApi, context: PageContext): PageReader {
  let size = maxPageSize;

  const readPage = async (
    query: (page: PageRequest) => SearchBody,
    after: PageEnd,
  ): Promise<{ readonly page: ResultPage; readonly isLast: boolean }> => {
    for (;;) {
      try {
        const requested = size;
        const body = query({ size: requested, after });
        const page = await api.search(body, (response) => parsePage(response, context));
        size = Math.min(maxPageSize, size * 2);
        return { page, isLast: page.hits < requested };
      } catch (error) {
        if (!(error instanceof HttpError && error.reason === 'too-large')) throw error;
        if (size === 1) return { page: await stepOver(query, after), isLast: false };
        size >>= 1;
      }
    }
  };

  /** An empty page that ends after the next document, which is too large. */
  const stepOver = (query: (page: PageRequest) => SearchBody, after: PageEnd) =>
    api.search(query({ size: 1, after, isBlind: true }), (response) =>
      parsePage(response, context),
    );

  return {
    async *read(query) {
      let after: PageEnd = null;
      for (;;) {
        const { page, isLast } = await readPage(query, after);
        yield page;
        if (isLast || page.end === null) return;
        after = page.end;
      }
    },
  };
}
