import { expect, test } from 'vitest';
import { loadDetectionGroups } from '../../../../src/pipeline/detect/detectionGroups.ts';
import { detectTests } from '../../../../src/pipeline/detect/detectTests.ts';
import type { Store } from '../../../../src/store/store.ts';
import { sessionAt } from '../../../helpers/sessionAt.ts';
import { openedStore } from '../../store/openedStore.ts';
import { midnight, readingOf, respondersOf, routeThrough, traceAt } from '../../store/samples.ts';

const config = {
  policies: [],
  groups: [],
  overlapSeconds: 7200,
  acceptAfterSeconds: 604_800,
  runLimitSeconds: 60,
};
const usual = routeThrough('192.0.2.1', '198.51.100.1', '198.51.100.9', '203.0.113.9');
const other = routeThrough('192.0.2.1', '198.51.100.65', '198.51.100.73', '203.0.113.9');

/** A store whose test took one route for a day and another for an hour. */
function changed(): Store {
  const store = openedStore('a');
  const traces = Array.from({ length: 150 }, (_, index) => ({
    ...traceAt(midnight + 600 * index, index < 144 ? usual : other),
    rttMs: [4, 8, 12, 16],
  }));
  const responders = respondersOf(
    { address: '198.51.100.1', hostname: null, asn: 64_501, asName: null },
    { address: '198.51.100.65', hostname: null, asn: 64_502, asName: null },
    { address: '203.0.113.9', hostname: null, asn: 64_503, asName: null },
  );
  store.append('a', readingOf(traces, { responders }));
  return store;
}

function detect(store: Store, settings = config) {
  const now = midnight + 90_000;
  return detectTests(
    store,
    loadDetectionGroups(store, now),
    settings,
    sessionAt(now, { write: () => {} }),
  );
}

test('a bug while storing the findings of a test stores none of them: the next run finds them', async () => {
  const store = changed();
  const detectionStates = {
    ...store.detectionStates,
    queueFindings: () => {
      throw new Error('no finding can be packed');
    },
  };
  expect(await detect({ ...store, detectionStates })).toMatchObject([{ subject: 'a' }]);
  expect(store.detectionStates.load('a')).toBeNull();
  expect(await detect(store)).toEqual([]);
  expect(store.detectionStates.pendingFindings()).not.toEqual([]);
});

test('what the detection does not reach within its time, the next run detects first', async () => {
  const ids = Array.from({ length: 70 }, (_, index) => `test-${index + 10}`);
  const store = openedStore(...ids);
  const traces = Array.from({ length: 30 }, (_, index) => traceAt(midnight + 600 * index, usual));
  for (const id of ids) store.append(id, readingOf(traces));
  const [problem, ...others] = await detect(store, { ...config, runLimitSeconds: 0 });
  expect(others).toEqual([]);
  expect(problem?.message).toMatch(
    /^This run has reached its limit of 0 s for the detection of changes\. New results of [1-5]0 of 70 tests wait/,
  );
  const reached = new Set(store.detectionStates.processedUntil().keys());
  const [skipped = '', isReached = ''] = [false, true].map(
    (wanted) => ids.find((id) => reached.has(id) === wanted) ?? '',
  );
  const later = readingOf([traceAt(midnight + 20_000, usual)]);
  for (const id of ids) store.append(id, later);
  const order: string[] = [];
  const detectionStates = {
    ...store.detectionStates,
    save: (...[id, state]: Parameters<Store['detectionStates']['save']>) => {
      order.push(id);
      store.detectionStates.save(id, state);
    },
  };
  expect(await detect({ ...store, detectionStates })).toEqual([]);
  expect(new Set(order)).toEqual(new Set(ids));
  expect(order.indexOf(skipped)).toBeLessThan(order.indexOf(isReached));
});
