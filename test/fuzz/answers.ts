/** Responses of the three generations of archives, with documentation addresses. */

/** 2026-11-20 12:40:00 UTC: the newest result of the responses. */
export const newest = 1795178400;

type Json = Record<string, unknown>;

const silent = [3, 6];

function hopsOf(seed: number, as: (asn: number) => unknown, extra: (ttl: number) => Json): Json[] {
  return Array.from({ length: 9 }, (_, index) => {
    const ttl = index + 1;
    if (silent.includes(ttl)) return { ttl, query: 1, success: 1, ...extra(ttl) };
    const ip = ttl === 9 ? '203.0.113.9' : `198.51.100.${ttl * 16 + (seed % 3)}`;
    const rtt = ttl * 2 + ((seed * 7 + ttl) % 10) / 10;
    const known = { ip, rtt, as: as(64496 + (ttl >> 2)), hostname: `r${ttl}.example.net` };
    return { ttl, query: 1, success: 1, ...known, ...extra(ttl) };
  });
}

const results = (value: (seed: number) => unknown): Json[] =>
  Array.from({ length: 8 }, (_, index) => ({ ts: newest - 600 * index, val: value(index) }));

const asObject = (number: number) => ({ number, owner: `EXAMPLE-${number}, ZZ` });

/** Responses to a request for results, by event type. */
export interface DataAnswers {
  readonly 'packet-trace': Json[];
  readonly 'packet-trace-multi': Json[];
  readonly 'path-mtu': Json[];
  readonly failures: Json[];
}

const failures = (): Json[] => [
  { ts: newest - 4000, val: { error: 'connect: Network is unreachable' } },
  { ts: newest - 900, val: { error: 'Process took too long to run.' } },
];

/** Fresh responses, which may be modified. */
export const dataAnswers: Readonly<Record<'esmond1' | 'esmond4' | 'elmond', () => DataAnswers>> = {
  esmond1: () => ({
    'packet-trace': results((seed) =>
      hopsOf(
        seed,
        (asn) => `AS${asn}`,
        (ttl) => ({ mtu: '1500', ...(ttl === 3 ? { error_message: 'requestTimedOut' } : {}) }),
      ).flatMap((hop) => [1, 2, 3].map((query) => ({ ...hop, query, ttl: String(hop.ttl) }))),
    ),
    'packet-trace-multi': [],
    'path-mtu': results(() => '9000'),
    failures: failures(),
  }),
  esmond4: () => ({
    'packet-trace': results((seed) => hopsOf(seed, asObject, () => ({}))),
    'packet-trace-multi': [],
    'path-mtu': results(() => 9000.0),
    failures: failures(),
  }),
  elmond: () => ({
    'packet-trace': results((seed) =>
      hopsOf(seed, asObject, (ttl) => ({ mtu: 9000, ...(ttl === 8 ? hostError : {}) })),
    ),
    'packet-trace-multi': results((seed) =>
      [0, 1, 2].map((flow) => hopsOf(seed + flow, asObject, () => ({}))),
    ),
    'path-mtu': [],
    failures: failures(),
  }),
};

const hostError = { 'error-message': 'host-unreachable', success: 0 };

function listed(number: number, changes: Json): Json {
  return {
    url: 'https://elsewhere.example.net/esmond/perfsonar/archive/x/',
    'metadata-key': String(number).padStart(32, '0'),
    'subject-type': 'point-to-point',
    'event-types': ['packet-trace', 'failures', 'path-mtu'].map((name) => ({
      'event-type': name,
      'base-uri': `/esmond/perfsonar/archive/x/${name}/base`,
      'time-updated': newest - number,
      summaries: [],
    })),
    source: `192.0.2.${number}`,
    destination: number === 3 ? '2001:db8::9' : '203.0.113.9',
    'measurement-agent': `192.0.2.${number}`,
    'input-source': `ps-${number}.example.net`,
    'input-destination': 'ps.example.org',
    'tool-name': 'pscheduler/traceroute',
    'time-duration': '8.0',
    'ip-packet-size': '60',
    'trace-first-ttl': '1',
    'pscheduler-reference-display-task-name': `Traceroute ${number}`,
    ...changes,
  };
}

/** A fresh list of tests, which may be modified. */
export function listAnswer(): Json[] {
  const paging = {
    'metadata-count-total': 5,
    'metadata-next-page': null,
    'metadata-previous-page': null,
  };
  return [
    listed(1, paging),
    listed(2, { 'tool-name': 'bwctl/tracepath' }),
    listed(3, { 'metadata-key': 'a1'.repeat(32), 'ip-packet-size': 60 }),
    listed(4, { source: null, destination: null, 'tool-name': 'pscheduler/paris-traceroute' }),
    listed(5, { 'event-types': [{ 'event-type': 'throughput', 'time-updated': newest }] }),
  ];
}
