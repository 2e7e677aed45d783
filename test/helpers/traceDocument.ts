type Json = Readonly<Record<string, unknown>>;

/** A run as perfSONAR's Logstash stores it. Hops are addresses, `''` for a silent one. */
export function traceDocument(
  startedAt: number,
  changes: {
    readonly key?: string;
    readonly source?: string;
    readonly destination?: string | null;
    readonly hops?: readonly string[];
    readonly tool?: string;
    readonly arrivedAt?: number;
    readonly spec?: Json;
    readonly result?: Json;
    /** Seconds; null for a run without a schedule. */
    readonly repeat?: number | null;
  } = {},
): Json {
  const { key = 'a'.repeat(64), source = '192.0.2.1', destination = '203.0.113.9' } = changes;
  const hops = changes.hops ?? ['198.51.100.1', '', destination ?? ''];
  const path = hops.map((ip, index) => (ip === '' ? {} : { ip, rtt: `PT0.00${index + 1}5S` }));
  const run = `${startedAt}-${source}`;
  return {
    '@timestamp': new Date((changes.arrivedAt ?? startedAt + 12) * 1000).toISOString(),
    schedule:
      changes.repeat === null ? {} : { repeat: changes.repeat ?? 600, slip: 600, sliprand: true },
    reference: { 'display-task-name': 'Traces', 'display-task-group': ['Mesh'] },
    test: {
      type: 'trace',
      spec: {
        schema: 1,
        source: `ps-${source.split('.').at(-1)}.example.net`,
        dest: 'ps-b.example.org',
        ...changes.spec,
      },
    },
    pscheduler: {
      test_checksum: key,
      start_time: new Date(startedAt * 1000).toISOString().replace('.000Z', '+00:00'),
      tool: changes.tool ?? 'traceroute',
      run_id: run,
    },
    meta: {
      source: { ip: source },
      observer: { ip: source, hostname: `ps-${source.split('.').at(-1)}.example.net` },
      ...(destination !== null && { destination: { ip: destination } }),
      ip_version: 4,
    },
    result: changes.result ?? { succeeded: true, json: [path], hop: { count: path.length } },
  };
}
