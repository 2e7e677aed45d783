import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { startArchiveServer } from '../../../helpers/archiveServer.ts';
import {
  basePath,
  type FakeTest,
  fakeArchive,
  metadata,
  trace,
} from '../../../helpers/fakeArchive.ts';
import { type Mailbox, openMailbox } from '../../../helpers/notify/mailbox.ts';
import { type Ended, place } from '../../cli/command.ts';
import { runAt } from '../../faults/pstraceAt.ts';

export const hour = 3600;
export const day = 24 * hour;
const spacing = 1800;
/** 2026-11-20 00:00:00 UTC. */
export const start = 1795132800;

const route = ['198.51.100.1', '198.51.100.2'];

/** A test of the key `digit` whose traces begin at `from` and end before `to`. */
export function keyOf(
  digit: string,
  [from, to]: readonly [from: number, to: number],
  changes: Readonly<Record<string, unknown>> = {},
  via: readonly string[] = route,
): FakeTest {
  const destination = String(changes.destination ?? '203.0.113.9');
  const count = Math.ceil((to - from) / spacing);
  const traces = Array.from({ length: count }, (_, index) =>
    trace(from + index * spacing, ...via, destination),
  );
  return {
    metadata: metadata({ 'metadata-key': digit.repeat(32), ...changes }),
    results: { 'packet-trace': traces },
  };
}

/** A mesh over time: what its archive lists, its mails, and a place of its own. */
export interface Story {
  /** The tests that the archive lists, which tests may replace. */
  readonly tests: FakeTest[];
  readonly box: Mailbox;
  readonly out: string;
  /** Runs pstrace at a moment over the window of a day. */
  run(at: number): Promise<Ended>;
  /** Runs another command at a moment, with the folders of the place. */
  command(at: number, ...words: string[]): Promise<Ended>;
  /** A JSON file of the site. */
  json(path: string): Record<string, unknown>;
  /** Ids of the tests in the matrix. */
  matrix(): string[];
  /** Classes of all changes, oldest first. */
  classes(): string[];
}

/** `settings`: more of the configuration. */
export async function story(tests: FakeTest[], settings = ''): Promise<Story> {
  const server = await startArchiveServer(fakeArchive(tests));
  onTestFinished(server.close);
  const box = await openMailbox();
  onTestFinished(() => box.close());
  const { out, state, options } = place(`
    [email]
    server = "127.0.0.1"
    port = ${box.port}
    security = "none"
    from = "pstrace@example.org"
    [[recipient]]
    name = "noc"
    to = "noc@example.org"
    digest_at = "07:00"
    ${settings}
  `);
  const command = (at: number, ...words: string[]) =>
    runAt(at, [...words, '--state', state, '--config', options.at(-1) as string]);
  const json = (path: string) => JSON.parse(readFileSync(join(out, path), 'utf8'));
  const lines = () =>
    readFileSync(join(out, 'data/changes.ndjson'), 'utf8').split('\n').filter(Boolean);
  return {
    tests,
    box,
    out,
    run: (at) => runAt(at, [`${server.url}${basePath}`, '24h', ...options]),
    command,
    json,
    matrix: () =>
      (json('data/matrix.json').cells as { testIds: string[] }[]).flatMap(({ testIds }) => testIds),
    classes: () =>
      lines()
        .map((line) => JSON.parse(line).class)
        .reverse(),
  };
}
