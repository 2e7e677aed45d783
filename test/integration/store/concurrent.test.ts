import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { acquireLock } from '../../../src/lib/lock.ts';
import { openStore } from '../../../src/store/open.ts';
import { moduleUrl, startChild } from '../../helpers/child.ts';
import { tempDir } from '../../helpers/tempDir.ts';
import { listedTest, midnight, readingOf, routeThrough, traceAt } from './samples.ts';

const always = { from: 0, to: 2 ** 40 };
const route = routeThrough('192.0.2.1', '198.51.100.9');

/** A process that holds the lock of a run and an open transaction with another trace. */
function writer(dir: string) {
  return startChild(`
    import { acquireLock } from ${moduleUrl('src/lib/lock.ts')};
    import { openStore } from ${moduleUrl('src/store/open.ts')};
    acquireLock(${JSON.stringify(join(dir, 'run.lock'))});
    const store = openStore(${JSON.stringify(dir)}, ${midnight});
    setInterval(() => {}, 1000);
    store.transaction(() => {
      store.append('a', ${JSON.stringify(readingOf([traceAt(midnight + 600, route)], { responders: [] as never }))});
      console.log('writing');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    });
  `);
}

test('a reader sees committed data while a run writes', async () => {
  const dir = tempDir();
  const store = openStore(dir, midnight);
  store.upsertTests([listedTest('a')], midnight);
  store.append('a', readingOf([traceAt(midnight, route)]));
  store.close();

  const child = writer(dir);
  expect(await child.line()).toBe('writing');
  expect(acquireLock(join(dir, 'run.lock'))).toBeNull();
  const reader = openStore(dir, midnight, 'read');
  onTestFinished(() => reader.close());
  expect(reader.tests()).toHaveLength(1);
  expect(reader.traces('a', always)).toHaveLength(1);

  await child.kill();
  const next = openStore(dir, midnight);
  onTestFinished(() => next.close());
  expect(next.problems).toEqual([]);
  expect(next.traces('a', always)).toHaveLength(1);
  expect(next.append('a', readingOf([traceAt(midnight + 600, route)])).added).toBe(1);
});

/** A process that appends traces, one transaction each, and prints a line for each. */
function appender(dir: string) {
  return startChild(`
    import { openStore } from ${moduleUrl('src/store/open.ts')};
    import { listedTest, readingOf, routeThrough, traceAt } from ${moduleUrl('test/integration/store/samples.ts')};
    const store = openStore(${JSON.stringify(dir)}, ${midnight});
    store.upsertTests([listedTest('a')], ${midnight});
    const known = store.traces('a', ${JSON.stringify(always)}).length;
    for (let index = known; ; index++) {
      const from = ${midnight} + index * 600;
      const route = routeThrough('192.0.2.1', '10.0.' + (index >> 8) + '.' + (index & 255));
      const interval = { from, to: from + 599 };
      store.append('a', readingOf([traceAt(from, route)], { interval }));
      if (index === known + 20) console.log('appending');
    }
  `);
}

test('a killed run leaves whole appends: covered time has its traces', async () => {
  const dir = tempDir();
  let before = 0;
  for (const delay of [0, 5, 11, 23]) {
    const child = appender(dir);
    expect(await child.line()).toBe('appending');
    await wait(delay + Math.random() * 5);
    await child.kill();
    const store = openStore(dir, midnight);
    const traces = store.traces('a', always);
    const end = midnight + traces.length * 600;
    expect(store.problems).toEqual([]);
    expect(traces.length).toBeGreaterThan(before + 20);
    expect(traces.at(-1)?.startedAt).toBe(end - 600);
    expect(new Set(traces.map((trace) => trace.route)).size).toBe(traces.length);
    expect(store.missingIntervals('a', { from: midnight, to: end }, 0)).toEqual([
      { from: end, to: end },
    ]);
    store.close();
    before = traces.length;
  }
});
