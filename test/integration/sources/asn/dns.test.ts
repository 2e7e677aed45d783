import { expect, test } from 'vitest';
import { lookUpCymru } from '../../../../src/sources/asn/cymru.ts';
import type { DnsOptions } from '../../../../src/sources/asn/dnsClient.ts';
import { lookUpReverseNames } from '../../../../src/sources/asn/reverseNames.ts';
import { type DnsZone, serveDns } from '../../../helpers/dnsServer.ts';

async function setUp(zone: DnsZone, settings: Partial<DnsOptions> = {}) {
  const { server, questions } = await serveDns(zone);
  const signal = new AbortController().signal;
  return {
    questions,
    options: { parallel: 4, timeoutSeconds: 0.2, signal, servers: [server], ...settings },
  };
}

const v6 = '1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa';

test('the name of an address is the alphabetically first, cleaned', async () => {
  const { options } = await setUp({
    'PTR 1.2.0.192.in-addr.arpa': ['Z.example.net', 'B.Example.NET'],
    [`PTR ${v6}`]: ['<b>x</b>.example.net'],
  });
  const names = await lookUpReverseNames(['192.0.2.1', '2001:db8::1', '192.0.2.1'], options);
  expect(Object.fromEntries(names)).toEqual({
    '192.0.2.1': { value: 'b.example.net', failed: false },
    '2001:db8::1': { value: '<b>x</b>.example.net', failed: false },
  });
});

test('a name with line ends, escape codes and very long labels becomes one short line', async () => {
  const { options } = await setUp({
    'PTR 1.2.0.192.in-addr.arpa': ['evil\r\nBcc: all\u001b[2J.example.net'],
    'PTR 2.2.0.192.in-addr.arpa': [Array.from({ length: 4 }, () => 'x'.repeat(63)).join('.')],
    // No label is that long: its length reads as something else, and the answer as broken.
    'PTR 3.2.0.192.in-addr.arpa': ['y'.repeat(255)],
  });
  const names = await lookUpReverseNames(['192.0.2.1', '192.0.2.2', '192.0.2.3'], options);
  const hostnames = [...names.values()].map(({ value }) => value);
  for (const name of hostnames) {
    expect(name ?? '').toMatch(/^[\x20-\x7e]*$/);
    expect(name?.length ?? 0).toBeLessThanOrEqual(255);
  }
  expect(hostnames[1]).toMatch(/^(x{63}\.){3}x{63}$/);
});

test('no name is an answer, no response is a failure', async () => {
  const { options } = await setUp({
    'PTR 2.2.0.192.in-addr.arpa': 'servfail',
    'PTR 3.2.0.192.in-addr.arpa': 'silence',
  });
  const names = await lookUpReverseNames(['192.0.2.1', '192.0.2.2', '192.0.2.3'], options);
  expect([...names.values()]).toEqual([
    { value: null, failed: false },
    { value: null, failed: true },
    { value: null, failed: true },
  ]);
});

test('at the timeout, the other queries fail at once', async () => {
  const zone = Object.fromEntries(
    Array.from({ length: 50 }, (_, end) => [`PTR ${end}.2.0.192.in-addr.arpa`, 'silence'] as const),
  );
  const { options } = await setUp(zone, { timeoutSeconds: 600, signal: AbortSignal.timeout(200) });
  const names = await lookUpReverseNames(
    Array.from({ length: 50 }, (_, end) => `192.0.2.${end}`),
    options,
  );
  expect([...names.values()].filter(({ failed }) => failed)).toHaveLength(50);
});

test("Team Cymru's DNS has number and name of an AS, with one query each", async () => {
  const { options, questions } = await setUp({
    'TXT 1.2.0.192.origin.asn.cymru.com': ['64500 64501 | 192.0.2.0/24 | US | arin | 2002-01-04'],
    'TXT 2.2.0.192.origin.asn.cymru.com': ['64500 | 192.0.2.0/24 | US | arin | 2002-01-04'],
    'TXT 1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.origin6.asn.cymru.com': [
      '64502 | 2001:db8::/32 | NL | ripencc | 2002-01-04',
    ],
    'TXT as64500.asn.cymru.com': ['64500 | US | arin | 2002-01-04 | EXAMPLE - Example Network, US'],
    'TXT 3.2.0.192.origin.asn.cymru.com': 'servfail',
  });
  const records = await lookUpCymru(
    [
      '192.0.2.1',
      '192.0.2.2',
      '2001:db8::1',
      '192.0.2.3',
      '192.0.2.4',
      '10.0.0.1',
      'fd00::1',
      'fe80::1',
    ],
    options,
  );
  const one = { asn: 64500, asName: 'EXAMPLE - Example Network, US' };
  expect(Object.fromEntries(records)).toEqual({
    '192.0.2.1': { value: one, failed: false },
    '192.0.2.2': { value: one, failed: false },
    '2001:db8::1': { value: { asn: 64502, asName: null }, failed: false },
    '192.0.2.3': { value: null, failed: true },
    '192.0.2.4': { value: null, failed: false },
  });
  expect(questions.filter((question) => question.includes('as64500'))).toHaveLength(1);
});
