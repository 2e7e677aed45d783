import type { Log } from '../../lib/log.ts';
import type { Archive, ArchiveOptions } from '../types.ts';
import { openApi } from './archiveApi.ts';
import { listTests } from './listTests.ts';
import { readTraces } from './readTraces.ts';

/**
 * Opens an archive (esmond 1.x, esmond 4.x or elmond) without a request. Throws an `ExpectedError`
 * for an unusable address or CA file.
 */
export function openArchive(options: ArchiveOptions, log: Log): Archive {
  const api = openApi(options, log);
  return {
    id: api.id,
    get url() {
      return api.base();
    },
    listTests: (window) => listTests(api, window),
    readTraces: (test, window) => readTraces(api, test, window),
    counters: api.counters,
    clock: api.clock,
    close: () => api.close(),
  };
}
