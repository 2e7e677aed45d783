import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ChangeClass } from '../../../../src/model/change/change.ts';
import type { Responder, Trace } from '../../../../src/model/trace/trace.ts';
import { detectChanges } from '../../../../src/pipeline/detect/detectChanges.ts';
import type { Store } from '../../../../src/store/store.ts';
import { sessionAt } from '../../../helpers/sessionAt.ts';
import { openedStore } from '../../store/openedStore.ts';
import {
  listedTest,
  midnight,
  readingOf,
  respondersOf,
  routeThrough,
} from '../../store/samples.ts';

const interval = 600;
const hour = 3600;
/** Noon after a day and a half. */
const noon = midnight + 36 * hour;

const usual = routeThrough('192.0.2.1', '198.51.100.1', '198.51.100.9', '203.0.113.9');
const other = routeThrough('192.0.2.1', '198.51.100.65', '198.51.100.73', '203.0.113.9');
const silent = { ...routeThrough('192.0.2.1', '198.51.100.1'), reached: false };
const routes = [usual, other, silent];

function responder(address: string, asn: number): Responder {
  return { address, hostname: null, asn, asName: null };
}

const responders = respondersOf(
  responder('192.0.2.1', 64_500),
  responder('198.51.100.1', 64_501),
  responder('198.51.100.9', 64_501),
  responder('198.51.100.65', 64_502),
  responder('198.51.100.73', 64_502),
  responder('203.0.113.9', 64_503),
);

/** What the probes met from a moment on: the route of a time, each since its start. */
type Course = readonly (readonly [from: number, route: Trace['route']])[];

function tracesOf(course: Course, from: number, to: number): Trace[] {
  const traces: Trace[] = [];
  for (let at = from; at < to; at += interval) {
    const route = course.findLast(([since]) => since <= at)?.[1] ?? usual;
    const rttMs = route.hops.map(({ ttl }) => 4 * ttl + ((at / interval) % 7) / 10);
    traces.push({ startedAt: at, route, rttMs, probes: null });
  }
  return traces;
}

/** Takes in what has come until a moment, and looks what has changed. */
async function run(
  store: Store,
  now: number,
  arrived: readonly Trace[],
  elsewhere: readonly Trace[] = [],
): Promise<void> {
  if (arrived.length > 0) store.append('a', readingOf(arrived, { responders }));
  if (elsewhere.length > 0) store.append('b', readingOf(elsewhere, { responders }));
  const config = {
    policies: [],
    groups: [],
    overlapSeconds: 2 * hour,
    acceptAfterSeconds: 7 * 24 * hour,
    runLimitSeconds: 60,
  };
  expect(await detectChanges(store, config, sessionAt(now), () => [])).toEqual([]);
}

/** A store that saw the course without gap until noon, in runs of half an hour since the morning. */
async function untilNoon(course: Course): Promise<Store> {
  const store = openedStore('a');
  await run(store, noon - 6 * hour, tracesOf(course, midnight, noon - 6 * hour));
  for (let now = noon - 5.5 * hour; now <= noon; now += hour / 2)
    await run(store, now, tracesOf(course, now - hour / 2, now));
  return store;
}

function changesOf(store: Store): (readonly [ChangeClass, after: number | null, by: number])[] {
  return store.changes
    .since(0)
    .map(({ change: { class: changeClass, onset } }) => [
      changeClass,
      onset.after === null ? null : onset.after - noon,
      onset.by - noon,
    ]);
}

test('late results of an hour in which the route changed and came back: one notification, as recovered', async () => {
  const course: Course = [
    [noon, other],
    [noon + 0.75 * hour, usual],
  ];
  const store = await untilNoon(course);
  await run(store, noon + 1.5 * hour, tracesOf(course, noon + hour, noon + 1.5 * hour));
  expect(changesOf(store)).toEqual([]);
  await run(store, noon + 2 * hour, tracesOf(course, noon, noon + 2 * hour));
  const found = changesOf(store);
  expect(found).toEqual([
    ['inter_as', -600, 0],
    ['recovered', null, expect.any(Number)],
  ]);
  expect(store.changes.since(0).map(({ closedAt }) => closedAt !== null)).toEqual([true, true]);
  await run(store, noon + 2.5 * hour, tracesOf(course, noon + 2 * hour, noon + 2.5 * hour));
  expect(changesOf(store)).toEqual(found);
});

test('a route that changed in an hour with late results, and stays, causes one notification', async () => {
  const course: Course = [[noon, other]];
  const store = await untilNoon(course);
  await run(store, noon + 2 * hour, tracesOf(course, noon + hour, noon + 2 * hour));
  const found = changesOf(store);
  expect(found).toEqual([['inter_as', -600, 3600]]);
  await run(store, noon + 2.5 * hour, tracesOf(course, noon, noon + 2.5 * hour));
  await run(store, noon + 3 * hour, tracesOf(course, noon + 2.5 * hour, noon + 3 * hour));
  expect(changesOf(store)).toEqual(found);
  expect(store.changes.listOpen(['inter_as'])).toHaveLength(1);
});

test('a notified change ends where late results show its end, and a later change is another one', async () => {
  const course: Course = [
    [noon, other],
    [noon + 0.5 * hour, usual],
    [noon + 1.5 * hour, other],
  ];
  const store = await untilNoon(course);
  await run(store, noon + 0.5 * hour, tracesOf(course, noon, noon + 0.5 * hour));
  expect(changesOf(store)).toEqual([['inter_as', -600, 0]]);
  await run(store, noon + 2 * hour, tracesOf(course, noon + 1.5 * hour, noon + 2 * hour));
  expect(changesOf(store)).toHaveLength(1);
  await run(store, noon + 2.5 * hour, tracesOf(course, noon, noon + 2.5 * hour));
  expect(changesOf(store).map(([kind]) => kind)).toEqual(['inter_as', 'recovered', 'flap']);
  expect(store.changes.since(0).map(({ closedAt }) => closedAt === null)).toEqual([
    false,
    false,
    true,
  ]);
});

