import type { Config } from '../../config/load.ts';
import { type ExitCode, exitCodes } from '../../lib/exitCodes.ts';
import { fileFailure } from '../../lib/files.ts';
import type { Family } from '../../model/test/test.ts';
import type { ImportOptions } from '../../sources/mtr/importFacts.ts';
import { importFile, importRuns } from '../../sources/mtr/importRuns.ts';
import type { ImportPart } from '../../sources/types.ts';
import { trustClock } from '../clock/trustClock.ts';
import { logProblems } from '../problems.ts';
import type { Session } from '../session.ts';
import { withStateLock, withStore } from '../stateLock.ts';
import { type IngestResult, ingest, localHostName, sumIngestResults } from './ingest.ts';

/** The name of stdin in messages. */
export const stdinName = 'stdin';

/** Facts about the runs from the command line. They supplement those in the files. */
export interface ImportRequest {
  readonly source?: string;
  readonly destination?: string;
  /** Time of the first run, epoch seconds. */
  readonly time?: number;
  /** Time between runs, seconds. */
  readonly spacing?: number;
  readonly family?: Family;
  readonly protocol?: ImportOptions['protocol'];
  readonly port?: number;
}

/**
 * Stores the output of mtr, traceroute and tracepath from files; null means stdin. Throws a
 * `ClockDoubtError`.
 */
export function importFiles(
  files: readonly (string | null)[],
  config: Config,
  options: ImportRequest,
  session: Session,
): Promise<ExitCode> {
  const importOptions = toImportOptions(config, options, session.now);
  return withStateLock(config.state, session, () =>
    withStore(config.state, session, 'write', async (store) => {
      trustClock(store, session.now);
      const display = session.progress.phase('files', files.length);
      const results: IngestResult[] = [];
      for (const file of files) {
        const parts = readParts(file, importOptions);
        results.push(await ingest(file ?? stdinName, parts, store, session));
        display.advance();
      }
      return reportResult(sumIngestResults(results), [...store.problems], session);
    }),
  );
}

function reportResult(
  { runs, newTraces, namedRuns, problems }: IngestResult,
  storeProblems: IngestResult['problems'],
  session: Session,
): ExitCode {
  const all = [...storeProblems, ...problems];
  logProblems(all, session.log, '');
  if (namedRuns > 0) {
    session.log.warn(
      `${namedRuns} of ${runs} runs name hosts without their addresses; such hops count as silent. Run mtr or tracepath with -n or -b, traceroute with -n, and traceroute6 of BSD with -n or -l, to get addresses.`,
    );
  }
  if (runs === 0) {
    session.log.error('no usable runs found; nothing was imported');
    return exitCodes.failed;
  }
  session.log.info('runs imported', { runs, newTraces });
  session.printIfInteractive(`${runs} runs imported, ${newTraces} new traces`);
  return all.length === 0 ? exitCodes.ok : exitCodes.partial;
}

/** The options of an import: the request, this host and the time. */
export function toImportOptions(
  { mtr }: Config,
  options: ImportRequest,
  now: number,
): ImportOptions {
  return {
    source: options.source ?? null,
    destination: options.destination ?? null,
    startedAt: options.time ?? null,
    intervalSeconds: options.spacing ?? null,
    family: options.family ?? null,
    protocol: options.protocol ?? null,
    port: options.port ?? null,
    thisHost: localHostName(mtr),
    now,
  };
}

/** The parts of a file; null means stdin. */
export function readParts(file: string | null, options: ImportOptions): AsyncGenerator<ImportPart> {
  return file === null ? readStdin(options) : importFile(file, options);
}

async function* readStdin(importOptions: ImportOptions): AsyncGenerator<ImportPart> {
  try {
    yield* importRuns({ name: stdinName, chunks: process.stdin, modifiedAt: null }, importOptions);
  } catch (error) {
    throw fileFailure(error, 'cannot read', stdinName);
  }
}
