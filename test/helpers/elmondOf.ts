import { type FakeTest, fakeArchive } from './fakeArchive.ts';

type Document = Readonly<Record<string, unknown>>;
// biome-ignore lint/suspicious/noExplicitAny: documents of Logstash, which elmond does not check either.
type Loose = any;

/**
 * The tests that elmond shows of documents in its OpenSearch (metadata.py and data.py of
 * perfsonar/elmond): one for each checksum, described by its newest document.
 */
export function elmondOf(documents: readonly Document[]): ReturnType<typeof fakeArchive> {
  const groups = Map.groupBy(
    documents as Loose[],
    ({ pscheduler }) => pscheduler.test_checksum as string,
  );
  return fakeArchive(
    [...groups].map(([key, group]) => testOf(key, group)),
    'elmond',
  );
}

const startOf = ({ pscheduler }: Loose) =>
  Math.floor(new Date(pscheduler.start_time).getTime() / 1000);

function testOf(key: string, group: readonly Loose[]): FakeTest {
  const ordered = group.toSorted((a, b) => startOf(a) - startOf(b));
  const { meta, test, pscheduler, reference } = ordered.at(-1);
  const { spec } = test;
  const eventTypes = ['failures', 'packet-trace', 'path-mtu', 'pscheduler-run-href'];
  const metadata = {
    'metadata-key': key,
    'subject-type': 'point-to-point',
    'event-types': eventTypes.map((name) => ({ 'event-type': name, 'time-updated': 2e9 })),
    source: meta.source?.ip ?? meta.observer.ip,
    destination: meta.destination?.ip,
    'measurement-agent': meta.observer.ip,
    'tool-name': `pscheduler/${pscheduler.tool}`,
    'input-source': spec.source ?? meta.observer.ip,
    'input-destination': spec.dest,
    'ip-packet-size': spec.length,
    'ip-transport-protocol': spec['probe-type'],
    'trace-algorithm': spec.algorithm,
    'trace-first-ttl': spec['first-ttl'],
    'trace-max-ttl': spec.hops,
    'time-probe-interval': spec.sendwait && Math.trunc(spec.sendwait),
    'time-test-timeout': spec.wait && Math.trunc(spec.wait),
    'pscheduler-reference-display-task-name': reference['display-task-name'],
  };
  const good = ordered.filter(({ result }) => result.succeeded === true && result.json);
  const failed = ordered.filter(({ result }) => result.succeeded === false && result.error);
  const resultsOf = (list: readonly Loose[], convert: (each: Loose) => unknown) =>
    list.map((each) => ({ ts: startOf(each), val: convert(each) }));
  return {
    metadata,
    results: {
      'packet-trace': resultsOf(good, ({ result }) =>
        hopsOf(result.json.find((path: Loose[]) => path.length > 0) ?? []),
      ),
      'packet-trace-multi': resultsOf(good, ({ result }) => result.json.map(hopsOf)),
      failures: resultsOf(failed, ({ result }) => ({ error: result.error })),
    },
  };
}

function hopsOf(path: readonly Loose[]): unknown[] {
  return path.map((hop, index) => ({
    ttl: index + 1,
    query: 1,
    success: hop.error ? 0 : 1,
    ...(hop.ip && { ip: hop.ip }),
    ...(hop.hostname && { hostname: hop.hostname }),
    ...(hop.as && { as: hop.as }),
    ...(hop.mtu && { mtu: hop.mtu }),
    ...(hop.rtt && { rtt: millisecondsOf(hop.rtt) }),
    ...(hop.error && { 'error-message': hop.error }),
  }));
}

function millisecondsOf(duration: string): number {
  return duration === 'P0D' ? 0 : Number(duration.replace(/^PT|S$/g, '')) * 1000;
}
