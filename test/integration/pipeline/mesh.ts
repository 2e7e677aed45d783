import type { HttpHandler } from 'msw';
import { onTestFinished } from 'vitest';
import { type ArchiveServer, startArchiveServer } from '../../helpers/archiveServer.ts';
import {
  basePath,
  type FakeTest,
  fakeArchive,
  metadata,
  trace,
} from '../../helpers/fakeArchive.ts';

/** Epoch seconds when the running test file began; the commands under test read the real clock. */
export let now = 0;

/** Sets `now`. The setup of each test file calls it, since the files of a worker share this module. */
export function renewNow(): void {
  now = Math.floor(Date.now() / 1000);
}

/** Metadata key of the test with this number. */
export const keyOf = (number: number) => String(number).padStart(32, '0');

/**
 * A test from 192.0.2.`number` whose `count` traces of ten minutes' spacing end at `last`, through a router, to
 * 203.0.113.9.
 */
export function meshTest(number: number, count = 6, last = now - 60): FakeTest {
  const results = Array.from({ length: count }, (_, index) =>
    trace(last - 600 * (count - 1 - index), '198.51.100.1', '198.51.100.2', '203.0.113.9'),
  );
  return {
    metadata: metadata({
      'metadata-key': keyOf(number),
      source: `192.0.2.${number}`,
      'input-source': `ps-${number}.example.net`,
    }),
    results: { 'packet-trace': results },
  };
}

/** Serves an archive with these tests until the running test has finished. `first`: handlers that come before. */
export async function serve(
  tests: readonly FakeTest[],
  first: readonly HttpHandler[] = [],
): Promise<ArchiveServer & { readonly base: string }> {
  const server = await startArchiveServer([...first, ...fakeArchive(tests)]);
  onTestFinished(server.close);
  return { ...server, base: `${server.url}${basePath}` };
}

/** The base URL of an archive where nothing listens. */
export async function deadArchive(): Promise<string> {
  const server = await startArchiveServer([]);
  await server.close();
  return `${server.url}${basePath}`;
}
