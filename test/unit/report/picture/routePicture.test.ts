import { expect, test } from 'vitest';
import type { Test } from '../../../../src/model/test/test.ts';
import type { Responder, Trace } from '../../../../src/model/trace/trace.ts';
import { routePicture } from '../../../../src/report/picture/routePicture.ts';

const aTest: Test = {
  id: 'a_b_mtr_0123456789ab',
  archive: 'local',
  key: 'k',
  tool: 'mtr',
  source: { address: '192.0.2.1', name: 'probe.example' },
  destination: { address: '203.0.113.9', name: '<script>x</script>.example' },
  family: 4,
  taskName: null,
  parameters: {},
  intervalSeconds: 600,
};

const hop = (ttl: number, ...addresses: readonly string[]) => ({
  ...{ ttl, addresses, mtu: null, error: null },
});

/**
 * Ten probes per hop: the second hop rate-limits replies, the fourth has the loss of the
 * destination.
 */
const trace: Trace = {
  startedAt: 1_795_219_200,
  route: {
    hops: [
      hop(1, '198.51.100.1'),
      hop(2, '198.51.100.2'),
      hop(3),
      hop(4, '203.0.113.4', '203.0.113.5'),
      hop(5, '203.0.113.9'),
    ],
    reached: true,
    pathMtu: null,
  },
  rttMs: [1, 2, 4, 4.5, 5],
  probes: { sent: [10, 10, 10, 10, 10], received: [10, 3, 4, 3, 7] },
};

const responder = (address: string, asn: number, hostname: string | null = null) =>
  [address, { address, hostname, asn, asName: `NET <${asn}>` }] as const;

const responders = new Map<string, Responder>([
  responder('198.51.100.1', 64500, 'r1.example'),
  responder('198.51.100.2', 64500, '"><script>alert(1)</script>'),
  responder('203.0.113.4', 64501),
  responder('203.0.113.9', 64501),
]);

const picture = routePicture(trace, aTest, responders);

test('hops are in boxes by AS, in reading order, with round-trip time and loss', () => {
  const { svg } = picture;
  const inOrder = ['AS64500', 'r1.example', 'AS64501', '203.0.113.4', '203.0.113.9'];
  const places = inOrder.map((text) => svg.indexOf(text, svg.indexOf('class="asn"')));
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(places).not.toContain(-1);
  expect(svg).toContain('>5.0</text>');
  expect(svg).toMatch(/class="loss-path"[^>]*>30\s?%/);
  expect(svg).toMatch(/class="loss-local"[^>]*>70\s?%/);
});

test('no text from DNS or a targets file becomes markup', () => {
  expect(picture.svg).not.toContain('<script');
  expect(picture.svg).toContain('&lt;script&gt;');
});

test('it is self-contained and loads nothing', () => {
  expect(picture.svg.startsWith('<svg xmlns="http://www.w3.org/2000/svg"')).toBe(true);
  expect(picture.svg).not.toMatch(/href|url\(|@import|<image|<script/);
});

test('the text is the trace in the format of mtr', () => {
  const lines = picture.text.trimEnd().split('\n');
  expect(lines[0]).toBe('Start: 2026-11-21T00:00:00Z  mtr, archive local');
  expect(lines).toHaveLength(8);
  expect(lines[3]).toMatch(/^ {2}2\. AS64500 .* 70\.0% +10/);
});
