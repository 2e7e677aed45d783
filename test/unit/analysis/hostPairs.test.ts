import { expect, test } from 'vitest';
import { groupByHostPair } from '../../../src/analysis/hostPairs.ts';
import type { Family, Test } from '../../../src/model/test/test.ts';

function between(id: string, source: [string, string], destination: [string, string]): Test {
  const family: Family = source[0].includes(':') ? 6 : 4;
  return {
    id,
    archive: 'ma.example.org/esmond/perfsonar/archive',
    key: id,
    tool: 'traceroute',
    source: { address: source[0], name: source[1] },
    destination: { address: destination[0], name: destination[1] },
    family,
    intervalSeconds: 600,
    taskName: null,
    parameters: {},
  };
}

const a4: [string, string] = ['192.0.2.1', 'a.example.org'];
const a6: [string, string] = ['2001:db8::1', 'a.example.org'];
const b4: [string, string] = ['198.51.100.1', 'b.example.org'];
const b6: [string, string] = ['2001:db8::2', 'b.example.org'];
const c4: [string, string] = ['203.0.113.1', 'c.example.org'];

const ids = (tests: Test[]) => groupByHostPair(tests).map((group) => group.map((each) => each.id));

test('both directions, both families and several tools of two hosts are one pair', () => {
  const tests = [
    between('ab4', a4, b4),
    between('ac4', a4, c4),
    between('ba4', b4, a4),
    between('ab6', a6, b6),
    between('ab4-tracepath', a4, b4),
  ];
  expect(ids(tests)).toEqual([['ab4', 'ba4', 'ab6', 'ab4-tracepath'], ['ac4']]);
});

test('a host with different names in the two directions is recognized by its address', () => {
  const bare: [string, string] = ['192.0.2.1', '192.0.2.1'];
  expect(ids([between('ab', bare, b4), between('ba', b4, a4)])).toEqual([['ab', 'ba']]);
});

test('a test that belongs to two groups joins them, in the order of the tests', () => {
  const bare4: [string, string] = ['192.0.2.1', '192.0.2.1'];
  const tests = [
    between('bare', bare4, b4),
    between('other', a4, c4),
    between('six', a6, b6),
    between('four', a4, b4),
    between('six back', b6, a6),
  ];
  expect(ids(tests)).toEqual([['bare', 'six', 'four', 'six back'], ['other']]);
});

test('a hundred thousand tests between hosts of one name are no more work than their number', () => {
  const tests = Array.from({ length: 100_000 }, (_, index) =>
    between(
      String(index),
      [`10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`, 'x'],
      ['203.0.113.1', 'x'],
    ),
  );
  expect(groupByHostPair(tests)).toHaveLength(1);
});
