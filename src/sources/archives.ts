import type { Log } from '../lib/log.ts';
import { openArchive } from './esmond/archive.ts';
import { parseArchiveAddress } from './esmond/archiveAddress.ts';
import { parseStreamAddress } from './opensearch/streamAddress.ts';
import { openStreamArchive } from './opensearch/streamArchive.ts';
import type { Archive, ArchiveOptions, StreamArchive } from './types.ts';

/** The ways to read an archive, at least one: as a stream, which costs less, or test by test. */
export interface ArchiveReaders {
  readonly stream: StreamArchive | null;
  readonly tests: Archive | null;
}

/**
 * Opens an archive of any kind without a request. Throws an `ExpectedError` for an unusable
 * address, CA file or password.
 */
export function openArchiveReaders(options: ArchiveOptions, log: Log): ArchiveReaders {
  const address = parseStreamAddress(options.url);
  return {
    stream: address === null ? null : openStreamArchive(address, options, log),
    tests: address?.isExplicit ? null : openArchive(options, log),
  };
}

/**
 * Identity of an archive: `host[:port]/path`, without scheme and without the ports 80 and 443, so
 * that it survives a move from http to https, and from elmond to OpenSearch. Throws an
 * `ExpectedError` for an invalid address.
 */
export function archiveId(url: string): string {
  return parseStreamAddress(url)?.id ?? parseArchiveAddress(url).id;
}
