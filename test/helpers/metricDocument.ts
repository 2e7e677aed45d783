type Json = Readonly<Record<string, unknown>>;

/** A run of a test that is no traceroute test, as perfSONAR's Logstash stores it. */
export function metricDocument(
  type: 'latencybg' | 'latency' | 'rtt' | 'throughput',
  startedAt: number,
  result: Json,
  changes: {
    readonly key?: string;
    readonly source?: string;
    readonly destination?: string;
    readonly task?: string;
    readonly arrivedAt?: number;
    readonly spec?: Json;
  } = {},
): Json {
  const { source = '192.0.2.1', destination = '203.0.113.9', task = 'Metrics' } = changes;
  return {
    '@timestamp': new Date((changes.arrivedAt ?? startedAt + 12) * 1000).toISOString(),
    reference: { 'display-task-name': task },
    test: { type, spec: { ...changes.spec } },
    pscheduler: {
      test_checksum: changes.key ?? 'b'.repeat(64),
      start_time: new Date(startedAt * 1000).toISOString(),
    },
    meta: { source: { ip: source }, destination: { ip: destination }, observer: { ip: source } },
    result: { succeeded: true, ...result },
  };
}
