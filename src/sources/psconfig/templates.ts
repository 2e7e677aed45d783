import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writePrivateFile } from '../../lib/atomicFile.ts';
import { ExpectedError } from '../../lib/errors.ts';
import { ensurePrivateDirectory, fileFailure } from '../../lib/files.ts';
import { createHttpClient } from '../../lib/http/client.ts';
import { objectOf } from './templateSections.ts';

/** How templates are fetched, and where the last good copy of each is kept. */
export interface TemplateOptions {
  /** Folder of the copies; made when the first one is written. */
  readonly cache: string;
  readonly caPem: string | null;
  readonly insecure: boolean;
  readonly timeoutSeconds: number;
  readonly retries: number;
  readonly maxResponseBytes: number;
}

/** A JSON object. */
export type TemplateDocument = Readonly<Record<string, unknown>>;

const retryDelayMs = 1000;

/** Whether a location is fetched over HTTP; anything else is a file. */
export function isUrl(location: string): boolean {
  return /^https?:\/\//i.test(location);
}

/** GETs a template and keeps a copy. Rejects with an `ExpectedError`. */
export async function fetchTemplate(
  location: string,
  options: TemplateOptions,
): Promise<TemplateDocument> {
  const url = URL.parse(location);
  if (url === null) throw invalidTemplateError(location, 'is not a URL');
  const client = createHttpClient({
    ...options,
    subject: location,
    hostname: url.hostname,
    concurrency: 1,
    maxTotalBytes: Number.POSITIVE_INFINITY,
    retryDelayMs,
  });
  try {
    const document = objectFrom((await client.getJson(url)).value, location);
    ensurePrivateDirectory(options.cache);
    writePrivateFile(cachePath(location, options), JSON.stringify({ location, document }));
    return document;
  } finally {
    await client.close();
  }
}

/** The last good copy of a template; null when there is none. */
export function cachedTemplate(
  location: string,
  options: Pick<TemplateOptions, 'cache'>,
): TemplateDocument | null {
  try {
    const cached = objectOf(JSON.parse(readFileSync(cachePath(location, options), 'utf8')));
    return cached.location === location ? objectOf(cached.document) : null;
  } catch {
    return null;
  }
}

/** Reads a template from a file. Throws an `ExpectedError`. */
export function readTemplate(file: string): TemplateDocument {
  try {
    return objectFrom(JSON.parse(readFileSync(file, 'utf8')), file);
  } catch (error) {
    if (error instanceof SyntaxError)
      throw invalidTemplateError(file, `is not JSON: ${error.message}`);
    throw fileFailure(error, 'cannot read the psConfig template', file);
  }
}

function cachePath(location: string, { cache }: Pick<TemplateOptions, 'cache'>): string {
  const name = createHash('sha256').update(location).digest('hex').slice(0, 24);
  return join(cache, `${name}.json`);
}

function objectFrom(value: unknown, location: string): TemplateDocument {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidTemplateError(location, 'holds JSON, but no psConfig template');
  }
  return value as TemplateDocument;
}

function invalidTemplateError(location: string, what: string): ExpectedError {
  return new ExpectedError({
    kind: 'invalid-response',
    subject: location,
    message: `${location} ${what}.`,
    remedy: null,
  });
}
