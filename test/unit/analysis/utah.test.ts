import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { analyzeTest } from '../../../src/analysis/window/analyzeTest.ts';
import type { Responder, Route, RouteHop, Trace } from '../../../src/model/trace/trace.ts';
import { detectedMemory } from '../../helpers/detectedMemory.ts';
import { sampleTest } from './scenario.ts';

const sample = new URL(
  '../../../../shared/data/esmond4-utah-packet-trace-first90.json',
  import.meta.url,
);

interface Entry {
  readonly ts: number;
  readonly val: readonly {
    readonly ttl: number;
    readonly ip?: string;
    readonly rtt?: number;
    readonly as?: { readonly number: number };
  }[];
}

const destination = '155.98.59.20';

/** The first `count` traces of the sample; equal routes as one object. */
function read(count: number): { traces: Trace[]; responders: Map<string, Responder> } {
  const entries = JSON.parse(readFileSync(sample, 'utf8')) as Entry[];
  const responders = new Map<string, Responder>();
  const routes = new Map<string, Route>();
  const traces = entries.slice(0, count).map(({ ts, val }): Trace => {
    const hops = val.map(({ ttl, ip }): RouteHop => {
      return { ttl, addresses: ip === undefined ? [] : [ip], mtu: null, error: null };
    });
    const reached = val.at(-1)?.ip === destination;
    const key = JSON.stringify(hops);
    const route = routes.get(key) ?? { hops, reached, pathMtu: null };
    routes.set(key, route);
    for (const { ip, as } of val) {
      if (ip === undefined || as === undefined) continue;
      responders.set(ip, { address: ip, hostname: null, asn: as.number, asName: null });
    }
    const rttMs = val.flatMap(({ ip, rtt }) => (ip === undefined ? [] : [rtt ?? null]));
    return { startedAt: ts, route, rttMs, probes: null };
  });
  return { traces, responders };
}

function analyze(count: number) {
  const { traces, responders } = read(count);
  const now = (traces.at(-1)?.startedAt ?? 0) + 60;
  const input = {
    test: sampleTest({ destination: { address: destination, name: 'destination' } }),
    traces,
    failures: [],
    responders,
    window: { from: now - 86_400, to: now },
    now,
  };
  return analyzeTest({ ...input, memory: detectedMemory(input) });
}

/** The sample is not part of the project. */
const withSample = test.runIf(existsSync(sample));

withSample(
  'a real day of load balancing and a drifting destination is one route, and ok (skipped without the sample)',
  () => {
    const analysis = analyze(90);
    expect(analysis.traces).toBe(90);
    expect(analysis.state).toBe('ok');
    expect(analysis.variants.map(({ letter, asPath }) => [letter, asPath])).toEqual([
      ['A', [17055, 210, 17055]],
    ]);
    const shared = analysis.variants[0]?.route.filter(({ addresses }) => addresses.length > 1);
    expect(shared?.map(({ ttl, addresses }) => [ttl, addresses.length])).toEqual([
      [2, 2],
      [3, 2],
      [11, 2],
      [12, 4],
      [13, 2],
    ]);
    expect(new Set(analysis.series.map(({ hops }) => hops))).toEqual(new Set([14]));
  },
);

withSample(
  'it is ok from the first trace on, while load balancing is still being learned (skipped without the sample)',
  () => {
    for (let count = 1; count <= 90; count++) expect(analyze(count).state, `${count}`).toBe('ok');
  },
);
