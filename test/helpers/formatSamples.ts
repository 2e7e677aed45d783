import { mtrCsv } from './mtrCsv.ts';

/** A format that an import reads, with a sample of it. */
export interface FormatSample {
  readonly tool: string;
  readonly version: string;
  readonly option: string;
  /** The values that are read beside the hops and their round-trip times. */
  readonly reads: string;
  readonly sample: string;
  /** Time of the run, epoch seconds; null if the format has none. */
  readonly startedAt: number | null;
  /** Whether the sample names the target. */
  readonly namesTarget: boolean;
  readonly tests: string;
}

/** Time of the run in every sample that has one: 2026-06-20T10:00:00Z. */
const at = 1_781_949_600;

const hub = (count: number, host: string) => ({
  count,
  host,
  'Loss%': 0,
  Snt: 2,
  Best: 1,
  Avg: 1,
  Wrst: 1,
});

const mtr = {
  report: {
    mtr: { src: 'a.example.net', dst: '203.0.113.9', tests: 2 },
    hubs: [hub(1, '198.51.100.1'), hub(2, '203.0.113.9')],
  },
};

const trippyHop = (ttl: number, hosts: readonly { ip: string; hostname: string }[]) => ({
  ttl,
  hosts,
  extensions: [],
  loss_pct: '0.00',
  sent: 2,
  last: '1.00',
  recv: 2,
  avg: '1.00',
  best: '1.00',
  worst: '1.00',
  stddev: '0.00',
});

const nextTraceProbe = (ttl: number, address: string) => ({
  Success: true,
  Address: { IP: address, Zone: '' },
  Hostname: '',
  TTL: ttl,
  RTT: 1_000_000,
  Error: null,
  Geo: { asnumber: '64500' },
  MPLS: null,
});

/** A probe of dublin-traceroute and its reply; null for a lost one. */
const dublinProbe = (ttl: number, from: string | null, icmp: object = {}) => ({
  flowhash: 1,
  is_last: ttl === 2,
  name: from ?? '',
  nat_id: 0,
  received: from === null ? null : { icmp, ip: { src: from, dst: '192.0.2.1', ttl: 60 } },
  rtt_usec: from === null ? 0 : 1000,
  sent: {
    ip: { src: '192.0.2.1', dst: '203.0.113.9', ttl },
    timestamp: `${at}.000200`,
    udp: { dport: 33434, sport: 12345 },
  },
});

