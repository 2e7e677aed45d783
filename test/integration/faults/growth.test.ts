import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startArchiveServer } from '../../helpers/archiveServer.ts';
import {
  basePath,
  eventType,
  type FakeResult,
  type FakeTest,
  fakeArchive,
  metadata,
  trace,
} from '../../helpers/fakeArchive.ts';
import { place } from '../cli/command.ts';
import { keyOf, noon } from './mesh.ts';
import { runAt } from './pstraceAt.ts';

vi.setConfig({ testTimeout: 1_800_000 });

/** Days of the worst case. Traces stay for a day, tests without a result for three. */
const days = process.env.PSTRACE_FAULTS === 'long' ? 60 : 9;
const day = 86_400;
const stepSeconds = day / 2;
const spacing = 1800;

/** A number that looks random but is the same in every run. */
const mix = (value: number) => Math.imul(value ^ (value >>> 13), 0x5bd1e995) >>> 0;

/** A result over routers that change each time, or a failure with a text of its own. */
function flappingRoute(test: number, ts: number): FakeResult {
  const random = mix(ts + test * 7919);
  const router = (shift: number) => `10.${(random >> shift) & 255}.${test}.1`;
  return trace(ts, '198.51.100.1', router(0), router(8), '203.0.113.9');
}

/** The tests at a moment: some flap, some fail with other words each time, many have a new key. */
function hostileMesh(now: number): FakeTest[] {
  const times = Array.from({ length: (2 * day) / spacing }, (_, index) => {
    return Math.floor(now / spacing) * spacing - index * spacing;
  });
  const generation = Math.floor(now / stepSeconds) % 100_000;
  const described = (key: string, source: string) =>
    metadata({
      'metadata-key': key,
      source,
      'event-types': [eventType('packet-trace', 4e9), eventType('failures', 4e9)],
    });
  const flapping = [1, 2].map((number) => ({
    metadata: described(keyOf(number), `192.0.2.${number}`),
    results: { 'packet-trace': times.map((ts) => flappingRoute(number, ts)) },
  }));
  const failing = {
    metadata: described(keyOf(9), '192.0.2.9'),
    results: {
      failures: times.map((ts) => ({ ts, val: { error: `at ${ts}: ${'e'.repeat(400)}` } })),
    },
  };
  const churning = Array.from({ length: 30 }, (_, index) => ({
    metadata: described(keyOf(generation * 100 + index), `198.18.0.${index}`),
  }));
  return [...flapping, failing, ...churning];
}

/** Bytes of all files below a folder, and their number. */
function sizeOf(folder: string): { bytes: number; files: number } {
  const paths = readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name)));
  const files = paths.filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
  return { bytes: files.reduce((sum, path) => sum + statSync(path).size, 0), files: files.length };
}

test(`state and pages level off over ${days} days of the worst case`, async () => {
  const tests: FakeTest[] = [];
  const server = await startArchiveServer(fakeArchive(tests));
  onTestFinished(server.close);
  const at = place('[http]\nretries = 0\n[store]\nretention = "1d"\n');
  const sizes: { state: number; pages: number; files: number }[] = [];
  for (let step = 0; step < (days * day) / stepSeconds; step += 1) {
    const now = noon + step * stepSeconds;
    tests.splice(0, tests.length, ...hostileMesh(now));
    server.tellTime(now);
    const { code, stderr } = await runAt(now, [`${server.url}${basePath}`, '24h', ...at.options]);
    expect(`${code} ${stderr}`).toMatch(/^(0|75) /);
    const pages = sizeOf(at.out);
    sizes.push({ state: sizeOf(at.state).bytes, pages: pages.bytes, files: pages.files });
  }
  const last = sizes.at(-1);
  const early = sizes[Math.floor(sizes.length * 0.6)];
  if (last === undefined || early === undefined) throw new Error('no run');
  // The route history of two tests that never settle is kept: some kilobytes a day.
  expect(last.state).toBeLessThan(early.state * 1.25);
  expect(last.pages).toBeLessThan(early.pages * 1.15);
  expect(last.files).toBeLessThan(early.files * 1.15);
});
