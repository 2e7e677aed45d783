import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writePrivateFile } from '../../lib/atomicFile.ts';
import { ExpectedError } from '../../lib/errors.ts';
import {
  ensurePrivateDirectory,
  fileFailure,
  readBoundedText,
  systemCode,
} from '../../lib/files.ts';
import { createHttpClient } from '../../lib/http/client.ts';
import { type JsonObject, jsonObject } from '../../lib/jsonObject.ts';
import { foreignText } from '../../model/run/foreignText.ts';
import type { IncludeRules } from './includeRules.ts';

/** How to fetch templates, and where to store the last good copy of each. */
export interface TemplateOptions {
  /** Folder of the copies, created with the first one. */
  readonly cache: string;
  readonly caPem: string | null;
  readonly insecure: boolean;
  readonly timeoutSeconds: number;
  readonly retries: number;
  /** Limit of one template, and of all of one loading together, unpacked. */
  readonly maxResponseBytes: number;
}

/** Fetches the templates of one loading, and stores copies of them. */
export interface TemplateSource {
  /** GETs a template and stores a copy. Rejects with an `ExpectedError`. */
  fetch(location: string): Promise<JsonObject>;
  /** The last good copy of a template; null without one. */
  copyOf(location: string): JsonObject | null;
  /** Removes the copies of all templates that were neither fetched nor copied. */
  removeUnusedCopies(): void;
}

const retryDelayMs = 1000;
/** Longest time for all templates of one loading, retries included. */
const maxLoadingSeconds = 120;

/** Whether a location is a URL; anything else is a file. */
export function isUrl(location: string): boolean {
  return /^https?:\/\//i.test(location);
}

/** Opens the source of one loading, which connects only where the rules permit it. */
export function createTemplateSource(
  options: TemplateOptions,
  rules: Pick<IncludeRules, 'allowsAddress'>,
): TemplateSource {
  const used = new Set<string>();
  let remainingBytes = options.maxResponseBytes;
  const startedAt = performance.now();
  const remainingSeconds = () => maxLoadingSeconds - (performance.now() - startedAt) / 1000;

  async function get(location: string, url: URL) {
    const client = createHttpClient({
      ...options,
      subject: location,
      hostname: url.hostname,
      isAddressAllowed: (address) => rules.allowsAddress(url.hostname, address),
      concurrency: 1,
      maxResponseBytes: remainingBytes,
      maxTotalBytes: Number.POSITIVE_INFINITY,
      maxTotalSeconds: remainingSeconds(),
      retryDelayMs,
    });
    let unpackedBytes = 0;
    try {
      const document = documentFrom((await client.getJson(url)).value, location);
      const copy = JSON.stringify({ location, document });
      unpackedBytes = copy.length;
      return { document, copy };
    } finally {
      // A response that cannot be used counts, too.
      remainingBytes -= Math.max(unpackedBytes, client.counters.bytes);
      await client.close();
    }
  }

  return {
    async fetch(location) {
      const url = URL.parse(location);
      if (url === null) throw invalidTemplateError(location, 'It is not a URL.');
      if (remainingBytes <= 0) throw sizeError(location, options.maxResponseBytes);
      if (remainingSeconds() <= 0) throw timeError(location);
      const { document, copy } = await get(location, url);
      used.add(copyName(location));
      ensurePrivateDirectory(options.cache);
      writePrivateFile(join(options.cache, copyName(location)), copy);
      return document;
    },
    copyOf(location) {
      used.add(copyName(location));
      return readCopy(join(options.cache, copyName(location)), location);
    },
    removeUnusedCopies() {
      for (const name of copyNames(options.cache)) {
        if (!used.has(name)) rmSync(join(options.cache, name), { force: true });
      }
    },
  };
}

/** Reads a template from a file. Throws an `ExpectedError`. */
export function readTemplate(file: string): JsonObject {
  try {
    return documentFrom(JSON.parse(readBoundedText(file)), file);
  } catch (error) {
    if (error instanceof SyntaxError)
      throw invalidTemplateError(file, 'It is not JSON.', error.message);
    throw fileFailure(error, 'cannot read the psConfig template', file);
  }
}

function copyName(location: string): string {
  return `${createHash('sha256').update(location).digest('hex').slice(0, 24)}.json`;
}

function copyNames(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => /^[\da-f]{24}\.json$/.test(name));
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw fileFailure(error, 'cannot read the folder of psConfig copies', folder);
  }
}

function readCopy(path: string, location: string): JsonObject | null {
  try {
    const copy = jsonObject(JSON.parse(readFileSync(path, 'utf8')));
    return copy.location === location ? jsonObject(copy.document) : null;
  } catch {
    return null;
  }
}

function documentFrom(value: unknown, location: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidTemplateError(location, 'It is JSON, but not a psConfig template.');
  }
  return value as JsonObject;
}

function invalidTemplateError(location: string, message: string, words = ''): ExpectedError {
  return new ExpectedError({
    kind: 'invalid-response',
    subject: location,
    message,
    remedy: null,
    detail: foreignText(words),
  });
}

const bytesPerMegabyte = 1e6;

function sizeError(location: string, limit: number): ExpectedError {
  return new ExpectedError({
    kind: 'misconfigured',
    subject: location,
    message: `The templates have more than ${Math.round(limit / bytesPerMegabyte)} MB together.`,
    remedy: 'Raise max_response of [http] in the configuration if this host can bear it.',
  });
}

function timeError(location: string): ExpectedError {
  return new ExpectedError({
    kind: 'unreachable',
    subject: location,
    message: `The templates take longer than ${maxLoadingSeconds} s together.`,
    remedy: null,
  });
}
