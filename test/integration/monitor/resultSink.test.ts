import { expect, test } from 'vitest';
import { createResultSink } from '../../../src/monitor/resultSink.ts';
import { createLocalTest } from '../../../src/sources/mtr/localTest.ts';
import type { MeasuredRun } from '../../../src/sources/mtr/measureTargets.ts';
import { openStore } from '../../../src/store/open.ts';
import { sessionAt } from '../../helpers/sessionAt.ts';
import { tempDir } from '../../helpers/tempDir.ts';
import { routeThrough, traceAt } from '../store/samples.ts';

const noon = 1_795_178_400;
const year = 365 * 86_400;

function runAt(startedAt: number): MeasuredRun {
  const test = createLocalTest({
    source: { address: '192.0.2.10', name: 'ps1.example.net' },
    destination: { address: '203.0.113.9', name: null },
    ...{ tool: 'mtr', family: 4, protocol: 'icmp', port: null, packetBytes: null, label: null },
  });
  const trace = traceAt(startedAt, routeThrough('192.0.2.1', '203.0.113.9'));
  return { test, trace, failure: null, responders: new Map(), problem: null };
}

/** A sink whose clock a test sets, its messages, and the starts of the traces that it stored. */
function openSink() {
  const state = tempDir();
  const messages: string[] = [];
  let now = noon;
  const session = sessionAt(noon, { write: (text) => messages.push(text) });
  const log = { ...session.log, warn: (text: string) => messages.push(text) };
  const sink = createResultSink(state, { ...session, log, clock: () => now }, () => {});
  const starts = () => {
    const store = openStore(state, noon, 'read');
    const found = store
      .tests()
      .flatMap(({ id }) => store.traces(id, { from: 0, to: 2 ** 33 }))
      .map(({ startedAt }) => startedAt);
    store.close();
    return found;
  };
  const setClock = (at: number) => {
    now = at;
  };
  return { sink, messages, starts, setClock, store: () => sink.finish(() => 0) };
}

test('a result is stored if the clock was steady from its start until it is stored', async () => {
  const { sink, store, starts } = openSink();
  sink.put([runAt(noon - 20)]);
  expect(await store()).toBe(0);
  expect(starts()).toEqual([noon - 20]);
});

test.each([
  ['before the measurement ended', noon - year, noon],
  ['before the measurement ended, from ahead', noon + year, noon],
  ['between the measurement and its storing', noon - 20, noon + 7200],
])('no result is stored whose clock was set %s', async (_, startedAt, storedAt) => {
  const { sink, store, starts, setClock } = openSink();
  sink.put([runAt(noon - 10)]);
  await store();
  sink.put([runAt(startedAt)]);
  setClock(storedAt);
  expect(await store()).toBe(0);
  expect(starts()).toEqual([noon - 10]);
});

test('while the clock is in doubt, results are dropped, which is said once', async () => {
  const { sink, store, starts, setClock, messages } = openSink();
  sink.put([runAt(noon - 20)]);
  await store();
  for (const at of [noon + 10 * year, noon + 10 * year + 600, 600]) {
    setClock(at);
    sink.put([runAt(at - 5)]);
    expect(await store()).toBe(0);
  }
  expect(messages).toEqual([expect.stringMatching(/The clock of this host shows 2036/)]);
  setClock(noon + 600);
  sink.put([runAt(noon + 590)]);
  await store();
  expect(starts()).toEqual([noon - 20, noon + 590]);
});
