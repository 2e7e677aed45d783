/** Prints every metric of the Prometheus textfile, for `promtool check metrics`. */
import { prometheusText } from '../../src/notify/monitoring/prometheus.ts';
import { changeOf, hour, incidentOf, summaryOf, ten, testOf } from '../helpers/notify/samples.ts';

const test = testOf('a', 'b');
const hostile = { ...test, source: { address: null, name: 'x"} 1\n\\' } };
process.stdout.write(
  prometheusText({
    now: ten,
    tests: [summaryOf({ test: hostile, rttMs: 0.042 })],
    routeChanges: new Map([[test.id, 3]]),
    incidents: [incidentOf([changeOf(test, ten - hour)], { severity: 'major' })],
    run: { outcome: 'ok', durationSeconds: 12.5 },
    messages: { sent: 3, waiting: 1, givenUp: 0 },
  }),
);
