import { expect, test } from 'vitest';
import { createAddressBudget } from '../../../../src/pipeline/collect/addressBudget.ts';
import { openedStore } from '../../store/openedStore.ts';
import { midnight, readingOf, respondersOf, routeThrough, traceAt } from '../../store/samples.ts';

const archive = 'ma.example.net';
const day = 86_400;
const address = (number: number) => `2001:db8::${number.toString(16)}:1`;
const responder = (number: number) => ({
  address: address(number),
  hostname: null,
  asn: null,
  asName: null,
});

/** Traces of a test, each over two addresses of its own. */
function flood(first: number, traces: number) {
  const numbers = Array.from({ length: traces }, (_, index) => first + 2 * index);
  return readingOf(
    numbers.map((number, index) =>
      traceAt(midnight + index, routeThrough(address(number), address(number + 1))),
    ),
    { responders: respondersOf(...numbers.flatMap((n) => [responder(n), responder(n + 1)])) },
  );
}

test('an archive brings 50,000 addresses, then 2,000 a day; traces over known ones are read', () => {
  const store = openedStore('a');
  const budget = createAddressBudget(archive, store, midnight);
  const whole = flood(0, 24_999);
  expect(budget.admit(whole)).toBe(whole);
  const cut = budget.admit(flood(0x20000, 3));
  expect(cut.traces).toHaveLength(1);
  expect([...cut.responders.keys()]).toEqual([address(0x20000), address(0x20001)]);
  store.append('a', cut);
  expect(budget.admit(flood(0x20000, 1)).traces).toHaveLength(1);
  expect(budget.admit(flood(0x30000, 1)).traces).toHaveLength(0);
  budget.save();
  expect(budget.problems()).toMatchObject([
    { subject: archive, message: expect.stringMatching(/Ignored results with further ones: 3\./) },
  ]);
  const sameDay = createAddressBudget(archive, store, midnight + 1);
  expect(sameDay.admit(flood(0x30000, 1)).traces).toHaveLength(0);
  const nextDay = createAddressBudget(archive, store, midnight + day);
  expect(nextDay.admit(flood(0x30000, 1500)).traces).toHaveLength(1000);
  const other = createAddressBudget('other.example.net', store, midnight);
  expect(other.admit(flood(0x30000, 1500)).traces).toHaveLength(1500);
});
