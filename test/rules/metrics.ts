/** Prints every metric of the Prometheus textfile, for `promtool check metrics`. */
import type { TestSummary } from '../../src/model/analysis.ts';
import { prometheusText } from '../../src/notify/monitoring/prometheus.ts';
import { changeOf, hour, incidentOf, ten, testOf } from '../helpers/notify/samples.ts';

const test = testOf('a', 'b');
const summary: TestSummary = {
  test: { ...test, source: { address: null, name: 'x"} 1\n\\' } },
  state: 'ok',
  stateSince: null,
  stateReason: '',
  rttMs: 0.042,
  usualRttMs: 13,
  usualFrom: null,
  usualTo: null,
  lossPct: 1.5,
  hops: 9,
  pathMtu: null,
  asPath: [],
  reached: true,
  lastTraceAt: ten - 120,
  lastRouteChangeAt: null,
  variants: 1,
  traces: 144,
  route: [],
};
process.stdout.write(
  prometheusText({
    now: ten,
    tests: [summary],
    routeChanges: new Map([[test.id, 3]]),
    incidents: [incidentOf([changeOf(test, ten - hour)], { severity: 'major' })],
    run: { outcome: 'ok', durationSeconds: 12.5 },
    messages: { sent: 3, waiting: 1, givenUp: 0 },
  }),
);
