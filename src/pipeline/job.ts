import type { Config } from '../config/load.ts';
import { exitCodes } from '../lib/exitCodes.ts';
import { orUsageError, UsageError, usageError } from '../lib/usageError.ts';
import { openArchiveReaders } from '../sources/archives.ts';
import type { ArchiveOptions } from '../sources/types.ts';
import type { ArchiveSource } from './archiveSource.ts';
import { type ArchiveOverrides, resolveArchiveOptions } from './collect/archiveOptions.ts';
import { loadAlertSettings } from './notify/alertSettings.ts';
import { windowUntil } from './publish/siteContext.ts';
import type { RunJob } from './runContext.ts';
import type { Session } from './session.ts';

/** A run as requested on the command line. The configuration supplies the rest. */
export interface RunRequest {
  /** Host, host:port or base URL; empty for all archives of the configuration. */
  readonly archives: readonly string[];
  readonly windowSeconds: number | null;
  /** End of the window in epoch seconds; null for now. */
  readonly until: number | null;
  /** Request the whole window again, also what earlier runs have read. */
  readonly again: boolean;
  /** Read no archive. */
  readonly mtrOnly: boolean;
  readonly overrides: ArchiveOverrides;
}

/** Opens the archives of a request. Throws a `UsageError` for a contradictory or wrong request. */
export function createRunJob(
  { archives: names, windowSeconds, until, again, mtrOnly, overrides }: RunRequest,
  config: Config,
  session: Session,
): RunJob {
  for (const hint of config.hints) session.log.warn(hint);
  if (mtrOnly && names.length > 0) {
    throw usageError('--mtr-only reads no archive.', `Omit ${names[0]}, or the option.`);
  }
  const selected = mtrOnly ? [] : resolveArchiveOptions(names, config, overrides);
  const archives = selected.map((options) => openSource(options, session));
  const to = until ?? session.now;
  return {
    archives,
    window: windowUntil(to, windowSeconds ?? config.windowSeconds),
    again,
    config,
    alerts: loadAlertSettings(config, session),
  };
}

/** Throws a `UsageError` if the archive can never have the metrics that it is to be read for. */
function openSource(options: ArchiveOptions, { log }: Pick<Session, 'log'>): ArchiveSource {
  const { url, concurrency, metrics = [] } = options;
  const readers = orUsageError(exitCodes.configuration, () => openArchiveReaders(options, log));
  if (metrics.length > 0 && !readers.stream?.readMetrics) {
    throw new UsageError(exitCodes.configuration, [
      {
        kind: 'misconfigured',
        subject: url,
        message: `${url} has no metrics that pstrace can read: they require the OpenSearch of a perfSONAR 5 archive.`,
        remedy:
          'Give its address, such as https://ma.example.org/opensearch, or omit metrics of this [[archive]].',
      },
    ]);
  }
  return { ...readers, concurrency, metrics };
}