test('an outage that late results show ends nothing that came after it', async () => {
  const course: Course = [
    [noon, silent],
    [noon + hour, usual],
    [noon + 1.5 * hour, other],
  ];
  const store = await untilNoon(course);
  await run(store, noon + 2 * hour, tracesOf(course, noon + 1.5 * hour, noon + 2 * hour));
  expect(changesOf(store).map(([kind]) => kind)).toEqual(['inter_as']);
  await run(store, noon + 2.5 * hour, tracesOf(course, noon, noon + 2.5 * hour));
  const kinds = changesOf(store).map(([kind]) => kind);
  expect(kinds).toEqual(['unreachable', 'recovered', 'inter_as']);
  expect(store.changes.listOpen(kinds)).toMatchObject([{ class: 'inter_as' }]);
});

test('what looked like a change, and is none with the results that came late, ends', async () => {
  const course: Course = [
    [noon, other],
    [noon + interval, usual],
    [noon + 3 * interval, other],
    [noon + 4 * interval, usual],
    [noon + 5 * interval, other],
    [noon + 6 * interval, usual],
  ];
  const store = await untilNoon(course);
  const traces = tracesOf(course, noon, noon + 1.5 * hour);
  const others = traces.filter(({ route }) => route === other);
  await run(store, noon + hour, others);
  expect(changesOf(store)).toEqual([['inter_as', -600, 0]]);
  await run(store, noon + 1.5 * hour, traces);
  expect(changesOf(store)).toHaveLength(1);
  expect(store.changes.listOpen(['inter_as'])).toEqual([]);
});

const pair = ['a', 'b'] as const;

test.each(pair)(
  'results of an hour that only archive %s has, and delivers late, cause one notification',
  async (late) => {
    const course: Course = [
      [noon, other],
      [noon + 0.75 * hour, usual],
    ];
    const store = openedStore('a');
    store.upsertTests([listedTest('b', { archive: 'central.example.net' })], midnight);
    const both = (now: number, traces: readonly Trace[], others: readonly Trace[]) =>
      late === 'a' ? run(store, now, traces, others) : run(store, now, others, traces);
    const before = tracesOf(course, midnight, noon - 6 * hour);
    await both(noon - 6 * hour, before, before);
    for (let now = noon - 5.5 * hour; now <= noon; now += hour / 2) {
      const traces = tracesOf(course, now - hour / 2, now);
      await both(now, traces, traces);
    }
    await both(noon + 1.5 * hour, [], tracesOf(course, noon + hour, noon + 1.5 * hour));
    expect(changesOf(store)).toEqual([]);
    const after = tracesOf(course, noon + 1.5 * hour, noon + 2 * hour);
    await both(noon + 2 * hour, tracesOf(course, noon, noon + 2 * hour), after);
    const found = changesOf(store);
    expect(found.map(([kind]) => kind)).toEqual(['inter_as', 'recovered']);
    const later = tracesOf(course, noon + 2 * hour, noon + 2.5 * hour);
    await both(noon + 2.5 * hour, later, later);
    expect(changesOf(store)).toEqual(found);
    expect([...store.lateArrivals.earliestByTest()]).toEqual([]);
  },
);

/** Stretches of a course in traces, by route, and how late each trace comes, in runs. */
const stretches = fc.array(fc.tuple(fc.nat(2), fc.integer({ min: 1, max: 12 })), {
  minLength: 2,
  maxLength: 8,
});
const delays = fc.array(fc.constantFrom(0, 0, 0, 1, 2, 4), { minLength: 96, maxLength: 96 });

function courseOf(parts: readonly (readonly [route: number, traces: number])[]): Course {
  let at = noon;
  return parts.map(([route, traces]) => {
    const from = at;
    at += traces * interval;
    return [from, routes[route] as Trace['route']];
  });
}

/** For each trace, whether both archives have it, the other alone, or the first alone; one archive has them all in half of the cases. */
const holders = fc.oneof(
  fc.constant(Array<number>(96).fill(2)),
  fc.array(fc.nat(2), { minLength: 96, maxLength: 96 }),
);

test('however late results come, from one archive or another, all of it is found, and nothing lasts that is over', async () => {
  await fc.assert(
    fc.asyncProperty(stretches, delays, delays, holders, async (parts, own, others, held) => {
      const course = courseOf(parts);
      const traces = tracesOf(course, noon, noon + 16 * hour);
      const [inTime, belated] = [await untilNoon(course), await untilNoon(course)];
      belated.upsertTests([listedTest('b', { archive: 'central.example.net' })], midnight);
      belated.append('b', readingOf(tracesOf(course, midnight, noon), { responders }));
      for (let index = 1; index <= 38; index++) {
        const now = noon + (index * hour) / 2;
        const came = (delays: readonly number[], missing: number | null = null) =>
          traces.filter((_, each) => {
            const run = 1 + Math.floor(each / 3) + (delays[each] ?? 0);
            return run === index && held[each] !== missing;
          });
        await run(inTime, now, came([]));
        await run(belated, now, came(own, 1), came(others, 2));
      }
      expect(belated.detectionStates.load('a')).toEqual(inTime.detectionStates.load('a'));
      expect(changesOf(belated).length).toBeGreaterThanOrEqual(changesOf(inTime).length);
      const open = (store: Store) =>
        store.changes.since(0).filter(({ closedAt }) => closedAt === null).length;
      if (open(inTime) === 0) expect(open(belated)).toBe(0);
    }),
    { numRuns: 20 },
  );
});
