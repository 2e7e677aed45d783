import { ExpectedError } from '../../lib/errors.ts';
import { createHttpClient } from '../../lib/http/client.ts';
import { HttpError } from '../../lib/http/httpError.ts';
import type { HttpClient } from '../../lib/http/types.ts';
import { type JsonObject, jsonObject } from '../../lib/jsonObject.ts';
import type { Log } from '../../lib/log.ts';
import { numberOf } from '../probeValues.ts';
import { textOf } from '../results/resultFormat.ts';
import { secureBases } from '../secureBases.ts';
import type { ArchiveOptions, StreamAccess } from '../types.ts';
import { headQuery, type SearchBody } from './queries.ts';
import {
  isIncomplete,
  isLoginRejected,
  isRejection,
  isWhole,
  missingPart,
  PartialResponse,
  rejectForeign,
} from './responseChecks.ts';
import { clarify } from './searchFailure.ts';
import type { StreamAddress } from './streamAddress.ts';

/** Searches in the documents of one archive. */
export interface SearchApi extends Pick<HttpClient, 'counters' | 'clock' | 'close'> {
  readonly address: StreamAddress;
  /** The base URL in use. */
  base(): string;
  /** Finds the base URL that answers. */
  probe(isPatient: boolean): Promise<StreamAccess>;
  /**
   * Resolves to the result of `convert` for a response. If the archive cannot read all of its
   * indices, asks for what it can read, and remembers that. Rejects with an `ExpectedError`.
   */
  search<T>(body: SearchBody, convert: (response: JsonObject) => T): Promise<T>;
  /**
   * As `search` in another index, but rejects unless all of it can be read. Of an index that does
   * not exist, the response is empty.
   */
  searchWhole<T>(index: string, body: SearchBody, convert: (response: JsonObject) => T): Promise<T>;
  /** Whether a response lacked a part of the archive. */
  isPartial(): boolean;
  /** The indices by name; empty if this user may not know them. */
  indices(): Promise<ReadonlyMap<string, IndexSettings>>;
}

/** Facts about an index that documents do not show. */
export interface IndexSettings {
  /** Another one if the index is made anew under the same name; null if unknown. */
  readonly uuid: string | null;
  /** Its numbers are one sequence. */
  readonly hasSingleShard: boolean;
}

/** Responses of this size cost little memory; a larger page is halved, bytes. */
const maxPageBytes = 16_000_000;
const defaultRetryDelayMs = 1000;
/** Parts of a response to request. */
const filterPath = [
  'timed_out',
  '_shards',
  'aggregations',
  'hits.hits._index',
  'hits.hits._seq_no',
  'hits.hits._source',
  'hits.hits.sort',
].join(',');

