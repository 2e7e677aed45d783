import type { Log } from '../../lib/log.ts';
import type { ArchiveOptions, StreamArchive } from '../types.ts';
import { pschedulerDialect } from './pschedulerDocument.ts';
import { readMetrics } from './readMetrics.ts';
import { readStream } from './readStream.ts';
import { openSearchApi } from './searchApi.ts';
import type { StreamAddress } from './streamAddress.ts';

/**
 * Opens the OpenSearch of an archive without a request. Throws an `ExpectedError` for an unusable
 * CA file, and for a password or a pinned certificate with http.
 */
export function openStreamArchive(
  address: StreamAddress,
  options: ArchiveOptions,
  log: Log,
): StreamArchive {
  const api = openSearchApi(address, options, log);
  return {
    id: address.id,
    get url() {
      return api.base();
    },
    probe: api.probe,
    read: (request) => readStream(api, request),
    readMetrics:
      address.dialect === pschedulerDialect ? (request) => readMetrics(api, request) : null,
    counters: api.counters,
    clock: api.clock,
    close: api.close,
  };
}
