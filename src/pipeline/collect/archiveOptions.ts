import { resolve } from 'node:path';
import type { ArchiveConfig, Config } from '../../config/load.ts';
import { parseCertificateFingerprint } from '../../lib/certificateFingerprint.ts';
import { ExpectedError } from '../../lib/errors.ts';
import { exitCodes } from '../../lib/exitCodes.ts';
import { orUsageError, usageError } from '../../lib/usageError.ts';
import { archiveId } from '../../sources/archives.ts';
import type { ArchiveOptions } from '../../sources/types.ts';
import { readPem } from '../readPem.ts';
import { authorizationFor } from './archiveLogin.ts';

/** Options of the command line that override the configuration. */
export interface ArchiveOverrides {
  readonly insecure?: boolean;
  /** Each `FILE`, or `ARCHIVE=FILE` for one archive. */
  readonly ca?: readonly string[];
  /** Each 64 hexadecimal digits, or `ARCHIVE=DIGITS` for one archive. */
  readonly fingerprint?: readonly string[];
  readonly concurrency?: number;
}

/**
 * The share of a run's time that one archive may take: while it waits for a slow one, a run is late
 * for all others.
 */
const archiveShare = 0.5;

/**
 * The options of each archive of a run: of those named on the command line, else of those in the
 * configuration. The settings of an archive in the configuration apply in both cases. Throws a
 * `UsageError`.
 */
export function resolveArchiveOptions(
  names: readonly string[],
  config: Config,
  options: ArchiveOverrides,
): ArchiveOptions[] {
  if (names.length === 0 && config.archives.length === 0) {
    throw usageError(
      'No archive is given.',
      'Name one, as in: pstrace ma.example.org 24h; or add it to the configuration under [[archive]]. Without any archive: --mtr-only.',
    );
  }
  const configured = new Map(
    config.archives.map((archive) => [
      parseArchiveId(archive.url, exitCodes.configuration),
      archive,
    ]),
  );
  const requested = new Map(
    names.map((name) => [parseArchiveId(name, exitCodes.usage), defaultArchiveConfig(name)]),
  );
  const ids = [...(names.length === 0 ? configured.keys() : requested.keys())];
  const caFiles = parseCaFiles(options.ca ?? [], ids);
  const fingerprints = parseFingerprints(options.fingerprint ?? [], ids);
  const selected = names.length === 0 ? configured : requested;
  return [...selected].map(([id, { url }]): ArchiveOptions => {
    const archive = configured.get(id) ?? defaultArchiveConfig(url);
    const { caFile, fingerprint, insecure, concurrency, metrics } = archive;
    const file = caFiles.get(id) ?? caFiles.get(everyArchive) ?? caFile;
    return {
      url,
      caPem: file === null ? null : readPem(file),
      fingerprint: fingerprints.get(id) ?? fingerprint,
      insecure: options.insecure ?? insecure,
      authorization: authorizationFor(archive),
      concurrency: options.concurrency ?? concurrency ?? config.concurrency,
      metrics,
      timeoutSeconds: config.timeoutSeconds,
      retries: config.retries,
      maxResponseBytes: config.maxResponseBytes,
      maxTotalBytes: config.maxTotalBytes,
      maxTotalSeconds: config.runLimitSeconds * archiveShare,
    };
  });
}

const defaultArchiveConfig = (url: string): ArchiveConfig => ({
  url,
  caFile: null,
  fingerprint: null,
  insecure: false,
  user: null,
  passwordFile: null,
  apiKeyFile: null,
  concurrency: null,
  metrics: [],
});

const parseArchiveId = (url: string, exitCode: (typeof exitCodes)['usage' | 'configuration']) =>
  orUsageError(exitCode, () => archiveId(url));

const everyArchive = '';

/**
 * `--ca FILE` and `--ca ARCHIVE=FILE` by archive id. A `=` after another text is part of the file
 * name.
 */
function parseCaFiles(values: readonly string[], ids: readonly string[]): Map<string, string> {
  return new Map(
    values.map((value) => {
      const [name = '', ...file] = value.split('=');
      const id = file.length > 0 ? findArchiveId(name, ids) : null;
      return id === null ? [everyArchive, resolve(value)] : [id, resolve(file.join('='))];
    }),
  );
}

/**
 * `--fingerprint DIGITS` for a single archive and `--fingerprint ARCHIVE=DIGITS`, by archive id.
 */
function parseFingerprints(values: readonly string[], ids: readonly string[]) {
  return new Map(
    values.map((value) => {
      const digits = parseCertificateFingerprint(value);
      const [only, ...others] = ids;
      if (digits !== null && only !== undefined && others.length === 0) return [only, digits];
      const [name = '', ...rest] = value.split('=');
      const id = findArchiveId(name, ids);
      const ownDigits = parseCertificateFingerprint(rest.join('='));
      if (id !== null && ownDigits !== null) return [id, ownDigits];
      throw usageError(
        '--fingerprint does not identify a certificate.',
        'Give the 64 hexadecimal digits that openssl x509 -noout -fingerprint -sha256 prints; with several archives, ARCHIVE=DIGITS for each.',
      );
    }),
  );
}

function findArchiveId(name: string, ids: readonly string[]): string | null {
  // A URL is no file name, and an error message about a file could show a password in it.
  if (name.includes('://')) parseArchiveId(name, exitCodes.usage);
  try {
    return ids.find((id) => id === archiveId(name)) ?? null;
  } catch (error) {
    if (error instanceof ExpectedError) return null;
    throw error;
  }
}
