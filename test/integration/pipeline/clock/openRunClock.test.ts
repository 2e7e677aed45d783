import { expect, onTestFinished, test } from 'vitest';
import type { ArchiveSource } from '../../../../src/pipeline/archiveSource.ts';
import { openRunClock } from '../../../../src/pipeline/clock/openRunClock.ts';
import { RunRecord } from '../../../../src/pipeline/runRecord.ts';
import type { Archive, StreamArchive } from '../../../../src/sources/types.ts';
import { openStore } from '../../../../src/store/open.ts';
import { sessionAt } from '../../../helpers/sessionAt.ts';
import { tempDir } from '../../../helpers/tempDir.ts';

const noon = 1_795_178_400;
const hour = 3600;

/** An archive by its host, with a connection for each clock; null until one has answered. */
function archiveOf(host: string, ...clocks: { offsetSeconds: number | null }[]) {
  const [tests, stream = null] = clocks.map((clock) => ({
    ...{ id: host, url: `https://${host}/`, clock },
  }));
  return { stream: stream as StreamArchive | null, tests: tests as Archive, concurrency: 1 };
}

/** The clock of a run at noon, after a command whose clock was `ahead` seconds ahead. */
function openClock(archives: readonly ArchiveSource[], ahead: number) {
  const store = openStore(tempDir(), noon);
  onTestFinished(() => store.close());
  const trusted = { at: noon + ahead, bootedAt: null, gapFrom: null };
  store.clockRecord.save({ trusted, doubt: null, hasImports: false });
  const session = sessionAt(noon);
  const record = new RunRecord(store, { from: noon - hour, to: noon }, session);
  return { ...openRunClock({ archives, store, session, record }), record };
}

test('a remote archive confirms the clock after one on this host has answered', async () => {
  const [own, remote] = [{ offsetSeconds: 0 }, { offsetSeconds: null as number | null }];
  const hosts = [archiveOf('localhost', own), archiveOf('ma.example.net', remote)];
  const clock = openClock(hosts, 2 * hour);
  const first = clock.pass('localhost');
  first.catch(() => {});
  expect(clock.record.hasBegun).toBe(false);
  remote.offsetSeconds = 3;
  await clock.pass('ma.example.net');
  await first;
  expect(clock.record.hasBegun).toBe(true);
});

test('an archive with two connections has one clock', async () => {
  const [right, wrong] = [{ offsetSeconds: 0 }, { offsetSeconds: 5 * hour }];
  const hosts = ['ma1.example.net', 'ma2.example.net'].map((host) => archiveOf(host, right));
  const clock = openClock([...hosts, archiveOf('ma3.example.net', wrong, wrong)], 0);
  for (const host of hosts) await clock.pass(host.tests.id);
  expect(clock.warnings()).toEqual([
    expect.objectContaining({
      subject: 'ma3.example.net',
      message: expect.stringContaining('5 h ahead'),
    }),
  ]);
});
