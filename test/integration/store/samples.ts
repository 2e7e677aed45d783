import type { Run } from '../../../src/model/run/run.ts';
import type { StoredRoutePeriod } from '../../../src/model/site/analysis.ts';
import type { Responder, Route, Trace } from '../../../src/model/trace/trace.ts';
import type { ListedTest } from '../../../src/store/traces/tests.ts';
import type { Reading } from '../../../src/store/traces/traceStore.ts';

/** 2026-11-21T00:00:00Z, the start of a span of six hours. */
export const midnight = 1_795_219_200;

/** A listed test; `id` is part of its key, too. */
export function listedTest(id: string, changes: Partial<ListedTest> = {}): ListedTest {
  return {
    id,
    archive: 'ma.example.net/esmond/perfsonar/archive',
    key: `key-of-${id}`,
    tool: 'traceroute',
    source: { address: '192.0.2.10', name: 'ps1.example.net' },
    destination: { address: null, name: 'ps2.example.net' },
    family: 4,
    taskName: null,
    parameters: { 'ip-packet-size': '60' },
    eventTypes: ['packet-trace', 'failures'],
    ...changes,
  };
}

/** A route through the addresses in order; null is a silent hop. */
export function routeThrough(...addresses: (string | null)[]): Route {
  const hops = addresses.map((address, index) => ({
    ttl: index + 1,
    addresses: address === null ? [] : [address],
    mtu: null,
    error: null,
  }));
  return { hops, reached: true, pathMtu: null };
}

/** A trace over a route, with round-trip times that depend on its start. */
export function traceAt(startedAt: number, route: Route): Trace {
  const rttMs = route.hops.flatMap((hop) =>
    hop.addresses.map(() => (startedAt % 1000) / 10 + hop.ttl),
  );
  return { startedAt, route, rttMs, probes: null };
}

/** A reading from the first to the last trace. */
export function readingOf(traces: readonly Trace[], changes: Partial<Reading> = {}): Reading {
  const starts = traces.map((trace) => trace.startedAt);
  const interval = { from: Math.min(...starts), to: Math.max(...starts) };
  return { interval, traces, responders: new Map(), failures: [], ...changes };
}

/** Responders by address. */
export function respondersOf(...responders: Responder[]): Map<string, Responder> {
  return new Map(responders.map((responder) => [responder.address, responder]));
}

/** A run that has not finished. */
export function runAt(startedAt: number): Run {
  return {
    startedAt,
    finishedAt: null,
    outcome: null,
    window: { from: startedAt - 86_400, to: startedAt },
    version: '0.1.0',
    archives: [],
    pagesWritten: 0,
    pagesUnchanged: 0,
    problems: [],
  };
}

/** A period through 192.0.2.200 to 198.51.100.9; `from` and `to` are seconds after `midnight`. */
export function periodAt(
  from: number,
  to: number,
  traces: number,
  changes: Partial<StoredRoutePeriod> = {},
): StoredRoutePeriod {
  const route = [
    { ttl: 1, addresses: ['192.0.2.200'], asn: 64_500 },
    { ttl: 2, addresses: ['198.51.100.9'], asn: null },
  ];
  const facts = { traces, reached: true, continues: false, route, ...changes };
  return { from: midnight + from, to: midnight + to, ...facts };
}
