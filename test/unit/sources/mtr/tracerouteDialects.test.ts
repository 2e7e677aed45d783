import { expect, test } from 'vitest';
import { importText, soleRun } from '../../../helpers/importText.ts';

const target = 'ps.example.org (203.0.113.9)';
const bsdHeading = `traceroute to ${target}, 64 hops max, 40 byte packets\n`;
const rows = ` 1  r1.example.net (203.0.113.1)  1.000 ms  1.100 ms  1.200 ms
 2  ${target}  2.000 ms  2.100 ms  2.200 ms
`;

/** Addresses with names, and AS numbers, of the responders. */
async function responders(text: string) {
  const { responders: found, hops, trace } = soleRun(await importText(text));
  const names = [...found.values()].map(({ address, hostname }) => `${address} ${hostname}`);
  const asns = [...found.values()].map(({ asn }) => asn);
  return { names, asns, hops, reached: trace.route.reached };
}

test('inetutils writes the address before the name', async () => {
  const run = await responders(`traceroute to ${target}, 64 hops max
  1   * 203.0.113.1 (r1.example.net)  1.000ms  203.0.113.2 (203.0.113.2)  2.000ms
  2   203.0.113.9 (ps.example.org)  2.000ms  *  2.200ms
`);
  expect(run.names).toEqual([
    '203.0.113.1 r1.example.net',
    '203.0.113.2 null',
    '203.0.113.9 ps.example.org',
  ]);
  expect(run.reached).toBe(true);
});

test('macOS writes the AS before the host, Linux behind it, JUNOS with a blank', async () => {
  const run =
    await responders(`${bsdHeading} 1  [AS64496] 203.0.113.1  1 ms  1 ms 203.0.113.2 [AS64497]  1 ms
 2  203.0.113.3 (203.0.113.3) [AS  64498]  1 ms [AS64499] 203.0.113.4 (203.0.113.4)  1 ms
 3  [AS64500] ${target}  2 ms  2 ms  2 ms
`);
  expect(run.asns).toEqual([64496, 64497, 64498, 64499, 64500]);
});

test.each([
  ['the loss of BSD -S', (text: string) => text.replace(/ms$/gm, 'ms (0% loss)')],
  ['the ttl of busybox -l', (text: string) => text.replace(/ms/g, 'ms (252)')],
  ['the lengths of -v', (text: string) => text.replace(/\) /g, ') 36 bytes to 198.51.100.9 ')],
  ['labels of NetBSD', (text: string) => text.replace(/\) /g, ') [MPLS: Label 16 Exp 0] ')],
  ['labels of Linux -e', (text: string) => text.replace(/\) /g, ') <MPLS:L=16,E=0,S=1,T=1> ')],
  [
    'labels of JUNOS',
    (text: string) => text.replace('\n 2', '\n     MPLS Label=16 CoS=0 TTL=1 S=1\n 2'),
  ],
  ['the return path of Linux --back', (text: string) => text.replace(/ms/g, "ms '-3'")],
])('%s changes nothing', async (_, decorate) => {
  const plain = await responders(bsdHeading + rows);
  expect(decorate(rows)).not.toBe(rows);
  expect(await responders(bsdHeading + decorate(rows))).toEqual(plain);
});

test('the choice of one of several addresses is not a fault', async () => {
  const warning = 'traceroute: Warning: ps.example.org has multiple addresses; using 203.0.113.9\n';
  const { problems, readings } = await importText(warning + bsdHeading + rows);
  expect(problems).toEqual([]);
  expect(readings[0]?.traces).toHaveLength(1);
});

test.each(['!P', '!3'])('%s of the destination is a reply', async (mark) => {
  const run = soleRun(await importText(bsdHeading + rows.replace(/2\.\d00 ms/g, `$& ${mark}`)));
  expect(run.trace.route.reached).toBe(true);
  expect(run.trace.route.hops.at(-1)?.error).toBeNull();
});

test('!H of the destination is an error', async () => {
  const run = soleRun(await importText(bsdHeading + rows.replace(/2\.\d00 ms/g, '$& !H')));
  expect(run.trace.route.reached).toBe(false);
});

test('output without the heading requires the target, at which it must end', async () => {
  expect((await importText(rows)).problems[0]?.message).toContain('it names no target');
  for (const destination of ['ps.example.org', '203.0.113.9']) {
    const run = soleRun(await importText(rows, { destination }));
    expect(run.hops).toEqual(['1 203.0.113.1', '2 203.0.113.9']);
    expect(run.trace.route.reached).toBe(true);
    expect(run.test.destination.address).toBe('203.0.113.9');
  }
  const cut = await importText(rows, { destination: '203.0.113.10' });
  expect(cut.readings).toEqual([]);
  expect(cut.problems[0]?.message).toContain('does not end at the target');
});

test('output without the heading is complete at an ICMP error', async () => {
  const options = { destination: '203.0.113.10' };
  const run = soleRun(await importText(rows.replace(/2\.\d00 ms/g, '$& !H'), options));
  expect(run.trace.route).toMatchObject({
    reached: false,
    hops: [{}, { error: 'host-unreachable' }],
  });
});

test('output without the heading begins at the first ttl', async () => {
  const options = { destination: '203.0.113.9' };
  const { readings } = await importText(rows.replace(/^.*\n/, ''), options);
  expect(readings).toEqual([]);
});

test('several outputs without the heading are several runs', async () => {
  const options = { destination: '203.0.113.9', startedAt: 1_795_000_000, intervalSeconds: 60 };
  const { readings, problems } = await importText(rows + rows, options);
  expect(problems).toEqual([]);
  expect(readings[0]?.traces).toHaveLength(2);
});

test('the address of the destination at an early ttl is not the end if routers follow', async () => {
  const early = `${bsdHeading} 1  203.0.113.9  0.1 ms  0.1 ms  0.1 ms
 2  203.0.113.9  0.2 ms  0.2 ms  0.2 ms
 3  203.0.113.1  1 ms * *
`;
  const run = soleRun(await importText(`${early} 4  ${target}  2 ms * *\n`));
  expect(run.hops.map((hop) => hop.slice(-1)).join('')).toBe('9919');
  expect(run.trace.route.reached).toBe(true);
  const refused = soleRun(await importText(`${early} 4  203.0.113.2  2 ms !X\n`));
  expect(refused.hops).toHaveLength(4);
  expect(refused.trace.route.reached).toBe(false);
});

test('a foreign line within a run invalidates it and no other', async () => {
  const spoiled = rows.replace('\n 2', '\nsendto: No buffer space available\n 2');
  const other = (bsdHeading + rows).replaceAll('203.0.113.9', '203.0.113.8');
  const { readings, problems } = await importText(bsdHeading + spoiled + other);
  expect(readings.map(({ test: { destination } }) => destination.address)).toEqual(['203.0.113.8']);
  expect(problems).toHaveLength(2);
});
