import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { aggregateMetrics } from './fakeAggregations.ts';

/** Any JSON value of a document or a query. */
type Json = Readonly<Record<string, unknown>>;

interface Stored {
  readonly index: string;
  readonly sequence: number;
  readonly document: Json;
}

/** An OpenSearch of one node, whose indices have one shard each. */
export interface FakeOpenSearch {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly port: number;
  /** Each search, oldest first: its path and its body. */
  readonly searches: { readonly path: string; readonly body: Json }[];
  /** Headers of the newest request. */
  headers: IncomingMessage['headers'];
  /** Stores documents in an index, which need not exist. */
  add(index: string, ...documents: Json[]): void;
  /** Deletes an index with its documents, as retention does. */
  drop(index: string): void;
  /** The index cannot be read from now on, or can again. */
  setRed(index: string, isRed: boolean): void;
  /** Numbers of documents that it has taken and does not show yet. */
  readonly hidden: Set<number>;
  /** Answers the next requests in the place of OpenSearch, until it returns false. */
  intercept: ((incoming: IncomingMessage, outgoing: ServerResponse) => boolean) | null;
  /** It answers for the readable indices, although the request wants all or none. */
  isLenient: boolean;
  /** Shards that each index is said to have. */
  shards: number;
}

const pattern = /^\/(?:opensearch\/)?([\w*.-]+)\/_search$/;

