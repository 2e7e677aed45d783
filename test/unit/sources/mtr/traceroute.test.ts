import { expect, test } from 'vitest';
import { importText, soleRun } from '../../../helpers/importText.ts';

const head = 'traceroute to www.example.net (192.0.2.1), 30 hops max, 60 byte packets\n';

test('hosts, times, lost probes and AS numbers of each hop', async () => {
  const run = soleRun(
    await importText(`${head} 1  gw.example.net (198.51.100.1) [AS64500]  0.500 ms  0.400 ms *
 2  * * *
 3  198.51.100.2 (198.51.100.2) [*]  2.000 ms core.example.net (198.51.100.3) [AS64501/AS64502]  2.100 ms  2.300 ms
 4  www.example.net (192.0.2.1) <syn,ack>  3.000 ms  3.100 ms  3.200 ms
`),
  );
  expect(run.test).toMatchObject({
    tool: 'traceroute',
    destination: { address: '192.0.2.1', name: 'www.example.net' },
    parameters: { 'ip-transport-protocol': 'udp', 'ip-packet-size': '60' },
  });
  expect(run.hops).toEqual(['1 198.51.100.1', '2 *', '3 198.51.100.2/198.51.100.3', '4 192.0.2.1']);
  expect(run.trace.route.reached).toBe(true);
  expect(run.trace.rttMs).toEqual([0.4, 2, 2.1, 3]);
  expect(run.trace.probes).toMatchObject({ sent: [3, 3, 3, 3], received: [2, 1, 2, 3] });
  expect([...run.responders.values()].map(({ asn }) => asn)).toEqual([64500, null, 64501, null]);
  expect(run.trace.named).toBeUndefined();
});

test.each([
  ['!H', 'host-unreachable'],
  ['!N', 'net-unreachable'],
  ['!X', 'communication-administratively-prohibited'],
  ['!P', 'protocol-unreachable'],
  ['!S', 'source-route-failed'],
  ['!F-1400', 'fragmentation-needed-and-df-set'],
  ['!V', 'host-precedence-violation'],
  ['!C', 'precedence-cutoff-in-effect'],
  ['!10', 'destination-host-administratively-prohibited'],
  ['!<13>', 'communication-administratively-prohibited'],
  ['!99', 'unknown-error-99'],
])('the mark %s is the ICMP error %s', async (mark, error) => {
  const run = soleRun(
    await importText(
      `${head} 1  198.51.100.1  0.5 ms\n 2  198.51.100.2  1.0 ms ${mark}  1.1 ms ${mark}\n`,
    ),
  );
  expect(run.trace.route.hops[1]).toMatchObject({ error, mtu: mark === '!F-1400' ? 1400 : null });
  expect(run.trace.route.reached).toBe(false);
});

test('the silence up to the largest ttl is not part of the route', async () => {
  const silence = Array.from({ length: 28 }, (_, index) => `${index + 3}  * * *\n`).join('');
  const run = soleRun(
    await importText(`${head} 1  198.51.100.1  0.5 ms\n 2  * 198.51.100.2  1.0 ms *\n${silence}`),
  );
  expect(run.hops).toEqual(['1 198.51.100.1', '2 198.51.100.2']);
  expect(run.trace.probes).toMatchObject({ sent: [1, 3], received: [1, 1] });
  expect(run.trace.route.reached).toBe(false);
});

test('the path MTU of --mtu counts', async () => {
  const run = soleRun(
    await importText(`${head} 1  198.51.100.1  0.5 ms F=1500\n 2  192.0.2.1  1.0 ms F=1400\n`),
  );
  expect(run.trace.route.pathMtu).toBe(1400);
});

test('IPv6, a decimal comma, a first ttl above 1 and hosts on their own lines', async () => {
  const run = soleRun(
    await importText(`traceroute6 to 2001:db8::1 (2001:db8::1) from 2001:db8::2, 30 hops max, 80 byte packets
 3  2001:DB8:0::3  0,500 ms
     2001:db8::4  0,600 ms
 4  2001:db8::1  1,000 ms
`),
  );
  expect(run.test).toMatchObject({ family: 6, source: { address: '2001:db8::2' } });
  expect(run.hops).toEqual(['3 2001:db8::3/2001:db8::4', '4 2001:db8::1']);
  expect(run.trace.rttMs).toEqual([0.5, 0.6, 1]);
});

test('an incomplete output is reported, within a line and between two', async () => {
  const texts = [
    `${head} 1  198.51.100.1  0.5 ms\n 2  198.51.1`,
    `${head} 1  198.51.100.1  0.5 ms\n`,
    `${head}`,
    `${head} 2  198.51.100.1  0.5 ms\n 1  192.0.2.1  0.5 ms\n`,
  ];
  for (const text of texts) {
    const { readings, problems } = await importText(text);
    expect(readings).toEqual([]);
    expect(problems[0]?.message).toContain('skipped: incomplete ');
  }
});

test('two outputs in sequence are imported, with or without a line between them', async () => {
  const path = ' 1  192.0.2.1  0.5 ms\n';
  const other = head.replaceAll('192.0.2.1', '192.0.2.2').replace('www', 'ftp');
  const { readings, problems } = await importText(
    `${head}${path}${other}${path.replace('.1 ', '.2 ')}\n`,
  );
  expect(problems).toEqual([]);
  expect(readings).toHaveLength(2);
});

test('with one probe per hop there are no counts', async () => {
  const run = soleRun(await importText(`${head} 1  *\n 2  192.0.2.1  0.5 ms\n`));
  expect(run.trace.probes).toBeNull();
});
