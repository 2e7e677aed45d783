import { expect, test } from 'vitest';
import { parseHopHost } from '../../../../src/sources/mtr/hopHost.ts';

test.each([
  ['192.0.2.7', '192.0.2.7', null],
  ['R7.Example.net.', null, 'r7.example.net'],
  ['r7.example.net (192.0.2.7)', '192.0.2.7', 'r7.example.net'],
  ['192.0.2.7 (r7.example.net)', '192.0.2.7', 'r7.example.net'],
  ['192.0.2.7 (192.0.2.7)', '192.0.2.7', null],
  ['2001:DB8::7 (r7.example.net)', '2001:db8::7', 'r7.example.net'],
  ['192.0.2.7 (64)', '192.0.2.7', null],
  ['192.0.2.7 (0% loss)', '192.0.2.7', null],
  ['192.0.2.7 ()', '192.0.2.7', null],
  ['r7 (rack 4)', null, 'r7 (rack 4)'],
  ['fe80::a:7%wlp2s0', 'fe80::a:7', null],
  ['_gateway (fe80::7%br-lan.4)', 'fe80::7', '_gateway'],
  ['fe80::7%2 (fe80::7%2)', 'fe80::7', null],
  ['192.0.2.7%eth0', null, '192.0.2.7%eth0'],
  ['???', null, null],
])('%s is the address %s with the name %s', (text, address, name) => {
  expect(parseHopHost(text)).toEqual({ address, name, error: null });
});

test('an ICMP error of mtr follows any form of a host', () => {
  const error = 'host-unreachable';
  expect(parseHopHost('r7 (192.0.2.7) (no route to host)')).toEqual({
    ...{ address: '192.0.2.7', name: 'r7' },
    error,
  });
  expect(parseHopHost('192.0.2.7 (no route to host)')).toMatchObject({
    ...{ address: '192.0.2.7', name: null },
    error,
  });
});
