import { describe, expect, test } from 'vitest';
import { parseThreshold } from '../../../src/model/alerting/threshold.ts';
import type { Incident } from '../../../src/model/incident/incident.ts';
import type { TestSummary } from '../../../src/model/site/analysis.ts';
import { type NagiosCheckInput, nagiosCheck } from '../../../src/notify/monitoring/nagiosCheck.ts';
import { prometheusText } from '../../../src/notify/monitoring/prometheus.ts';
import {
  changeOf,
  hour,
  incidentOf,
  summaryOf,
  ten,
  testOf,
} from '../../helpers/notify/samples.ts';

describe('the Prometheus textfile', () => {
  const metrics = (tests: readonly TestSummary[]) =>
    prometheusText({
      now: ten,
      run: { outcome: 'ok', durationSeconds: 12 },
      messages: { sent: 3, waiting: 1, givenUp: 0 },
      tests,
      routeChanges: new Map([['a-b', 3]]),
      incidents: [incidentOf([changeOf(testOf('a', 'b'), ten)])],
    });
  const labels =
    '{source="a.example.net",destination="b.example.net",family="4",tool="traceroute",test="a-b"}';

  test('has reach, changes, time, state, RTT, loss and length of each test', () => {
    const lines = metrics([summaryOf()]).split('\n');
    expect(lines).toContain(`pstrace_reached${labels} 1`);
    expect(lines).toContain(`pstrace_route_changes_total${labels} 3`);
    expect(lines).toContain(`pstrace_last_trace_timestamp_seconds${labels} ${ten - 120}`);
    expect(lines).toContain(`pstrace_state${labels.replace('}', ',state="ok"}')} 1`);
    expect(lines).toContain('pstrace_run_outcome{outcome="ok"} 1');
    expect(lines).toContain('pstrace_notifications{state="waiting"} 1');
    expect(lines).toContain(`pstrace_rtt_seconds${labels} 0.01425`);
    expect(lines).toContain(`pstrace_loss_ratio${labels} 0.015`);
    expect(lines).toContain(`pstrace_hops${labels} 9`);
    expect(lines).toContain('pstrace_open_incidents{severity="major"} 1');
    expect(lines).toContain('# TYPE pstrace_route_changes_total counter');
  });

  test('leaves out unknown values', () => {
    const text = metrics([summaryOf({ reached: null, rttMs: null, lastTraceAt: null })]);
    expect(text).not.toMatch(/pstrace_reached|pstrace_rtt_seconds|pstrace_last_trace_age/);
  });

  test('has each metric once with all its samples', () => {
    const text = metrics([summaryOf(), summaryOf({ test: testOf('a', 'c') })]);
    expect(text.match(/# HELP pstrace_hops /g)).toHaveLength(1);
    expect(text.match(/^pstrace_hops\{/gm)).toHaveLength(2);
  });

  test('names no router', () => {
    expect(metrics([summaryOf()])).not.toContain('198.51.100.77');
  });

  test('escapes names', () => {
    const evil = {
      ...testOf('a', 'b'),
      source: { address: null, name: 'x"} 1\npstrace_evil 1\\' },
    };
    const text = metrics([summaryOf({ test: evil })]);
    expect(text).toContain('source="x\\"} 1\\npstrace_evil 1\\\\"');
    expect(text).not.toMatch(/^pstrace_evil/m);
  });
});

describe('the check', () => {
  const everyProblem = { classes: [], severity: null, warning: null, critical: null };
  const input = (parts: Partial<NagiosCheckInput> = {}): NagiosCheckInput => ({
    now: ten,
    tests: [summaryOf(), summaryOf({ test: testOf('a', 'c') })],
    incidents: [],
    silenced: new Set(),
    lastRunAt: ten - 600,
    longestRunAgeSeconds: 2 * hour,
    filter: everyProblem,
    ...parts,
  });
  const incident = (severity: 'major' | 'moderate', parts: Partial<Incident> = {}) => [
    {
      incident: { ...incidentOf([changeOf(testOf('a', 'b'), ten - hour)], { severity }), ...parts },
      text: 'AS path changed, 1 test, link a – b',
    },
  ];

  test('is OK with the number of tests if all are OK', () => {
    expect(nagiosCheck(input())).toEqual({
      code: 0,
      output:
        'PSTRACE OK - 2 tests OK | problems=0;;;0 tests=2;;;0 unreached=0;;;0 changed=0;;;0 ' +
        'degraded=0;;;0 flapping=0;;;0 filtered=0;;;0 accepted=0;;;0 ok=2;;;0 stale=0;;;0 ' +
        'failed=0;;;0 untested=0;;;0',
    });
  });

  test('of one test gives its figures', () => {
    expect(nagiosCheck(input({ tests: [summaryOf()] })).output).toBe(
      'PSTRACE OK - 1 test OK | problems=0;;;0 rtt=14.25ms;;;0 loss=1.5%;;;0;100 hops=9;;;0',
    );
  });

  test('is critical for a major incident and a warning for a lesser one', () => {
    expect(nagiosCheck(input({ incidents: incident('major') })).code).toBe(2);
    expect(nagiosCheck(input({ incidents: incident('moderate') })).code).toBe(1);
    expect(nagiosCheck(input({ incidents: incident('major') })).output).toMatch(
      /^PSTRACE CRITICAL - major: AS path changed, 1 test, link a – b, for 1 h 10 min \|/,
    );
  });

  test('ignores an incident that is over', () => {
    const incidents = incident('major', { status: 'recovered' });
    expect(nagiosCheck(input({ incidents })).code).toBe(0);
  });

  test('is critical for a test that is not reached, unless it is silenced', () => {
    const tests = [summaryOf({ state: 'unreached', stateReason: 'no answer' })];
    expect(nagiosCheck(input({ tests }))).toMatchObject({
      code: 2,
      output: expect.stringMatching(
        /^PSTRACE CRITICAL - a\.example\.net → b\.example\.net \(IPv4 traceroute\) unreached: no answer/,
      ),
    });
    expect(nagiosCheck(input({ tests, silenced: new Set(['a-b']) }))).toMatchObject({
      code: 0,
      output: expect.stringMatching(/^PSTRACE OK - 1 test, silenced \|/),
    });
  });

  test('expects no results of a silenced test', () => {
    const stale = summaryOf({ state: 'stale', stateReason: 'no result' });
    const silenced = new Set(['a-b']);
    expect(nagiosCheck(input({ tests: [stale], silenced })).code).toBe(0);
    const well = summaryOf({ test: testOf('a', 'c') });
    expect(nagiosCheck(input({ tests: [stale, well], silenced })).output).toMatch(
      /^PSTRACE OK - 1 test OK, 1 silenced \|/,
    );
    const other = summaryOf({ test: testOf('a', 'c'), state: 'stale', stateReason: 'no result' });
    expect(nagiosCheck(input({ tests: [stale, other], silenced })).code).toBe(3);
  });

  test('warns of a changed route and of a test without results', () => {
    expect(nagiosCheck(input({ tests: [summaryOf(), summaryOf({ state: 'changed' })] })).code).toBe(
      1,
    );
    expect(nagiosCheck(input({ tests: [summaryOf(), summaryOf({ state: 'stale' })] })).code).toBe(
      1,
    );
  });

  test('is UNKNOWN without a recent run, a matching test or any results', () => {
    expect(nagiosCheck(input({ lastRunAt: null })).code).toBe(3);
    expect(nagiosCheck(input({ lastRunAt: ten - 3 * hour }))).toMatchObject({
      code: 3,
      output: 'PSTRACE UNKNOWN - the last run finished 3 h ago',
    });
    expect(nagiosCheck(input({ tests: [] })).code).toBe(3);
    expect(nagiosCheck(input({ tests: [summaryOf({ state: 'stale' })] })).code).toBe(3);
  });

  test('reports an open critical incident even if no test has results', () => {
    const tests = [summaryOf({ state: 'stale', stateReason: 'no result' })];
    expect(nagiosCheck(input({ tests, incidents: incident('major') })).code).toBe(2);
    expect(nagiosCheck(input({ tests, incidents: incident('moderate') })).code).toBe(3);
  });

  test('puts the worst finding first, the others below', () => {
    const tests = [
      summaryOf({ state: 'stale', stateReason: 'no result' }),
      summaryOf({ state: 'unreached', stateReason: 'no answer', test: testOf('c', 'd') }),
    ];
    const [first, second] = nagiosCheck(input({ tests })).output.split('\n');
    expect(first).toMatch(/^PSTRACE CRITICAL - c\.example\.net.*, and 1 more \|/);
    expect(second).toMatch(/^a\.example\.net → b\.example\.net \(IPv4 traceroute\) stale/);
  });

  test('counts only incidents of some classes, or of a severity, if asked to', () => {
    const tests = [summaryOf({ state: 'unreached', stateReason: 'no answer' })];
    const code = (filter: Partial<typeof everyProblem> | object) =>
      nagiosCheck(
        input({ tests, incidents: incident('moderate'), filter: { ...everyProblem, ...filter } }),
      ).code;
    expect(code({})).toBe(2);
    expect(code({ classes: ['inter_as', 'loss'] })).toBe(1);
    expect(code({ classes: ['loss'] })).toBe(0);
    expect(code({ severity: 'moderate' })).toBe(1);
    expect(code({ severity: 'major' })).toBe(0);
  });

  test('with thresholds, the number of problems decides', () => {
    const tests = ['b', 'c', 'd'].map((name) =>
      summaryOf({ state: 'unreached', stateReason: 'no answer', test: testOf('a', name) }),
    );
    const result = (warning: string, critical: string) => {
      const thresholds = {
        warning: parseThreshold(warning),
        critical: parseThreshold(critical),
      };
      return nagiosCheck(input({ tests, filter: { ...everyProblem, ...thresholds } }));
    };
    expect(result('0', '2').code).toBe(2);
    expect(result('0', '3').code).toBe(1);
    expect(result('3', '3').code).toBe(0);
    expect(result('0', '~:5').output).toContain('| problems=3;0;~:5;0 ');
  });

  test('follows the grammar of the Monitoring Plugins guidelines', () => {
    const range = '(?:@?(?:(?:~|-?[\\d.]+)?:)?(?:-?[\\d.]+)?)';
    const number = '-?\\d+(?:\\.\\d+)?';
    const data = `(?:'[^'=]+'|[^\\s'=]+)=${number}(?:us|ms|s|%|[KMGT]?B|c)?(?:;${range}){0,2}(?:;(?:${number})?){0,2}`;
    const first = new RegExp(
      `^PSTRACE (OK|WARNING|CRITICAL|UNKNOWN) - [^|\\n]+ \\| ${data}(?: ${data})*$`,
    );
    const thresholds = { warning: parseThreshold('0'), critical: parseThreshold('@10:20') };
    const trouble = summaryOf({ state: 'unreached', stateReason: 'no | answer', rttMs: 0.042 });
    const inputs = [
      input(),
      input({ tests: [trouble] }),
      input({ tests: [trouble], filter: { ...everyProblem, ...thresholds } }),
      input({ incidents: incident('major') }),
    ];
    for (const { output } of inputs.map(nagiosCheck)) {
      const [line = '', ...more] = output.split('\n');
      expect(line).toMatch(first);
      for (const each of more) expect(each).not.toContain('|');
    }
    expect('PSTRACE OK - x | a b=1').not.toMatch(first);
  });

  test('lets no name start performance data or a line', () => {
    const tests = [summaryOf({ state: 'unreached', stateReason: 'x | rtt=0ms\nPSTRACE OK' })];
    const { output } = nagiosCheck(input({ tests }));
    expect(output.split('\n')).toHaveLength(1);
    expect(output.match(/\|/g)).toHaveLength(1);
  });
});
