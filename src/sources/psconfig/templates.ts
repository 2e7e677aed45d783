import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writePrivateFile } from '../../lib/atomicFile.ts';
import { ExpectedError } from '../../lib/errors.ts';
import { ensurePrivateDirectory, fileFailure } from '../../lib/files.ts';
import { createHttpClient } from '../../lib/http/client.ts';
import { type JsonObject, jsonObject } from '../../lib/jsonObject.ts';

/** How to fetch templates, and where to store the last good copy of each. */
export interface TemplateOptions {
  /** Folder of the copies, created with the first one. */
  readonly cache: string;
  readonly caPem: string | null;
  readonly insecure: boolean;
  readonly timeoutSeconds: number;
  readonly retries: number;
  readonly maxResponseBytes: number;
}

const retryDelayMs = 1000;
/** Longest time for one template, retries included. */
const maxTemplateSeconds = 120;

/** Whether a location is a URL; anything else is a file. */
export function isUrl(location: string): boolean {
  return /^https?:\/\//i.test(location);
}

/** GETs a template and stores a copy. Rejects with an `ExpectedError`. */
export async function fetchTemplate(
  location: string,
  options: TemplateOptions,
): Promise<JsonObject> {
  const url = URL.parse(location);
  if (url === null) throw invalidTemplateError(location, 'is not a URL');
  const client = createHttpClient({
    ...options,
    subject: location,
    hostname: url.hostname,
    concurrency: 1,
    maxTotalBytes: Number.POSITIVE_INFINITY,
    maxTotalSeconds: maxTemplateSeconds,
    retryDelayMs,
  });
  try {
    const document = documentFrom((await client.getJson(url)).value, location);
    ensurePrivateDirectory(options.cache);
    writePrivateFile(cachePath(location, options), JSON.stringify({ location, document }));
    return document;
  } finally {
    await client.close();
  }
}

/** The last good copy of a template; null without one. */
export function cachedTemplate(
  location: string,
  options: Pick<TemplateOptions, 'cache'>,
): JsonObject | null {
  try {
    const cached = jsonObject(JSON.parse(readFileSync(cachePath(location, options), 'utf8')));
    return cached.location === location ? jsonObject(cached.document) : null;
  } catch {
    return null;
  }
}

/** Reads a template from a file. Throws an `ExpectedError`. */
export function readTemplate(file: string): JsonObject {
  try {
    return documentFrom(JSON.parse(readFileSync(file, 'utf8')), file);
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

function documentFrom(value: unknown, location: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidTemplateError(location, 'is JSON, but not a psConfig template');
  }
  return value as JsonObject;
}

function invalidTemplateError(location: string, what: string): ExpectedError {
  return new ExpectedError({
    kind: 'invalid-response',
    subject: location,
    message: `${location} ${what}.`,
    remedy: null,
  });
}
