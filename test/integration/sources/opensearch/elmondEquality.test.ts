import { expect, onTestFinished, test } from 'vitest';
import { createLog } from '../../../../src/lib/log.ts';
import { silentProgress } from '../../../../src/lib/progress.ts';
import { connectionsOf } from '../../../../src/pipeline/archiveSource.ts';
import { collectArchives } from '../../../../src/pipeline/collect/collectArchives.ts';
import { openArchiveReaders } from '../../../../src/sources/archives.ts';
import { openStore } from '../../../../src/store/open.ts';
import { startArchiveServer } from '../../../helpers/archiveServer.ts';
import { elmondOf } from '../../../helpers/elmondOf.ts';
import { basePath } from '../../../helpers/fakeArchive.ts';
import { startOpenSearch } from '../../../helpers/fakeOpenSearch.ts';
import { archiveOptions } from '../../../helpers/openTestArchive.ts';
import { tempDir } from '../../../helpers/tempDir.ts';
import { traceDocument } from '../../../helpers/traceDocument.ts';

const now = 1_795_000_000;
const always = { from: 0, to: 2 ** 40 };
const keyOf = (digit: string) => digit.repeat(64);

/** A path with everything that a tool may report of a hop. */
const rich = [
  {
    ip: '192.0.2.254',
    rtt: 'P0D',
    hostname: 'gw.example.net',
    as: { number: 64500, owner: 'EXAMPLE-A - Example A, ZZ' },
    mtu: 9000,
  },
  {},
  { ip: '198.51.100.9', rtt: 'PT0.012345S', as: { number: 64501, owner: null } },
  { mtu: 1500 },
  { ip: '203.0.113.9', rtt: 'PT0.0231S', hostname: 'ps-b.example.org', mtu: 1500 },
];
const unreached = [...rich.slice(0, 3), ...Array.from({ length: 27 }, () => ({}))];
const prohibited = [
  ...rich.slice(0, 2),
  { ip: '198.51.100.9', rtt: 'PT0.02S', error: 'host-unreachable' },
];
const flows = [rich, [...rich.slice(0, 3), {}, {}, rich[4]], unreached];
const good = (...json: readonly unknown[]) => ({ succeeded: true, json });

/** Runs of tests of every kind, with their oddities. */
const documents = Array.from({ length: 20 }, (_, number) => {
  const at = now - 20 * 600 + number * 600;
  return [
    traceDocument(at, { key: keyOf('1'), result: good(number % 3 === 0 ? unreached : rich) }),
    traceDocument(at + 9, { key: keyOf('2'), tool: 'tracepath', result: good(rich) }),
    traceDocument(at + 18, {
      key: keyOf('3'),
      tool: 'dublin-traceroute',
      spec: { algorithm: 'dublin-traceroute' },
      result: good(...flows),
    }),
    traceDocument(at + 27, {
      key: keyOf('4'),
      spec: {
        'first-ttl': 3,
        hops: 20,
        length: 1400,
        'probe-type': 'icmp',
        sendwait: 0.05,
        wait: 5,
      },
      result: good(rich.slice(2)),
    }),
    traceDocument(at + 36, {
      key: keyOf('5'),
      source: '2001:db8:1::10',
      destination: '2001:db8:2::10',
      hops: ['2001:db8:1::1', '', '2001:db8:2::10'],
      spec: { source: '2001:db8:1::10', dest: '2001:DB8:2::10' },
    }),
    traceDocument(at + 45, { key: keyOf('6'), result: good(prohibited) }),
    traceDocument(at + 54, {
      key: keyOf('7'),
      result:
        number % 2 === 0 ? good([], rich) : { succeeded: false, error: 'send: not permitted\n' },
    }),
    traceDocument(at + 63, {
      key: keyOf('8'),
      destination: null,
      spec: { dest: 'gone.example.net' },
      result: { succeeded: false, error: 'gone.example.net: Name or service not known' },
    }),
  ];
}).flat();

/** All tests, traces and failures that a run stores of an archive. */
async function contentOf(url: string) {
  const store = openStore(tempDir(), now);
  onTestFinished(() => store.close());
  const stream = { write: () => true };
  const log = createLog({ level: 'error', json: false, stream });
  const readers = openArchiveReaders(archiveOptions(url), log);
  onTestFinished(async () => {
    await Promise.all(connectionsOf(readers).map((each) => each.close()));
  });
  const request = { window: { from: now - 86_400, to: now }, overlapSeconds: 7200 };
  const session = {
    ...{ log, now, clock: () => now, progress: silentProgress(stream), env: {} },
    ...{ signal: new AbortController().signal, print: () => {}, printIfInteractive: () => {} },
  };
  const source = { ...readers, concurrency: 2 };
  const [collected] = await collectArchives([source], store, request, session, {
    pass: async () => {},
  });
  expect(collected?.problems).toEqual([]);
  const tests = store.tests().map((stored) => {
    // elmond hides the schedule.
    const { id, archive, eventTypes, intervalSeconds, isScheduled, ...rest } = stored;
    return {
      // The digest at the end is that of the archive, too.
      ...rest,
      id: id.replace(/_[0-9a-f]{12}$/, ''),
      traces: store.traces(id, always),
      failures: store.failures(id, always),
    };
  });
  const responders = [...store.responders().merged().values()];
  return {
    tests: tests.sort((a, b) => (a.key < b.key ? -1 : 1)),
    responders: responders.sort((a, b) => (a.address < b.address ? -1 : 1)),
  };
}

test('OpenSearch itself gives the tests, traces, names and failures that elmond gives', async () => {
  const elmond = await startArchiveServer(elmondOf(documents));
  onTestFinished(elmond.close);
  const fake = await startOpenSearch();
  fake.add('.ds-pscheduler_trace-000001', ...documents);
  const direct = await contentOf(`${fake.url}/opensearch`);
  expect(direct.tests).toHaveLength(8);
  expect(direct.tests.flatMap(({ traces }) => traces)).toHaveLength(130);
  expect(direct).toEqual(await contentOf(`${elmond.url}${basePath}`));
});

test('an archive has one identity, whichever way it is read', async () => {
  const fake = await startOpenSearch();
  const idOf = async (url: string) => {
    const readers = openArchiveReaders(
      archiveOptions(url),
      createLog({ level: 'error', json: false, stream: { write: () => true } }),
    );
    await Promise.all(connectionsOf(readers).map((each) => each.close()));
    return connectionsOf(readers).map(({ id }) => id);
  };
  const id = `127.0.0.1:${fake.port}${basePath}`;
  expect(await idOf(`${fake.url}/opensearch`)).toEqual([id]);
  expect(await idOf(fake.url)).toEqual([id, id]);
  expect(await idOf(`${fake.url}${basePath}`)).toEqual([id]);
});
