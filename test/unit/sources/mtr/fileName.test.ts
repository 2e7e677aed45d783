import { expect, test } from 'vitest';
import { parseRunFileName } from '../../../../src/sources/mtr/runFileName.ts';

const at = Date.parse('2026-11-20T22:14:17Z') / 1000;
const local = new Date(2026, 10, 20, 22, 14, 17).getTime() / 1000;
const none = { source: null, destination: null, protocol: null, port: null };

test.each([
  ['20261120T221417Z.json', { startedAt: at }],
  ['1795212857.json', { startedAt: 1_795_212_857 }],
  ['www.example.net_20261120T221417Z.json', { destination: 'www.example.net', startedAt: at }],
  [
    'host-a_www.Example.net_2026-11-20T22-14-17Z.tar.json',
    { source: 'host-a', destination: 'www.example.net', startedAt: at },
  ],
  [
    '192.0.2.9_2001-db8--1_2026-11-20T23:14:17+01:00_tcp443.json',
    {
      ...{ source: '192.0.2.9', destination: '2001:db8::1', startedAt: at },
      ...{ protocol: 'tcp', port: 443 },
    },
  ],
  ['a_b_20261120-221417', { source: 'a', destination: 'b', startedAt: local }],
  [
    'a_b_20261120T221417_udp.txt',
    { source: 'a', destination: 'b', startedAt: local, protocol: 'udp' },
  ],
])('%s has the facts %j', (name, facts) => {
  expect(parseRunFileName(name)).toEqual({ ...none, ...facts });
});

test.each([
  'mtr.json',
  'a_b.json',
  'a_b_c_20261120T221417Z.json',
  'a_-b_20261120T221417Z.json',
  'a_b_20261320T221417Z.json',
  'a_b_20261120T221417Z_sctp.json',
  'a_b_20261120T221417Z_icmp80.json',
  'a_b_20261120T221417Z_tcp99999.json',
  'a_b_20261120T221417Z_tcp80_more.json',
])('%s has another pattern and no facts', (name) => {
  expect(parseRunFileName(name)).toEqual({ ...none, startedAt: null });
});
