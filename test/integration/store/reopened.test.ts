import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import type { Trace } from '../../../src/model/trace/trace.ts';
import { detectChanges } from '../../../src/pipeline/detect/detectChanges.ts';
import { openStore } from '../../../src/store/open.ts';
import type { Store } from '../../../src/store/store.ts';
import { sessionAt } from '../../helpers/sessionAt.ts';
import { tempDir } from '../../helpers/tempDir.ts';
import { midnight, readingOf, respondersOf, routeThrough } from './samples.ts';

/**
 * A program that accepted whatever lasted for a day wrote `accepted-7.sql` after three days as usual
 * and three days in which `a` was dead, `b` took a longer way, `c` was silent, `d` was dead for two
 * days, and `e` was as usual.
 */

const interval = 1800;
const hour = 3600;
const day = 24 * hour;
const onset = midnight + 3 * day;
const upgradeAt = midnight + 6 * day;

const usual = routeThrough('192.0.2.1', '198.51.100.1', '198.51.100.9', '203.0.113.9');
const other = routeThrough('192.0.2.1', '198.51.100.65', '198.51.100.73', '203.0.113.9');
const dead = { ...routeThrough('192.0.2.1', '198.51.100.1'), reached: false };
const asNumbers = { '192.0.2.1': 64_500, '198.51.100.1': 64_501, '198.51.100.9': 64_501 };
const others = { '198.51.100.65': 64_502, '198.51.100.73': 64_502, '203.0.113.9': 64_503 };
const responders = respondersOf(
  ...Object.entries({ ...asNumbers, ...others }).map(([address, asn]) => ({
    address,
    hostname: null,
    asn,
    asName: null,
  })),
);

function upgraded(changes = ''): Store {
  const dir = tempDir();
  const fixture = new URL('../../fixtures/store/upgrade/accepted-7.sql', import.meta.url);
  const database = new DatabaseSync(join(dir, 'pstrace.db'));
  database.exec(`PRAGMA synchronous = OFF; ${readFileSync(fixture, 'utf8')} ${changes}`);
  database.close();
  const store = openStore(dir, upgradeAt);
  onTestFinished(() => store.close());
  return store;
}

async function run(
  store: Store,
  from: number,
  to: number,
  routeOf: Record<string, Trace['route']>,
) {
  for (const [id, route] of Object.entries(routeOf)) {
    const traces = Array.from({ length: (to - from) / interval }, (_, index): Trace => {
      const startedAt = from + index * interval;
      const extraMs = route === other ? 50 : 0;
      const rttMs = route.hops.map(
        ({ ttl }) => 4 * ttl + extraMs + ((startedAt / interval) % 7) / 10,
      );
      return { startedAt, route, rttMs, probes: null };
    });
    store.append(id, readingOf(traces, { responders }));
  }
  const config = { policies: [], groups: [], overlapSeconds: 2 * hour };
  const settings = { ...config, acceptAfterSeconds: 7 * day, runLimitSeconds: 60 };
  expect(await detectChanges(store, settings, sessionAt(to), () => [])).toEqual([]);
}

function changesOf(store: Store) {
  return store.changes
    .since(0)
    .map(({ change, closedAt, accepted }) => [
      change.testId,
      change.class,
      closedAt === null ? null : closedAt - onset,
      accepted,
    ]);
}

test('an upgrade reopens what was accepted because it lasted, and finds what has ended', async () => {
  const store = upgraded();
  expect(changesOf(store)).toEqual([
    ['a', 'unreachable', null, false],
    ['b', 'inter_as', null, false],
    ['d', 'unreachable', null, false],
    ['c', 'vanished', null, false],
  ]);
  expect(store.incidents.active()).toMatchObject([{ incident: { status: 'open', to: null } }]);
  await run(store, upgradeAt, upgradeAt + hour, { a: dead, b: other, d: usual, e: usual });
  const ended = ['d', 'unreachable', 2 * day + interval, false];
  expect(changesOf(store)).toEqual([
    ['a', 'unreachable', null, false],
    ['b', 'inter_as', null, false],
    ended,
    ['c', 'vanished', null, false],
  ]);
  const back = upgradeAt + 3 * hour;
  await run(store, upgradeAt + hour, back, { a: usual, b: usual, c: usual, d: usual, e: usual });
  expect(changesOf(store).filter(([, changeClass]) => changeClass !== 'recovered')).toEqual([
    ['a', 'unreachable', back - onset - 3 * interval, false],
    ['b', 'inter_as', expect.any(Number), false],
    ended,
    ['c', 'vanished', expect.any(Number), false],
  ]);
  expect(store.incidents.since(0)).toMatchObject([{ status: 'recovered' }]);
});

test('an upgrade leaves a change accepted if no results from before it are left', () => {
  const store = upgraded(`UPDATE test SET oldest_trace_at = ${onset - 6 * hour} WHERE id = 'a';`);
  expect(changesOf(store).map(([id, , , accepted]) => [id, accepted])).toEqual([
    ['a', true],
    ['b', false],
    ['d', false],
    ['c', false],
  ]);
});

test('an upgrade leaves a change accepted whose end or successor was reported', () => {
  const later = `INSERT INTO change (id, test, class, detected_at, closed_at, accepted, incident, body)
    SELECT 'later', test, class, detected_at + 90000, closed_at + 90000, 0, NULL, body
    FROM change WHERE test = (SELECT number FROM test WHERE id = 'a');`;
  const [first] = changesOf(upgraded(later));
  expect(first).toMatchObject(['a', 'unreachable', expect.any(Number), true]);
});