/** Opens the connections to an archive without a request. Throws an `ExpectedError`. */
export function openSearchApi(
  address: StreamAddress,
  options: ArchiveOptions,
  log: Log,
): SearchApi {
  const { id, hostname, index, dialect } = address;
  const client = createHttpClient({
    ...options,
    subject: id,
    hostname,
    retryDelayMs: options.retryDelayMs ?? defaultRetryDelayMs,
    maxResponseBytes: Math.min(options.maxResponseBytes, maxPageBytes),
  });
  const bases = secureBases(id, address.bases, options);
  let base = bases[0] ?? '';
  let partial = false;

  const post = async <T>(
    body: SearchBody,
    convert: (response: JsonObject) => T,
    { allowPartial, searched = index, retries }: PostOptions,
  ): Promise<T> => {
    const url = new URL(`${base}/${searched}/_search`);
    url.search = String(
      new URLSearchParams({
        allow_partial_search_results: String(allowPartial),
        ignore_unavailable: 'true',
        filter_path: filterPath,
      }),
    );
    log.debug('POST', { url: url.href });
    const request = { url, body: JSON.stringify(body) };
    const { value } = await client.postDocument(
      request,
      (document) => {
        const object = jsonObject(document.parse());
        rejectForeign(id, object);
        if (!allowPartial && !isWhole(object)) throw new PartialResponse();
        return convert(object);
      },
      retries,
    );
    return value;
  };

  const tryBase = async (retries: number | undefined): Promise<BaseAccess> => {
    try {
      const total = await post(headQuery(dialect), shardsOf, { allowPartial: true, retries });
      return { kind: 'readable', hasIndex: total > 0 };
    } catch (error) {
      if (!(error instanceof ExpectedError)) throw error;
      if (options.authorization && isLoginRejected(error)) return { kind: 'rejected', error };
      return { kind: isRejection(error) ? 'refused' : 'failed', error };
    }
  };

  /** Tries the base URLs up to the first one with documents. */
  const tryBases = async (retries: number | undefined): Promise<TriedBase[]> => {
    const tried: TriedBase[] = [];
    let hasTls = false;
    for (const candidate of bases) {
      if (candidate.startsWith('http:') && hasTls) continue;
      base = candidate;
      const access = await tryBase(retries);
      tried.push({ candidate, access });
      if (access.kind === 'readable' && access.hasIndex) break;
      hasTls ||= candidate.startsWith('https:') && speaksTls(access);
    }
    return tried;
  };

  return {
    address,
    counters: client.counters,
    clock: client.clock,
    close: () => client.close(),
    base: () => base,
    isPartial: () => partial,
    async probe(isPatient) {
      const tried = await tryBases(isPatient ? undefined : 0);
      const readable = tried.filter(({ access }) => access.kind === 'readable');
      const found = readable.find(({ access }) => access.kind === 'readable' && access.hasIndex);
      base = (found ?? readable[0])?.candidate ?? bases[0] ?? '';
      if (readable.length > 0) return { kind: 'readable' };
      const failures = tried.flatMap(({ access }) => (access.kind === 'readable' ? [] : [access]));
      const { kind, error } = mostTelling(failures);
      return { kind, error: clarify(error, address) };
    },
    async search(body, convert) {
      try {
        if (!partial) return await post(body, convert, { allowPartial: false });
      } catch (error) {
        if (!isIncomplete(error)) throw clarify(error, address);
        partial = true;
        log.info('the archive cannot read all of its indices', { archive: id });
      }
      return post(body, convert, { allowPartial: true }).catch((error) => {
        throw clarify(error, address);
      });
    },
    searchWhole: (searched, body, convert) =>
      post(body, convert, { allowPartial: false, searched }).catch((error) => {
        throw isIncomplete(error) ? missingPart(id) : clarify(error, address);
      }),
    async indices() {
      try {
        const url = new URL(`${base}/${index}/_settings/index.uuid,index.number_of_shards`);
        const { value } = await client.getJson(url);
        const entries = Object.entries(jsonObject(value));
        return new Map(entries.map(([name, one]) => [name, settingsOf(one)]));
      } catch (error) {
        if (error instanceof HttpError) return new Map();
        throw error;
      }
    },
  };
}

/** Whether a server responded over TLS, or may have: it must not be asked without TLS. */
function speaksTls(access: BaseAccess): boolean {
  if (access.kind === 'readable') return true;
  const { error } = access;
  return !(
    error instanceof HttpError &&
    (error.reason === 'refused' || error.reason === 'not-tls')
  );
}

/**
 * Access at one base URL. OpenSearch 1 and Elasticsearch 7 take a path before an index for the name
 * of another index, which does not exist. So an empty response shows nothing.
 */
type BaseAccess = FailedAccess | { readonly kind: 'readable'; readonly hasIndex: boolean };

interface TriedBase {
  readonly candidate: string;
  readonly access: BaseAccess;
}

function shardsOf({ _shards }: JsonObject): number {
  return numberOf(jsonObject(_shards).total);
}

type FailedAccess = Exclude<StreamAccess, { kind: 'readable' }>;

/** A rejection shows more than a missing server: something answered. */
function mostTelling(failures: readonly FailedAccess[]): FailedAccess {
  const of = (wanted: FailedAccess['kind']) => failures.find(({ kind }) => kind === wanted);
  const found = of('rejected') ?? of('refused') ?? failures[0];
  if (found === undefined) throw new Error('an archive without an address');
  return found;
}

interface PostOptions {
  readonly allowPartial: boolean;
  /** The index; absent for that of the address. */
  readonly searched?: string;
  readonly retries?: number | undefined;
}

function settingsOf(response: unknown): IndexSettings {
  const { index } = jsonObject(jsonObject(response).settings);
  const { uuid, number_of_shards } = jsonObject(index);
  return { uuid: textOf(uuid), hasSingleShard: number_of_shards === '1' };
}
