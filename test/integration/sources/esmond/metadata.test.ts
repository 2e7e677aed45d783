import { expect, test } from 'vitest';
import { describeTest } from '../../../../src/sources/esmond/testMetadata.ts';
import { elmondKey, esmondKey, eventType, metadata } from '../../../helpers/fakeArchive.ts';

const from = 1_700_000_000;

function describe(changes: Readonly<Record<string, unknown>> = {}) {
  const test = describeTest(metadata(changes), 'ma.example.net/esmond/perfsonar/archive', from);
  if (test === null || typeof test === 'string') throw new Error(String(test));
  return test;
}

test('a test has its ends, tool and key', () => {
  expect(describe({ 'pscheduler-reference-display-task-name': 'Example mesh' })).toEqual({
    id: '192.0.2.1_203.0.113.9_traceroute_8c9a0625db4a',
    archive: 'ma.example.net/esmond/perfsonar/archive',
    key: esmondKey,
    tool: 'traceroute',
    source: { address: '192.0.2.1', name: 'ps-a.example.net' },
    destination: { address: '203.0.113.9', name: 'ps-b.example.org' },
    family: 4,
    taskName: 'Example mesh',
    parameters: {},
    eventTypes: ['packet-trace'],
  });
});

test('names are compared in lower case without the final dot', () => {
  const { source, destination } = describe({
    'input-source': 'PS-A.Example.NET.',
    'input-destination': '2001:DB8:0::9',
    destination: '2001:db8::9',
  });
  expect(source.name).toBe('ps-a.example.net');
  expect(destination).toEqual({ address: '2001:db8::9', name: '2001:db8::9' });
});

test('the id of an IPv6 test is a valid file name', () => {
  const ends = { source: '2001:db8::1', destination: '2001:db8::9' };
  expect(describe(ends)).toMatchObject({
    family: 6,
    id: expect.stringMatching(/^2001-db8--1_2001-db8--9_traceroute_[0-9a-f]{12}$/),
  });
});

test.each([
  ['pscheduler/traceroute', 'traceroute'],
  ['bwctl/tracepath', 'tracepath'],
  ['bwctl2/Tracepath', 'tracepath'],
  ['pscheduler/paris-traceroute', 'paris-traceroute'],
  ['../../etc/passwd\u0000', 'trace'],
  ['<script>', 'trace'],
  [undefined, 'trace'],
])('the tool %j is called %s', (name, tool) => {
  expect(describe({ 'tool-name': name }).tool).toBe(tool);
});

test('an unresolved destination has its name, or the configured address', () => {
  expect(describe({ destination: undefined }).destination).toEqual({
    address: null,
    name: 'ps-b.example.org',
  });
  expect(describe({ destination: undefined }).id).toMatch(/^192\.0\.2\.1_unknown_traceroute_/);
  expect(
    describe({ destination: undefined, 'input-destination': '203.0.113.9' }).destination,
  ).toEqual({ address: '203.0.113.9', name: '203.0.113.9' });
});

test('a source without an address is the agent that ran the test', () => {
  const { source } = describe({ source: null, 'measurement-agent': '192.0.2.7' });
  expect(source.address).toBe('192.0.2.7');
});

test('parameters are equal as text and as numbers', () => {
  const texts = { 'ip-packet-size': '60', 'trace-first-ttl': '2.0', 'ip-fragment': 'True' };
  const values = { 'ip-packet-size': 60, 'trace-first-ttl': 2, 'ip-fragment': true };
  const expected = { 'ip-packet-size': '60', 'trace-first-ttl': '2', 'ip-fragment': 'true' };
  expect(describe(texts).parameters).toEqual(expected);
  expect(describe(values).parameters).toEqual(expected);
  expect(describe({ 'trace-max-ttl': null, 'ip-tos': {} }).parameters).toEqual({});
});

test("esmond's times of event types count, elmond's are ignored", () => {
  const events = [
    eventType('packet-trace', null),
    eventType('path-mtu', null),
    eventType('failures', from - 1),
    eventType('packet-trace-multi', String(from)),
  ];
  const names = (key: string) =>
    describe({ 'metadata-key': key, 'event-types': events }).eventTypes.join(' ');
  expect(names(esmondKey)).toBe('packet-trace packet-trace-multi');
  expect(names(elmondKey)).toBe('packet-trace path-mtu failures packet-trace-multi');
});

test('other kinds of tests are ignored', () => {
  const events = [eventType('throughput', 2e9)];
  expect(describeTest(metadata({ 'event-types': events }), 'ma', from)).toBeNull();
});

test.each([
  [{ 'metadata-key': '../../x' }],
  [{ 'metadata-key': 'a/b?c' }],
  [{ 'metadata-key': 'x'.repeat(129) }],
  [{ 'metadata-key': 7 }],
  [{ 'metadata-key': undefined }],
])('the key of %j never becomes part of a URL', (changes) => {
  expect(describeTest(metadata(changes), 'ma', from)).toMatch(/^with(out a| an invalid) key$/);
});

test.each([null, 'text', 3])('%j is not a test', (element) => {
  expect(describeTest(element, 'ma', from)).toBe('not an object');
});

const hostile = `<script>alert(1)</script>\u0000\n\u202e../../${'x'.repeat(10_000)}`;

test('hostile text in every field leaves a harmless id and one short line each', () => {
  const fields = Object.keys(metadata()).filter((name) => name !== 'metadata-key');
  const changes = Object.fromEntries(fields.map((name) => [name, hostile]));
  const test = describe({ ...changes, 'trace-algorithm': hostile, 'event-types': [hostile] });
  expect(test.id).toMatch(/^unknown_unknown_trace_[0-9a-f]{12}$/);
  const { source, destination, parameters } = test;
  for (const text of [source.name, destination.name, ...Object.values(parameters)]) {
    expect(text.length).toBeLessThan(256);
    expect(text).not.toMatch(/[\p{Cc}\u202e]/u);
  }
  expect(test.eventTypes).toEqual([]);
});
