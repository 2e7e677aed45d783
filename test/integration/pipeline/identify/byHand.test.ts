import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { FakeTest } from '../../../helpers/fakeArchive.ts';
import { day, hour, keyOf, start, story } from './story.ts';

const at = start + day;

/** The first traces of a test, so many seconds apart. */
function byHand(digit: string, destination: string, count: number, seconds: number): FakeTest {
  const many = keyOf(digit, [at, at + 10 * hour], {
    destination,
    'input-destination': destination,
  });
  const traces = (many.results?.['packet-trace'] ?? []).slice(0, count);
  return {
    ...many,
    results: { 'packet-trace': traces.map((one, index) => ({ ...one, ts: at + index * seconds })) },
  };
}

test('traces run by hand are shown, but neither missed nor notified', async () => {
  const mesh = await story([
    keyOf('a', [start, start + 9 * day]),
    byHand('b', '203.0.113.10', 1, 0),
    byHand('c', '203.0.113.11', 5, 120),
    byHand('d', '203.0.113.12', 3, 1800),
  ]);
  for (const hours of [-1, 1, 3, 6, 12]) await mesh.run(at + hours * hour);
  const states = () =>
    (mesh.json('data/matrix.json').cells as { state: string }[]).map(({ state }) => state);
  expect(states()).toEqual(['ok', 'ok', 'ok', 'ok']);
  expect(await mesh.command(at + 12 * hour, 'check')).toMatchObject({ code: 0 });
  for (const hours of [30, 40, 60]) await mesh.run(at + hours * hour);
  expect(states()).toEqual(['ok']);
  expect(readdirSync(join(mesh.out, 'tests'))).toHaveLength(4);
  expect(mesh.classes()).toEqual([]);
  expect(mesh.box.received).toEqual([]);
});

test('a regular test that falls silent is missed', async () => {
  const mesh = await story([
    keyOf('a', [start, start + 9 * day]),
    keyOf('b', [start, at], { destination: '203.0.113.10' }),
  ]);
  for (const hours of [-1, 6, 12, 14, 30]) await mesh.run(at + hours * hour);
  expect(mesh.classes()).toEqual(['vanished']);
  expect(await mesh.command(at + 30 * hour, 'check')).toMatchObject({ code: 1 });
});
