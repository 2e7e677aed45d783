import { HttpResponse, http } from 'msw';

/** A result as it goes over the wire. */
export interface FakeResult {
  readonly ts: unknown;
  readonly val: unknown;
}

/** A test of the fake archive: its metadata, and results by event type. */
export interface FakeTest {
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly results?: Readonly<Record<string, readonly FakeResult[]>>;
}

export const basePath = '/esmond/perfsonar/archive';
export const esmondKey = '0123456789abcdef0123456789abcdef';
export const elmondKey = `${esmondKey}${esmondKey}`;

/** The metadata of a traceroute test as an archive of perfSONAR 4 lists it; `changes` replaces or adds fields. */
export function metadata(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    url: 'https://elsewhere.example.net/esmond/perfsonar/archive/esmond/perfsonar/archive/x?y',
    'metadata-key': esmondKey,
    'subject-type': 'point-to-point',
    'event-types': [eventType('packet-trace', 2e9), eventType('failures', null)],
    source: '192.0.2.1',
    destination: '203.0.113.9',
    'measurement-agent': '192.0.2.1',
    'input-source': 'ps-a.example.net',
    'input-destination': 'ps-b.example.org',
    'tool-name': 'pscheduler/traceroute',
    'time-duration': '8.0',
    ...changes,
  };
}

/** One element of `event-types`. */
export function eventType(name: string, updated: unknown): Record<string, unknown> {
  return { 'event-type': name, 'base-uri': '/x', 'time-updated': updated, summaries: [] };
}

/** A hop as pScheduler's archiver writes it; without an address it is silent. */
export function hop(ttl: number, ip?: string, rtt?: number): Record<string, unknown> {
  return { ttl, query: 1, success: 1, ...(ip === undefined ? {} : { ip, rtt: rtt ?? ttl }) };
}

/** A trace through the given addresses, `''` for a silent hop. */
export function trace(ts: number, ...addresses: string[]): FakeResult {
  return { ts, val: addresses.map((ip, index) => hop(index + 1, ip === '' ? undefined : ip)) };
}

/** The servers differ in their default and largest page, and in the order of the list. */
const dialects = {
  esmond: { defaultLimit: 1500, largest: Number.POSITIVE_INFINITY },
  elmond: { defaultLimit: 1000, largest: 10_000 },
};

/** Handlers of an archive that holds `tests`, with the paging, the limits and the misleading URLs of the real ones. */
export function fakeArchive(tests: readonly FakeTest[], dialect: keyof typeof dialects = 'esmond') {
  const { defaultLimit, largest } = dialects[dialect];
  const page = (url: URL, all: readonly unknown[]): unknown[] | null => {
    const limit = Number(url.searchParams.get('limit') ?? defaultLimit);
    const offset = Number(url.searchParams.get('offset') ?? 0);
    return limit > largest ? null : all.slice(offset, offset + limit);
  };
  return [
    http.get(`*${basePath}/`, ({ request }) => {
      const url = new URL(request.url);
      const [first, ...others] =
        page(
          url,
          tests.map((test) => test.metadata),
        ) ?? [];
      if (first === undefined) return HttpResponse.json([]);
      const next = Number(url.searchParams.get('offset') ?? 0) + others.length + 1;
      const link = `http://inner.example.net${basePath}/?limit=7&offset=${next}`;
      const paging = {
        'metadata-count-total': tests.length,
        'metadata-next-page': next < tests.length ? link : null,
        'metadata-previous-page': null,
      };
      return HttpResponse.json([{ ...(first as object), ...paging }, ...others]);
    }),
    http.get(`*${basePath}/:key/:event/base/0`, ({ request, params }) => {
      const url = new URL(request.url);
      const { key, event } = params;
      const test = tests.find((one) => one.metadata['metadata-key'] === key);
      const from = Number(url.searchParams.get('time-start') ?? 0);
      const to = Number(url.searchParams.get('time-end') ?? 2e9);
      const all = test?.results?.[String(event)] ?? [];
      const wanted = all.filter(({ ts }) => Number(ts) >= from && Number(ts) <= to);
      const answer = page(url, wanted);
      return answer === null ? new HttpResponse(null, { status: 400 }) : HttpResponse.json(answer);
    }),
  ];
}
