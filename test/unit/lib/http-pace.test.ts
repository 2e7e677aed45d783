import { expect, test } from 'vitest';
import {
  adjustConcurrency,
  type ConcurrencyState,
  initialConcurrency,
  type RequestOutcome,
} from '../../../src/lib/http/adaptiveConcurrency.ts';

const answers = (count: number, milliseconds: number): RequestOutcome[] =>
  Array.from({ length: count }, () => ({ kind: 'response', milliseconds }));
const pushback: RequestOutcome = { kind: 'throttled' };

const after = (
  outcomes: readonly RequestOutcome[],
  start: ConcurrencyState = initialConcurrency(4),
) => outcomes.reduce(adjustConcurrency, start);

test('a steady server receives the maximum of parallel requests', () => {
  expect(after(answers(200, 80)).concurrency).toBe(4);
});

test('429 and 503 halve the concurrency at once, down to one', () => {
  expect(after([pushback]).concurrency).toBe(2);
  expect(after([pushback, pushback]).concurrency).toBe(1);
  expect(after([pushback, pushback, pushback]).concurrency).toBe(1);
});

test('after throttling, each fast round adds one request', () => {
  const calm = after(answers(16, 80));
  const pushed = after([pushback, pushback], calm);
  expect(after(answers(15, 80), pushed).concurrency).toBe(1);
  expect(after(answers(16, 80), pushed).concurrency).toBe(2);
  expect(after(answers(48, 80), pushed).concurrency).toBe(4);
});

test('responses that take more than three times as long remove one request per round', () => {
  const calm = after(answers(16, 80));
  expect(after(answers(16, 250), calm).concurrency).toBe(3);
  expect(after(answers(64, 250), calm).concurrency).toBe(1);
  expect(after(answers(16, 230), calm).concurrency).toBe(4);
});

test('between the two bounds the concurrency is constant, so that it does not oscillate', () => {
  const slowed = after([...answers(16, 80), ...answers(16, 250)]);
  expect(after(answers(64, 160), slowed).concurrency).toBe(3);
});

test('milliseconds of a near server do not indicate load', () => {
  expect(after([...answers(16, 2), ...answers(64, 40)]).concurrency).toBe(4);
});

test('single slow responses do not count', () => {
  const calm = after(answers(16, 80));
  expect(after([...answers(7, 5000), ...answers(9, 80)], calm).concurrency).toBe(4);
});