/** Runs from one router to 203.0.113.9. */
export const formatSamples: readonly FormatSample[] = [
  {
    tool: 'mtr',
    version: '0.87 to 0.96, and later',
    option: '`--json`',
    reads: 'source, target, probes, loss, spread, AS numbers',
    sample: JSON.stringify(mtr, null, 4),
    startedAt: null,
    namesTarget: true,
    tests: 'mtr',
  },
  {
    tool: 'mtr',
    version: '0.85 and later',
    option: '`--xml`',
    reads: 'source, target, probes, loss, spread, AS numbers',
    sample:
      '<?xml version="1.0"?>\n<MTR SRC="a" DST="203.0.113.9" TESTS="2">\n' +
      '<HUB COUNT="1" HOST="198.51.100.1"><Loss>0.0%</Loss><Snt>2</Snt><Best>1.0</Best></HUB>\n' +
      '<HUB COUNT="2" HOST="203.0.113.9"><Loss>0.0%</Loss><Snt>2</Snt><Best>1.0</Best></HUB>\n' +
      '</MTR>\n',
    startedAt: null,
    namesTarget: true,
    tests: 'mtr',
  },
  {
    tool: 'mtr',
    version: '0.85 and later',
    option: '`--csv`',
    reads: 'target, time, probes, loss, spread, AS numbers',
    sample: mtrCsv(at),
    startedAt: at,
    namesTarget: true,
    tests: 'mtr',
  },
  {
    tool: 'mtr',
    version: '0.80 and later',
    option: '`--report`, `--report-wide`',
    reads: 'source, time (0.87 and later), probes, loss, spread, AS numbers',
    sample:
      'Start: 2026-06-20T10:00:00+0000\n' +
      'HOST: probe                       Loss%   Snt   Last   Avg  Best  Wrst StDev\n' +
      '  1.|-- 198.51.100.1               0.0%     2    1.0   1.0   1.0   1.0   0.0\n' +
      '  2.|-- 203.0.113.9                0.0%     2    1.0   1.0   1.0   1.0   0.0\n',
    startedAt: at,
    namesTarget: false,
    tests: 'mtr',
  },
  {
    tool: 'mtr',
    version: '0.80 and later',
    option: '`--raw`, one target',
    reads: 'probes and replies one by one, names',
    sample:
      'x 0 33000\nh 0 198.51.100.1\np 0 1000 33000\nx 1 33001\nh 1 203.0.113.9\np 1 1000 33001\n',
    startedAt: null,
    namesTarget: false,
    tests: 'mtr',
  },
  {
    tool: 'traceroute',
    version: 'Linux, BSD, macOS, inetutils, busybox; JUNOS, IOS, SR OS, NX-OS, Huawei, HP',
    option: 'any; also tcptraceroute',
    reads: 'target, probes, ICMP errors, MTU, AS numbers',
    sample:
      'traceroute to 203.0.113.9 (203.0.113.9), 30 hops max, 60 byte packets\n' +
      ' 1  198.51.100.1  1.000 ms\n 2  203.0.113.9  1.000 ms\n',
    startedAt: null,
    namesTarget: true,
    tests: 'traceroute',
  },
  {
    tool: 'paris-traceroute',
    version: 'Linux',
    option: 'without `-a`',
    reads: 'source, target, protocol, probes, ICMP errors',
    sample:
      'traceroute [(192.0.2.1:33456) -> (203.0.113.9:33457)], protocol udp, algo hopbyhop, duration 3 s\n' +
      ' 1  198.51.100.1 (198.51.100.1)  1.000 ms \n 2  203.0.113.9 (203.0.113.9)  1.000 ms !T2 \n',
    startedAt: null,
    namesTarget: true,
    tests: 'paris-traceroute',
  },
  {
    tool: 'dublin-traceroute',
    version: 'C++ and Go',
    option: 'its JSON file; the hosts of all flows share the hops',
    reads: 'source, target, time, probes, names, ICMP errors',
    sample: JSON.stringify({
      flows: {
        33434: [
          dublinProbe(1, '198.51.100.1', { type: 0, code: 11 }),
          dublinProbe(2, '203.0.113.9', { type: 3, code: 3 }),
        ],
        33435: [dublinProbe(1, null), dublinProbe(2, '203.0.113.9', { type: 3, code: 3 })],
      },
    }),
    startedAt: at,
    namesTarget: true,
    tests: 'dublin-traceroute',
  },
  {
    tool: 'tracepath',
    version: 'iputils, any language',
    option: 'any',
    reads: 'MTU, ICMP errors, whether the target replied',
    sample:
      ' 1?: [LOCALHOST]                      pmtu 1500\n 1:  198.51.100.1  1.000ms\n' +
      ' 2:  203.0.113.9  1.000ms reached\n     Resume: pmtu 1500 hops 2 back 2\n',
    startedAt: null,
    namesTarget: true,
    tests: 'tracepath',
  },
  {
    tool: 'pScheduler',
    version: '4 and 5',
    option: '`pscheduler result --format json` of a trace; runs of its API and archivers',
    reads: 'source, target, time and protocol if the document has them, names, AS numbers, MTU',
    sample: JSON.stringify(
      {
        'start-time': '2026-06-20T10:00:00+00:00',
        test: { type: 'trace', spec: { source: 'a.example.net', dest: '203.0.113.9' } },
        tool: 'traceroute',
        result: {
          succeeded: true,
          paths: [
            [
              { ip: '198.51.100.1', rtt: 'PT0.001S', as: { number: 64500 } },
              { ip: '203.0.113.9', rtt: 'PT0.001S' },
            ],
          ],
        },
      },
      null,
      4,
    ),
    startedAt: at,
    namesTarget: true,
    tests: 'traceroute',
  },
  {
    tool: 'esmond, elmond',
    version: '1 to 5',
    option: 'saved answer for `packet-trace` or `packet-trace-multi`',
    reads: 'time, probes, names, AS numbers, MTU, ICMP errors',
    sample: JSON.stringify([
      {
        ts: at,
        val: [
          { ttl: 1, query: 1, success: 1, ip: '198.51.100.1', rtt: 1 },
          { ttl: 2, query: 1, success: 1, ip: '203.0.113.9', rtt: '1.0' },
        ],
      },
    ]),
    startedAt: at,
    namesTarget: false,
    tests: 'traceroute',
  },
  {
    tool: 'scamper',
    version: 'JSON version 0.1',
    option: '`sc_warts2json`, `-O json`; traces; also its text',
    reads: 'source, target, time, protocol, ICMP errors, whether the target replied',
    sample: JSON.stringify({
      type: 'trace',
      version: '0.1',
      method: 'udp-paris',
      src: '192.0.2.1',
      dst: '203.0.113.9',
      stop_reason: 'COMPLETED',
      start: { sec: at, usec: 5, ftime: '2026-06-20 10:00:00' },
      probe_size: 44,
      hops: [
        { addr: '198.51.100.1', probe_ttl: 1, rtt: 1, icmp_type: 11, icmp_code: 0 },
        { addr: '203.0.113.9', probe_ttl: 2, rtt: 1, icmp_type: 3, icmp_code: 3 },
      ],
    }),
    startedAt: at,
    namesTarget: true,
    tests: 'scamper',
  },
  {
    tool: 'RIPE Atlas',
    version: 'all',
    option: 'results of traceroute measurements',
    reads: 'source, target, time, protocol, probes, ICMP errors',
    sample: JSON.stringify([
      {
        fw: 5080,
        af: 4,
        dst_name: '203.0.113.9',
        dst_addr: '203.0.113.9',
        src_addr: '10.0.0.5',
        from: '192.0.2.7',
        proto: 'ICMP',
        size: 48,
        prb_id: 17,
        timestamp: at,
        type: 'traceroute',
        result: [
          { hop: 1, result: [{ from: '198.51.100.1', rtt: 1, size: 28, ttl: 64 }, { x: '*' }] },
          {
            hop: 2,
            result: [
              { from: '203.0.113.9', rtt: 1 },
              { from: '203.0.113.9', late: 1 },
            ],
          },
          { hop: 255, result: [{ x: '*' }] },
        ],
      },
    ]),
    startedAt: at,
    namesTarget: true,
    tests: 'ripe-atlas',
  },
  {
    tool: 'pScheduler',
    version: '4 and 5',
    option: '`pscheduler task trace`, `pscheduler result`, as text',
    reads: 'source, target, time, tool and protocol if the text has them, names, AS numbers, MTU',
    sample:
      'Submitting task...\nTask URL:\nhttps://a.example.net/pscheduler/tasks/2c82b677\n' +
      "Running with tool 'traceroute'\nFetching first run...\n\nNext scheduled run:\n" +
      'https://a.example.net/pscheduler/tasks/2c82b677/runs/868056f4\n' +
      'Starts 2026-06-20T10:00:00+00:00 (~2 seconds)\n' +
      'Ends   2026-06-20T10:01:41+00:00 (~100 seconds)\nWaiting for result...\n\n' +
      '1\tgw.example.net (198.51.100.1) AS64500 1 ms\n\t  EXAMPLE-A, ZZ\n2\t203.0.113.9 1 ms\n\n' +
      'No further runs scheduled.\n',
    startedAt: at,
    namesTarget: false,
    tests: 'traceroute',
  },
  {
    tool: 'OpenSearch',
    version: 'perfSONAR 5',
    option: 'saved answer of `_search`, or its hits one by one',
    reads: 'source, target, time, tool, names, AS numbers, MTU, ICMP errors',
    sample: JSON.stringify({
      timed_out: false,
      hits: {
        hits: [
          {
            _index: '.ds-pscheduler_trace-000001',
            _source: {
              test: { type: 'trace', spec: { dest: '203.0.113.9' } },
              pscheduler: { start_time: '2026-06-20T10:00:00+00:00', tool: 'traceroute' },
              meta: { source: { ip: '192.0.2.1', hostname: 'a.example.net' } },
              result: {
                succeeded: true,
                json: [
                  [
                    { ip: '198.51.100.1', rtt: 'PT0.001S' },
                    { ip: '203.0.113.9', rtt: 'PT0.001S' },
                  ],
                ],
              },
            },
          },
        ],
      },
    }),
    startedAt: at,
    namesTarget: true,
    tests: 'traceroute',
  },
  {
    tool: 'Globalping',
    version: 'API v1',
    option: 'measurements of type `traceroute` and `mtr`',
    reads: 'city and network of the probe as the source, target, time, protocol, names, AS numbers',
    sample: JSON.stringify({
      id: 'nzGzfAGL7sZfUs3c',
      type: 'mtr',
      status: 'finished',
      createdAt: '2026-06-20T10:00:00.000Z',
      target: '203.0.113.9',
      measurementOptions: { protocol: 'UDP' },
      results: [
        {
          probe: { continent: 'EU', country: 'PT', city: 'Évora', asn: 64500, network: 'Example' },
          result: {
            status: 'finished',
            resolvedAddress: '203.0.113.9',
            hops: [
              {
                asn: [64500],
                timings: [{ rtt: 1 }, { rtt: null }],
                resolvedAddress: '198.51.100.1',
                resolvedHostname: '198.51.100.1',
              },
              {
                asn: [],
                timings: [{ rtt: 1 }],
                resolvedAddress: '203.0.113.9',
                resolvedHostname: 'www.example.net',
              },
              {
                asn: [],
                timings: [{ rtt: 1 }],
                duplicate: true,
                resolvedAddress: '203.0.113.9',
                resolvedHostname: 'www.example.net',
              },
            ],
          },
        },
      ],
    }),
    startedAt: at,
    namesTarget: true,
    tests: 'globalping',
  },
  {
    tool: 'trippy',
    version: '0.9 and later',
    option: '`trip --mode json`',
    reads: 'target, time (0.13 and later), probes, loss, spread, names',
    sample: JSON.stringify(
      {
        info: {
          target: { ip: '203.0.113.9', hostname: '203.0.113.9' },
          start_timestamp: '2026-06-20T10:00:00.000000Z',
        },
        hops: [
          trippyHop(1, [{ ip: '198.51.100.1', hostname: 'gw.example.net' }]),
          trippyHop(2, [{ ip: '203.0.113.9', hostname: '203.0.113.9' }]),
        ],
      },
      null,
      2,
    ),
    startedAt: at,
    namesTarget: true,
    tests: 'trippy',
  },
  {
    tool: 'NextTrace',
    version: '1',
    option: '`--json`',
    reads: 'probes, names, AS numbers',
    sample: JSON.stringify({
      Hops: [
        [
          nextTraceProbe(1, '198.51.100.1'),
          { Success: false, Address: null, Hostname: '', TTL: 1, RTT: 0, Error: {}, Geo: null },
        ],
        [nextTraceProbe(2, '203.0.113.9')],
      ],
      TraceMapUrl: '',
    }),
    startedAt: null,
    namesTarget: false,
    tests: 'nexttrace',
  },
];
