import { expect, test } from 'vitest';
import { openedStore } from './openedStore.ts';
import { listedTest, midnight, readingOf, routeThrough, traceAt } from './samples.ts';

const day = 86_400;
const nothing = { traces: [], responders: new Map(), failures: [] };
const idsOf = (store: ReturnType<typeof openedStore>) => store.tests().map(({ id }) => id);

test('tests without any result are forgotten once they are no longer listed', () => {
  const store = openedStore('empty', 'failing', 'listed', 'planned', 'traced');
  store.append('empty', { ...nothing, interval: { from: midnight, to: midnight + 9 } });
  store.append('failing', {
    ...nothing,
    interval: null,
    failures: [{ at: midnight, error: 'there is no route to the destination' }],
  });
  store.append('traced', readingOf([traceAt(midnight, routeThrough('198.51.100.1'))]));
  const later = midnight + 4 * day;
  store.upsertTests([listedTest('listed')], later);
  store.identities.setPlannedAt(['planned'], later);
  expect(store.deleteEmptyTests(midnight)).toBe(0);
  expect(store.deleteEmptyTests(later - 3 * day)).toBe(1);
  expect(idsOf(store)).toEqual(['failing', 'listed', 'planned', 'traced']);
  store.upsertTests([listedTest('empty')], later);
  expect(store.missingIntervals('empty', { from: midnight, to: midnight + 9 }, 0)).toHaveLength(1);
});

test('a key after which another one is named is not forgotten', () => {
  const store = openedStore('name', 'other');
  store.append('other', readingOf([traceAt(midnight, routeThrough('198.51.100.1'))]));
  store.identities.assign(
    new Map([
      ['name', 'name'],
      ['other', 'name'],
    ]),
  );
  expect(store.deleteEmptyTests(midnight + day)).toBe(0);
});

test('thousands of tests are forgotten at once', () => {
  const store = openedStore();
  const many = Array.from({ length: 20_000 }, (_, index) => listedTest(`t${index}`));
  store.upsertTests(many, midnight);
  const startedAt = performance.now();
  expect(store.deleteEmptyTests(midnight + day)).toBe(many.length);
  expect(performance.now() - startedAt).toBeLessThan(10_000);
  expect(idsOf(store)).toEqual([]);
});
