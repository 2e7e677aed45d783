import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { LookupResult } from '../../../src/model/trace/lookup.ts';
import type { Responder } from '../../../src/model/trace/trace.ts';
import { openStore } from '../../../src/store/open.ts';
import { tempDir } from '../../helpers/tempDir.ts';
import { listedTest, midnight, readingOf, routeThrough, traceAt } from './samples.ts';

const [first, second] = ['192.0.2.1', '192.0.2.2'];
const now = midnight;
const nothing = { hostname: null, asn: null, asName: null };
const answer = (address: string, facts: Partial<LookupResult>): LookupResult => {
  return { address, ...nothing, until: now + 100, ...facts };
};

/** A store with two responders, of which an archive described the first. */
function filled(facts: Partial<Responder> = {}) {
  const store = openStore(join(tempDir(), 'var'), now);
  onTestFinished(() => store.close());
  const learn = (facts: Partial<Responder>, at = now) => {
    const reading = readingOf([traceAt(at, routeThrough(first, second))]);
    const responders = new Map([[first, { address: first, ...nothing, ...facts }]]);
    store.append('a', { ...reading, responders });
  };
  store.upsertTests([listedTest('a')], now);
  learn(facts);
  const due = (kind: 'name' | 'as', at = now) => store.dueLookups(kind, [second, first, first], at);
  return {
    store,
    learn,
    due,
    knownOf: (address: string) => store.responders().merged().get(address),
  };
}

test('values from archives and unknown addresses are not looked up', () => {
  const { store, due } = filled({ hostname: 'r1.example', asn: 64500, asName: 'ONE' });
  expect(due('name')).toEqual([second]);
  expect(due('as')).toEqual([second]);
  expect(store.dueLookups('name', ['203.0.113.1'], now)).toEqual([]);
});

test('a result holds until it expires, and so does an empty one', () => {
  const { store, due, knownOf } = filled();
  store.recordLookups(
    'name',
    [answer(first, { hostname: 'r1.example' }), answer(second, { until: now + 10 })],
    now,
  );
  expect(knownOf(first)?.hostname).toBe('r1.example');
  expect(due('name')).toEqual([]);
  expect(due('name', now + 50)).toEqual([second]);
  expect(due('name', now + 100)).toEqual([second, first]);
  expect(due('as')).toEqual([second, first]);
});

test('a new result replaces the old one; an empty one keeps it', () => {
  const { store, due, knownOf } = filled();
  store.recordLookups('name', [answer(first, { hostname: 'old.example' })], now);
  store.recordLookups('name', [answer(first, { until: now + 200 })], now + 100);
  expect(knownOf(first)?.hostname).toBe('old.example');
  expect(due('name', now + 200)).toContain(first);
  store.recordLookups('name', [answer(first, { hostname: 'new.example' })], now + 200);
  expect(knownOf(first)?.hostname).toBe('new.example');
});

test('a result counts more than the value of an archive', () => {
  const { learn, store, due, knownOf } = filled();
  store.recordLookups('name', [answer(first, { hostname: 'asked.example' })], now);
  learn({ hostname: 'learned.example' }, now + 60);
  expect(knownOf(first)?.hostname).toBe('asked.example');
  expect(due('name', now + 200)).toEqual([second, first]);
});

test('a number without a name is looked up, and the result counts as a whole', () => {
  const { store, due, knownOf } = filled({ asn: 64500 });
  expect(due('as')).toContain(first);
  store.recordLookups('as', [answer(first, { asn: 64501, asName: 'OTHER' })], now);
  expect(knownOf(first)).toMatchObject({ asn: 64501, asName: 'OTHER' });
});

test('an address is looked up if one of its archives lacks something', () => {
  const { store, due } = filled({ hostname: 'r1.example', asn: 64500, asName: 'ONE' });
  expect(due('name')).toEqual([second]);
  const other = { ...listedTest('b'), archive: 'other.example.net' };
  store.upsertTests([other], now);
  const reading = readingOf([traceAt(now, routeThrough(first))]);
  const responders = new Map([[first, { address: first, ...nothing }]]);
  store.append('b', { ...reading, responders });
  expect(due('name')).toEqual([second, first]);
});

test('a result from a clock that was years ahead is not valid for years', () => {
  const { store, due } = filled();
  const ahead = now + 10 * 365 * 86_400;
  store.recordLookups('name', [answer(first, { until: ahead })], ahead);
  expect(due('name')).toContain(first);
});