/** Serves an OpenSearch until the running test has finished. */
export async function startOpenSearch(): Promise<FakeOpenSearch> {
  let stored: Stored[] = [];
  const red = new Set<string>();
  const next = new Map<string, number>();
  const generations = new Map<string, number>();
  const server = createServer(async (incoming, outgoing) => {
    fake.headers = incoming.headers;
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    if (fake.intercept?.(incoming, outgoing)) return;
    const url = new URL(incoming.url ?? '', 'http://fake');
    const send = (status: number, value: unknown) => {
      outgoing.writeHead(status, { 'content-type': 'application/json; charset=UTF-8' });
      outgoing.end(JSON.stringify(value));
    };
    if (url.pathname.endsWith('/_settings/index.uuid,index.number_of_shards')) {
      const settingsOf = (name: string) => {
        const uuid = `${name} ${generations.get(name) ?? 0}`;
        return { settings: { index: { uuid, number_of_shards: String(fake.shards) } } };
      };
      return send(
        200,
        Object.fromEntries([...next.keys()].map((name) => [name, settingsOf(name)])),
      );
    }
    if (!pattern.test(url.pathname) || incoming.method !== 'POST') {
      return send(400, { error: `no handler found for uri [${url.pathname}]`, status: 400 });
    }
    const body = JSON.parse(text) as Json;
    fake.searches.push({ path: url.pathname, body });
    const isSearched = createIndexFilter(pattern.exec(url.pathname)?.[1] ?? '');
    const shards = [...next.keys()].filter(isSearched);
    const missing = shards.filter((index) => red.has(index));
    const allowPartial = url.searchParams.get('allow_partial_search_results') !== 'false';
    if (missing.length > 0 && !allowPartial && !fake.isLenient) {
      return send(503, { error: { type: 'search_phase_execution_exception' }, status: 503 });
    }
    const readable = stored.filter(
      ({ index, sequence }) => isSearched(index) && !red.has(index) && !fake.hidden.has(sequence),
    );
    send(200, { ...search(readable, body), _shards: shardsOf(shards.length, missing.length) });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  const { port } = server.address() as AddressInfo;
  const fake: FakeOpenSearch = {
    url: `http://127.0.0.1:${port}`,
    port,
    searches: [],
    headers: {},
    hidden: new Set(),
    intercept: null,
    isLenient: false,
    shards: 1,
    add(index, ...documents) {
      for (const document of documents) {
        const sequence = next.get(index) ?? 0;
        next.set(index, sequence + 1);
        stored.push({ index, sequence, document });
      }
    },
    drop(index) {
      stored = stored.filter((each) => each.index !== index);
      next.delete(index);
      generations.set(index, (generations.get(index) ?? 0) + 1);
    },
    setRed(index, isRed) {
      if (isRed) red.add(index);
      else red.delete(index);
    },
  };
  return fake;
}

/** The indices behind the name of a data stream, an alias or a pattern. */
function createIndexFilter(searched: string): (index: string) => boolean {
  const name = searched.replace('*', '');
  return (index) => `${index.replace('.ds-', '')}-`.startsWith(`${name}-`);
}

/** A red shard is neither failed nor successful. */
function shardsOf(total: number, unavailable: number): Json {
  return { total, successful: total - unavailable, skipped: 0, failed: 0 };
}

function search(stored: readonly Stored[], body: Json): Json {
  const size = Number(body.size);
  if (size > 10_000) throw new Error('Result window is too large');
  const found = stored.filter((each) => matches(each, (body.query ?? { bool: {} }) as Json));
  const sorts = ((body.sort ?? []) as Json[]).map((each) => Object.keys(each)[0] ?? '');
  const keyed = found
    .map((each) => ({ each, sort: sorts.map((field) => sortValue(each, field)) }))
    .sort((a, b) => compareLists(a.sort, b.sort));
  const after = body.search_after as unknown[] | undefined;
  const page = keyed
    .filter(({ sort }) => after === undefined || compareLists(sort, after) > 0)
    .slice(0, size);
  const hits = page.map(({ each, sort }) => ({
    _index: each.index,
    _seq_no: each.sequence,
    ...(body._source !== false && {
      _source: filterSource(each.document, body._source as string[]),
    }),
    sort,
  }));
  const aggs = body.aggs as Json | undefined;
  const aggregations = aggs && aggregate(aggs, stored, found);
  return { timed_out: false, hits: { hits }, ...(aggregations && { aggregations }) };
}

function aggregate(aggs: Json, stored: readonly Stored[], found: readonly Stored[]): Json {
  if ('all' in aggs) return { all: newest(stored) };
  if ('indices' in aggs) return newest(found);
  return aggregateMetrics(
    aggs,
    found.map(({ document }) => document),
  );
}

function newest(stored: readonly Stored[]): Json {
  const buckets = [...Map.groupBy(stored, ({ index }) => index)].map(([key, all]) => ({
    key,
    sequence: { value: Math.max(...all.map(({ sequence }) => sequence)) },
    arrival: { value: Math.max(...all.map((each) => Number(arrivalOf(each)))) },
  }));
  return { indices: { buckets } };
}

const arrivalOf = ({ document }: Stored) =>
  timeOf(document['@timestamp'] ?? document.created_at ?? null);

function matches(each: Stored, query: Json): boolean {
  const [kind = '', content] = Object.entries(query)[0] ?? [];
  const clause = content as Json;
  if (kind === 'bool') {
    const all = (name: string) => (clause[name] ?? []) as Json[];
    return (
      all('filter').every((one) => matches(each, one)) &&
      !all('must_not').some((one) => matches(each, one)) &&
      (all('should').length === 0 || all('should').some((one) => matches(each, one)))
    );
  }
  const [field = '', wanted] = Object.entries(clause)[0] ?? [];
  const value = fieldValue(each, field);
  if (kind === 'term') return value === wanted;
  if (kind === 'terms') return (wanted as unknown[]).includes(value);
  if (kind !== 'range') throw new Error(`the fake does not know ${kind}`);
  const limits = wanted as Json;
  const number = field === '_seq_no' ? Number(value) : timeOf(value);
  return (
    number !== null &&
    Object.entries(limits).every(([name, limit]) => {
      if (name === 'gt') return number > Number(limit);
      if (name === 'gte') return number >= Number(limit);
      return name === 'lt' ? number < Number(limit) : name === 'format';
    })
  );
}

function fieldValue({ index, sequence, document }: Stored, field: string): unknown {
  if (field === '_index') return index;
  if (field === '_seq_no') return sequence;
  return (
    document[field] ??
    field.split('.').reduce<unknown>((at, name) => (at as Json)?.[name], document)
  );
}

/** Times as OpenSearch sorts by them: epoch milliseconds. */
function timeOf(value: unknown): number | null {
  const basic = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;
  const text = String(value ?? '').replace(basic, '$1-$2-$3T$4:$5:$6Z');
  const time = /^\d+$/.test(text) ? Number(text) : Date.parse(text);
  return Number.isNaN(time) ? null : time;
}

function sortValue(each: Stored, field: string): unknown {
  const value = fieldValue(each, field);
  return field.startsWith('_') ? value : timeOf(value);
}

function compareLists(a: readonly unknown[], b: readonly unknown[]): number {
  for (const [index, one] of a.entries()) {
    const other = b[index];
    if (one === other) continue;
    return (one as number) < (other as number) ? -1 : 1;
  }
  return 0;
}

/** Like OpenSearch, drops objects that a filter inside of them leaves empty. */
function filterSource(document: Json, wanted: readonly string[], path = ''): Json {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(document)) {
    const here = path === '' ? name : `${path}.${name}`;
    const matching = wanted.filter((each) => couldMatch(each, here));
    if (matching.some((each) => each.split('.').length <= here.split('.').length)) {
      kept[name] = value;
    } else if (matching.length > 0 && typeof value === 'object' && value !== null) {
      if (Array.isArray(value)) throw new Error(`a filter within the list ${here}`);
      const inner = filterSource(value as Json, wanted, here);
      if (Object.keys(inner).length > 0) kept[name] = inner;
    }
  }
  return kept;
}

function couldMatch(wanted: string, path: string): boolean {
  const names = wanted.split('.');
  return path
    .split('.')
    .every(
      (name, depth) => names[depth] === undefined || names[depth] === '*' || names[depth] === name,
    );
}
