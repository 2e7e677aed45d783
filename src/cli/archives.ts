import { resolve } from 'node:path';
import type { ArchiveConfig, Config } from '../config/load.ts';
import { ExpectedError } from '../lib/errors.ts';
import { readText } from '../lib/files.ts';
import { parseFingerprint } from '../lib/fingerprint.ts';
import { certificatesIn } from '../lib/http/certificates.ts';
import { type ArchiveOptions, archiveId } from '../sources/esmond/archive.ts';
import { exitCodes } from './exitCodes.ts';
import type { RunOptions } from './options.ts';
import { orRefuse, usage } from './refusal.ts';

/**
 * The archives of a run, each once: those named on the command line, else those of the configuration. A named
 * archive that the configuration knows takes its settings from there. Throws a `Refusal`.
 */
export function archiveOptions(
  names: readonly string[],
  config: Config,
  options: RunOptions,
): ArchiveOptions[] {
  if (names.length === 0 && config.archives.length === 0) {
    throw usage(
      'No archive is given.',
      'Name one, as in: pstrace ma.example.org 24h; or write it into the configuration under [[archive]]. For mtr alone: --mtr-only.',
    );
  }
  const known = new Map(
    config.archives.map((archive) => [idOf(archive.url, exitCodes.configuration), archive]),
  );
  const wanted = new Map(names.map((name) => [idOf(name, exitCodes.usage), plain(name)]));
  const ids = [...(names.length === 0 ? known.keys() : wanted.keys())];
  const ca = trustedFiles(options.ca ?? [], ids);
  const pins = pinnedCertificates(options.fingerprint ?? [], ids);
  const chosen = names.length === 0 ? known : wanted;
  return [...chosen].map(([id, { url }]): ArchiveOptions => {
    const { caFile, fingerprint, insecure, concurrency } = known.get(id) ?? plain(url);
    const file = ca.get(id) ?? ca.get(everyArchive) ?? caFile;
    return {
      url,
      caPem: file === null ? null : readPem(file),
      fingerprint: pins.get(id) ?? fingerprint,
      insecure: options.insecure ?? insecure,
      concurrency: options.concurrency ?? concurrency ?? config.concurrency,
      timeoutSeconds: config.timeoutSeconds,
      retries: config.retries,
      maxAnswerBytes: config.maxAnswerBytes,
      maxTotalBytes: config.maxTotalBytes,
    };
  });
}

const plain = (url: string): ArchiveConfig => ({
  url,
  caFile: null,
  fingerprint: null,
  insecure: false,
  concurrency: null,
});

const idOf = (url: string, exitCode: (typeof exitCodes)['usage' | 'configuration']) =>
  orRefuse(exitCode, () => archiveId(url));

const everyArchive = '';

/** `--ca FILE` and `--ca ARCHIVE=FILE` by the id of the archive; a `=` after anything else belongs to the file. */
function trustedFiles(values: readonly string[], ids: readonly string[]): Map<string, string> {
  return new Map(
    values.map((value) => {
      const [name = '', ...file] = value.split('=');
      const id = file.length > 0 ? knownId(name, ids) : null;
      return id === null ? [everyArchive, resolve(value)] : [id, resolve(file.join('='))];
    }),
  );
}

/** `--fingerprint DIGITS`, for a single archive, and `--fingerprint ARCHIVE=DIGITS`, by the id of the archive. */
function pinnedCertificates(values: readonly string[], ids: readonly string[]) {
  return new Map(
    values.map((value) => {
      const digits = parseFingerprint(value);
      const [only, ...others] = ids;
      if (digits !== null && only !== undefined && others.length === 0) return [only, digits];
      const [name = '', ...rest] = value.split('=');
      const id = knownId(name, ids);
      const own = parseFingerprint(rest.join('='));
      if (id !== null && own !== null) return [id, own];
      throw usage(
        '--fingerprint does not tell which certificate is meant.',
        'Give the 64 hexadecimal digits that openssl x509 -noout -fingerprint -sha256 prints; of several archives, ARCHIVE=DIGITS for each.',
      );
    }),
  );
}

function knownId(name: string, ids: readonly string[]): string | null {
  // Surely no file; told as one, a password in it would show.
  if (name.includes('://')) idOf(name, exitCodes.usage);
  try {
    return ids.find((id) => id === archiveId(name)) ?? null;
  } catch (error) {
    if (error instanceof ExpectedError) return null;
    throw error;
  }
}

/** PEM certificates of a file. Throws a `Refusal`, also where there are none in it. */
export function readPem(file: string): string {
  return orRefuse(exitCodes.configuration, () => {
    const pem = readText(file, 'the certificates');
    certificatesIn(pem, file);
    return pem;
  });
}
