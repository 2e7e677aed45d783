import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, it } from 'vitest';
import { testJson } from '../../../../src/report/test/testJson.ts';
import { type Course, midnight, simulated } from '../../../helpers/simulatedTest.ts';

const schema = JSON.parse(
  readFileSync(new URL('../../../../schemas/test.schema.json', import.meta.url), 'utf8'),
);
const ajv = new Ajv2020({ allErrors: true });
const valid = ajv.compile(schema);
const keys = [
  {
    archive: 'ma.example.net/esmond/perfsonar/archive',
    key: '0123456789abcdef',
    parameters: { 'ip-packet-size': '60' },
    firstTraceAt: midnight,
    newestTraceAt: midnight + 600,
  },
];
const facts = { keys, retired: null, metrics: [] };
const routes = { A: 'a1 b1/b2 * c1', B: 'a1 d1 * c1' };

function parsed(course: Partial<Course>) {
  const json = JSON.parse(testJson(simulated({ routes, course: 'A', ...course }), facts));
  expect(valid(json), ajv.errorsText(valid.errors)).toBe(true);
  return json;
}

it('agrees with the published schema', () => {
  const failures = [{ at: midnight + 60, error: 'another reason' } as const];
  const json = parsed({ course: 'AAAAAAAA BBBB aa', mtu: { A: 9000 }, failures });
  expect(json.routePeriods.map(({ variant }: { variant: string }) => variant)).toContain('B');
  expect(json.failures[0].error).toBe('another reason');
  expect(valid({ ...json, state: 'fine' })).toBe(false);
});

it('a test without a trace agrees with the schema, too', () => {
  expect(parsed({ course: '...' })).toMatchObject({ latest: null, routePeriods: [], traces: 0 });
});

it('the latest trace has one entry per responder, and one without an address for a silent hop', () => {
  const { latest } = parsed({ course: 'AAA' });
  expect(latest.hops.map(({ ttl }: { ttl: number }) => ttl)).toEqual([1, 2, 2, 3, 4, 5]);
  expect(latest.hops[3]).toMatchObject({ address: null, hostname: null, rttMs: null });
  expect(latest.hops[5]).toMatchObject({ address: '203.0.113.9', asn: 64510 });
  expect(latest.hops[5].rttMs).toBeCloseTo(20, 0);
  expect(latest.atIso).toBe('2026-11-20T00:20:00Z');
});

it('every time has an ISO 8601 form', () => {
  const json = JSON.stringify(parsed({ course: 'AAAA BBBB' }));
  for (const [, name, epoch] of json.matchAll(/"(\w+)":(\d{10})\b/g)) {
    const iso = new Date(Number(epoch) * 1000).toISOString().replace('.000', '');
    expect(json).toContain(`"${name}Iso":"${iso}"`);
  }
});

it('an unstable test repeats the full route of each period', () => {
  const { routePeriods } = parsed({ course: 'ABABABABAB' });
  expect(routePeriods).toHaveLength(10);
  for (const { route } of routePeriods) expect(route.at(-1).addresses).toEqual(['203.0.113.9']);
});

it('with many probes per hop, each address has its loss and spread', () => {
  const analysis = simulated({
    routes: { A: 'a1 * c1' },
    course: 'A',
    received: { A: [10, 4, 9] },
  });
  const { latest } = analysis;
  if (latest?.probes == null) throw new Error('no probes');
  const spread = {
    avgMs: [6, 16, 21],
    worstMs: [9, 30, 22.5],
    stdevMs: [0.3, 9, 2],
    jitterMs: [0.1, 4, null],
  };
  const hopsOf = (trace: typeof latest) => {
    const json = JSON.parse(testJson({ ...analysis, latest: trace }, facts));
    expect(valid(json), ajv.errorsText(valid.errors)).toBe(true);
    return json.latest.hops;
  };
  const hops = hopsOf({ ...latest, probes: { ...latest.probes, spread } });
  expect(hops[0]).toMatchObject({ sent: 10, received: 10, avgMs: 6, worstMs: 9, jitterMs: 0.1 });
  expect(hops[1]).toMatchObject({ address: null, sent: 10, received: 0, avgMs: null });
  expect(hops[2]).toMatchObject({ sent: 10, received: 4, stdevMs: 9 });
  expect(hops[3]).toMatchObject({ received: 9, jitterMs: null });
  expect(
    hopsOf({ ...latest, probes: { ...latest.probes, sent: [3, 3, 3, 3] } })[0],
  ).not.toHaveProperty('avgMs');
  expect(hopsOf({ ...latest, probes: null })[0]).not.toHaveProperty('sent');
});

it('has all keys of the test, and since when it is retired', () => {
  const retired = { at: midnight, by: 'template' } as const;
  const json = JSON.parse(testJson(simulated({ routes, course: 'A' }), { ...facts, retired }));
  expect(valid(json), ajv.errorsText(valid.errors)).toBe(true);
  expect(json.test).toMatchObject({
    keys: [{ key: '0123456789abcdef', lastTraceAt: midnight + 600 }],
    retiredAt: midnight,
    retiredBy: 'template',
  });
});

it('has the days of metrics with their unit, if there are any', () => {
  const day = {
    day: 20_605,
    runs: 4,
    failed: 1,
    median: 9.41e9,
    low: 1e9,
    high: null,
    loss: 0.001,
  };
  const of = { archive: 'a', key: 'k', source: '192.0.2.1', destination: '192.0.2.2' };
  const metrics = [
    { ...of, type: 'throughput' as const, taskName: null, days: [day] },
    { ...of, type: 'latencybg' as const, taskName: 'Mesh', days: [{ ...day, median: -0.25 }] },
  ];
  const analysis = simulated({ routes, course: 'A' });
  const json = JSON.parse(testJson(analysis, { ...facts, metrics }));
  expect(valid(json), ajv.errorsText(valid.errors)).toBe(true);
  const shown = { runs: 4, failed: 1, p5: 1e9, p95: null, lossPct: 0.1 };
  expect(json.metrics).toMatchObject([
    {
      type: 'throughput',
      unit: 'bit/s',
      days: [{ ...shown, median: 9.41e9, from: 20_605 * 86_400 }],
    },
    { type: 'latencybg', unit: 'ms', taskName: 'Mesh', days: [{ median: -0.25 }] },
  ]);
  expect(parsed({})).not.toHaveProperty('metrics');
});
