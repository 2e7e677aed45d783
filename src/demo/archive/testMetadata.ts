import { createHash } from 'node:crypto';
import type { Family } from '../../model/test/test.ts';
import type { DemoTest } from '../demoMesh.ts';
import type { ArchiveDialect } from './response.ts';

/** Path of the archive on the server. */
export const archivePath = '/esmond/perfsonar/archive';

/** Event types of a trace test with the time of their last result, epoch seconds or null. */
export type Updates = Readonly<Record<string, number | null>>;

/** Flat metadata of one test, keys sorted as elmond prints them. */
export type DemoMetadata = Readonly<Record<string, unknown>>;

/** The archive's key of a test: 32 hex digits from esmond, 64 from elmond. */
export function metadataKey(test: DemoTest, dialect: ArchiveDialect): string {
  return createHash(dialect === 'esmond' ? 'md5' : 'sha256')
    .update(`demo ${test.id}`)
    .digest('hex');
}

/**
 * The metadata of a test in the archive's list. `addressOf` returns a host's address by id and
 * family; `selfUrl` is the URL, a wrong one, that the server reports for the test.
 */
export function buildMetadata(
  test: DemoTest,
  dialect: ArchiveDialect,
  updates: Updates,
  addressOf: (host: string, family: Family) => string,
  selfUrl: string,
): DemoMetadata {
  const key = metadataKey(test, dialect);
  const source = addressOf(test.source.id, test.family);
  const scalar = (value: number, text: string): number | string => {
    return dialect === 'esmond' ? text : value;
  };
  const metadata: Record<string, unknown> = {
    url: selfUrl,
    uri: `${archivePath}/${key}${dialect === 'esmond' ? '/' : ''}`,
    'metadata-key': key,
    'subject-type': 'point-to-point',
    source,
    destination: addressOf(test.destination.id, test.family),
    'measurement-agent': source,
    'input-source': test.source.host,
    'input-destination': test.destination.host,
    'tool-name': `pscheduler/${test.tool}`,
    'pscheduler-test-type': 'trace',
    'time-duration': scalar(30, '30.0'),
    'pscheduler-reference-display-task-name': `Demo mesh ${test.tool} (IPv${test.family})`,
    'pscheduler-reference-display-task-group-0': 'Demo mesh',
    'pscheduler-reference-psconfig-created-by-user-agent': 'psconfig-pscheduler-agent',
    'event-types': eventTypes(key, dialect, updates),
  };
  if (test.tool === 'paris-traceroute') metadata['trace-algorithm'] = 'paris-traceroute';
  if (test.tool === 'tracepath') metadata['trace-max-ttl'] = scalar(30, '30');
  return Object.fromEntries(Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function eventTypes(key: string, dialect: ArchiveDialect, updates: Updates): unknown[] {
  const window = dialect === 'esmond' ? '' : '/0';
  return Object.entries(updates).map(([name, updated]) => ({
    'base-uri': `${archivePath}/${key}/${name}/base${window}`,
    'event-type': name,
    summaries: [],
    'time-updated': updated,
  }));
}
