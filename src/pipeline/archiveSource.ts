import type { MetricName } from '../model/metric/metric.ts';
import type { ArchiveReaders } from '../sources/archives.ts';
import type { ArchiveConnection } from '../sources/types.ts';

/** The ways to read an archive, at least one, what to read, and how many tests at a time. */
export interface ArchiveSource extends ArchiveReaders {
  readonly concurrency: number;
  /** Daily figures to read besides traces; absent for none. */
  readonly metrics?: readonly MetricName[];
}

/** The connections to an archive, the first one to use first. */
export function connectionsOf({
  stream,
  tests,
}: ArchiveReaders): [ArchiveConnection, ...ArchiveConnection[]] {
  const [first, ...others] = [stream, tests].filter((connection) => connection !== null);
  if (first === undefined) throw new Error('an archive without a connection');
  return [first, ...others];
}
