import { beforeAll, expect, test } from 'vitest';
import {
  connvitalsError,
  connvitalsRecord,
  isSameConnvitalsRoute,
} from '../../../src/monitor/connvitalsRecord.ts';
import type { MonitorRecord } from '../../../src/monitor/monitorRecord.ts';
import { defaultTarget } from '../../../src/sources/targets/target.ts';

/** 2026-11-03 17:05:08.991 in local time: the day of the month has one digit. */
let at = 0;
beforeAll(() => {
  at = new Date(2026, 10, 3, 17, 5, 8, 991).getTime();
});

const record = (result: MonitorRecord['result'], statistic: MonitorRecord['statistic']) => ({
  ...{ statistic, at: 0, host: 'www.example.net', address: '203.0.113.9', test: 't', result },
});

const target = (json: boolean, timestamp: boolean) => {
  const plain = defaultTarget('www.example.net');
  return { ...plain, maxTtl: 5, monitor: { ...plain.monitor, json, timestamp } };
};

const ping = record(
  {
    ping: {
      ...{ sent: 10, received: 9, minMs: 0.051, avgMs: 0.068, maxMs: 0.0984, jitterMs: 1 },
      stdevMs: 0.021,
    },
  },
  'ping',
);

const hop = (ttl: number, address: string | null) => ({
  ...{ ttl, addresses: address === null ? [] : [address], mtu: null, error: null },
});

const route = (reached: boolean, ...addresses: (string | null)[]) => ({
  reached,
  pathMtu: null,
  hops: addresses.map((address, index) => hop(index + 1, address)),
});

const trace = (reached: boolean, ...addresses: (string | null)[]) => {
  const rttMs = addresses.flatMap((address, index) => (address === null ? [] : [index + 0.17]));
  const value = { startedAt: 0, route: route(reached, ...addresses), rttMs, probes: null };
  return record({ trace: value }, 'trace');
};

test('pings, as text and JSON, with and without the time', () => {
  expect(connvitalsRecord(ping, target(false, true), at)).toBe(
    'www.example.net 203.0.113.9\nTue Nov  3 17:05:08 2026\n0.051\t0.068\t0.098\t0.021\t10.000',
  );
  expect(connvitalsRecord(ping, target(false, false), at)).toBe(
    'www.example.net 203.0.113.9\n0.051\t0.068\t0.098\t0.021\t10.000',
  );
  expect(connvitalsRecord(ping, target(true, true), 1_796_058_408_991)).toBe(
    '{"addr":"203.0.113.9","name":"www.example.net","timestamp":1796058408991.000000,' +
      '"ping":{"min":0.051000,"avg":0.068000,"max":0.098400,"std":0.021000,"loss":10.000000}}',
  );
  expect(connvitalsRecord(ping, target(true, false), at)).toMatch(
    /^\{"addr":"203\.0\.113\.9", "name":"www\.example\.net", "ping":\{/,
  );
});

test('lost and failed pings are times of -1, and an error', () => {
  const failed = record({ error: 'ping: no route', remedy: null }, 'ping');
  expect(connvitalsRecord(failed, target(false, false), at)).toBe(
    'www.example.net 203.0.113.9\n-1.000\t-1.000\t-1.000\t-1.000\t100.000',
  );
  expect(connvitalsError(failed, at)).toBe(
    'EE: OSError: www.example.net: ping: no route -\t Tue Nov  3 17:05:08 2026',
  );
  expect(connvitalsError(ping, at)).toBeNull();
  const scan = record({ error: 'no address', remedy: null }, 'scan');
  expect(connvitalsRecord(scan, target(false, false), at)).toBeNull();
  const unresolved = { ...failed, address: null };
  expect(connvitalsRecord(unresolved, target(true, true), at)).toBeNull();
});

test('traces end at the destination, or at the largest ttl', () => {
  const reached = trace(true, '198.51.100.1', null, '203.0.113.9');
  expect(connvitalsRecord(reached, target(true, false), at)).toContain(
    '"trace":[["198.51.100.1", 0.170000],["*"],["203.0.113.9", 2.170000]]',
  );
  expect(connvitalsRecord(reached, target(false, false), at)).toMatch(
    /\n198\.51\.100\.1\t0\.170\n\*\n203\.0\.113\.9\t2\.170$/,
  );
  expect(connvitalsRecord(trace(false, '198.51.100.1'), target(true, false), at)).toContain(
    '"trace":[["198.51.100.1", 0.170000],["*"],["*"],["*"],["*"]]',
  );
});

test('silent hops make no other route', () => {
  const one = route(true, '198.51.100.1', null, '203.0.113.9');
  expect(isSameConnvitalsRoute(one, route(true, '198.51.100.1', '203.0.113.9'))).toBe(true);
  expect(isSameConnvitalsRoute(one, route(true, '198.51.100.2', '203.0.113.9'))).toBe(false);
});

test('scans have the answers of the servers', () => {
  const scan = record(
    {
      ports: [
        { port: 80, state: 'open', rttMs: 1, service: { rttMs: 2, status: 301, server: 'x"y' } },
        { port: 443, state: 'open', rttMs: 1, service: { rttMs: 3, status: 200, server: null } },
        { port: 3306, state: 'closed', rttMs: 1 },
      ],
    },
    'scan',
  );
  expect(connvitalsRecord(scan, target(false, false), at)).toMatch(
    /\n2\.000, 301, x"y\t3\.000, 200, Unkown\tNone$/,
  );
  const [, json = ''] = /"scan":(\{.*\})\}$/.exec(
    connvitalsRecord(scan, target(true, false), at) ?? '',
  ) as string[];
  expect(JSON.parse(json)).toEqual({
    http: { rtt: 2, 'response code': '301', server: 'x"y' },
    https: { rtt: 3, 'response code': '200', server: 'Unkown' },
    mysql: 'None',
  });
});
