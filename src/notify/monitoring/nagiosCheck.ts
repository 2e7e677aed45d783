import { cleanText } from '../../lib/text.ts';
import type { Threshold } from '../../model/alerting/threshold.ts';
import { type ChangeClass, type Severity, severities } from '../../model/change/change.ts';
import { type Incident, isOpenIncident } from '../../model/incident/incident.ts';
import { type State, states, type TestSummary } from '../../model/site/analysis.ts';
import { isRenamed, pairText } from '../../model/test/testText.ts';
import { formatDuration, pluralize } from '../../model/values/format.ts';

/** Input of a check. Times are epoch seconds. */
export interface NagiosCheckInput {
  readonly now: number;
  /** The selected tests. */
  readonly tests: readonly TestSummary[];
  /** Their incidents with an open change that is not silenced. */
  readonly incidents: readonly DescribedIncident[];
  /** Ids of silenced tests, which give no findings. */
  readonly silenced: ReadonlySet<string>;
  /** End of the last run; null: none yet. If it is older than the limit, the result is UNKNOWN. */
  readonly lastRunAt: number | null;
  readonly longestRunAgeSeconds: number;
  readonly filter: CheckFilter;
}

/** An incident and its text for a line. */
export interface DescribedIncident {
  readonly incident: Incident;
  readonly text: string;
}

/** The problems that count; by default all, and each by its own severity. */
export interface CheckFilter {
  /** Only incidents with a change of these classes; empty: all, and the states of tests too. */
  readonly classes: readonly ChangeClass[];
  /** Only incidents of at least this severity; null: all, and the states of tests too. */
  readonly severity: Severity | null;
  /** The number of problems that is a warning, and that is critical; null for neither. */
  readonly warning: Threshold | null;
  readonly critical: Threshold | null;
}

/** Exit code and output of a plugin for Nagios and Icinga. */
export interface NagiosCheckResult {
  readonly code: 0 | 1 | 2 | 3;
  readonly output: string;
}

const statusNames = ['OK', 'WARNING', 'CRITICAL', 'UNKNOWN'] as const;
const maxLines = 10;
/** States of a test without usable results, and those with a problem. */
const statesWithoutResults: readonly TestSummary['state'][] = ['stale', 'failed', 'untested'];
const abnormalStates: readonly TestSummary['state'][] = ['changed', 'degraded', 'flapping'];

/**
 * The state of some tests: 2 for an open critical or major incident and for a test that is not
 * reached, 1 for a lesser incident and for a test with a problem or without results, 3 if no other
 * judgment is possible. Silenced and accepted tests do not count. Performance data has the figures
 * of a single test, else totals.
 */
export function nagiosCheck(input: NagiosCheckInput): NagiosCheckResult {
  const { now, tests, lastRunAt, longestRunAgeSeconds } = input;
  if (lastRunAt === null || now - lastRunAt > longestRunAgeSeconds) {
    const since =
      lastRunAt === null
        ? 'no run has finished yet'
        : `the last run finished ${formatDuration(now - lastRunAt)} ago`;
    return { code: 3, output: line(3, since, []) };
  }
  if (tests.length === 0) return { code: 3, output: line(3, 'no matching test', []) };
  const findings = [...incidentFindings(input), ...testFindings(input)].sort(
    (a, b) => b.code - a.code,
  );
  const worst = worstCode(findings, input.filter);
  const code = worst < 2 && hasNoResults(input) ? 3 : worst;
  const text = findings[0]?.text ?? okText(input);
  const more = findings.length > 1 ? `, and ${findings.length - 1} more` : '';
  const rest = findings.slice(1, 1 + maxLines).map((finding) => escapeOutput(finding.text));
  return {
    code,
    output: [
      line(code, `${text}${more}`, perfdata(tests, findings.length, input.filter)),
      ...rest,
    ].join('\n'),
  };
}

/** The code of some findings, worst first: by the thresholds if there are any. */
function worstCode(
  findings: readonly CheckFinding[],
  { warning, critical }: CheckFilter,
): 0 | 1 | 2 {
  if (warning === null && critical === null) return findings[0]?.code ?? 0;
  if (critical?.isRaisedBy(findings.length)) return 2;
  return warning?.isRaisedBy(findings.length) ? 1 : 0;
}

/** Whether there are tests that are not silenced, and none has results. */
function hasNoResults({ tests, silenced }: NagiosCheckInput): boolean {
  const notSilenced = tests.filter(({ test }) => !silenced.has(test.id));
  return (
    notSilenced.length > 0 && notSilenced.every(({ state }) => statesWithoutResults.includes(state))
  );
}

/** `3 tests OK, 1 accepted, 2 silenced`. */
function okText({ tests, silenced }: NagiosCheckInput): string {
  const counted = tests.filter(({ test }) => !silenced.has(test.id));
  const acceptedCount = counted.filter(({ state }) => state === 'accepted').length;
  const counts = [
    [counted.length - acceptedCount, 'OK'],
    [acceptedCount, 'accepted'],
    [tests.length - counted.length, 'silenced'],
  ] as const;
  const [[first, word] = [0, ''], ...others] = counts.filter(([count]) => count > 0);
  const start = `${pluralize(first, 'test')}${word === 'OK' ? '' : ','} ${word}`;
  return [start, ...others.map(([count, other]) => `${count} ${other}`)].join(', ');
}

interface CheckFinding {
  readonly code: 1 | 2;
  readonly text: string;
}

function incidentFindings({ incidents, now, filter }: NagiosCheckInput): CheckFinding[] {
  return incidents
    .filter(({ incident }) => isOpenIncident(incident) && isSelected(incident, filter))
    .map(({ incident: { severity, from }, text }) => ({
      code: codeOf(severity),
      text: `${severity}: ${text}, for ${formatDuration(now - from)}`,
    }));
}

function isSelected({ members, severity }: Incident, filter: CheckFilter): boolean {
  const open = members.filter(({ closedAt }) => closedAt === null);
  const isOfClass =
    filter.classes.length === 0 || open.some((member) => filter.classes.includes(member.class));
  // The severities are in descending order.
  const isSevere =
    filter.severity === null || severities.indexOf(severity) <= severities.indexOf(filter.severity);
  return isOfClass && isSevere;
}

function codeOf(severity: Severity): 1 | 2 {
  return severity === 'critical' || severity === 'major' ? 2 : 1;
}

/** The states of tests, unless only some incidents count. */
function testFindings({ tests, silenced, filter }: NagiosCheckInput): CheckFinding[] {
  if (filter.classes.length > 0 || filter.severity !== null) return [];
  return tests.flatMap(({ test, state, stateReason }): CheckFinding[] => {
    if (silenced.has(test.id)) return [];
    const hosts = isRenamed(test) ? `, ${test.source.name} → ${test.destination.name}` : '';
    const which = `IPv${test.family} ${test.tool}${hosts}`;
    const text = `${pairText(test)} (${which}) ${state}: ${stateReason}`;
    if (state === 'unreached') return [{ code: 2, text }];
    return statesWithoutResults.includes(state) || abnormalStates.includes(state)
      ? [{ code: 1, text }]
      : [];
  });
}

/**
 * `label=value;warn;crit;min;max`: the number of problems, and the figures of a single test, else
 * the number of tests in each state.
 */
function perfdata(
  tests: readonly TestSummary[],
  problems: number,
  { warning, critical }: CheckFilter,
): string[] {
  const problemsData = `problems=${problems};${warning?.text ?? ''};${critical?.text ?? ''};0`;
  const [only, ...others] = tests;
  if (only !== undefined && others.length === 0) {
    const { rttMs, lossPct, hops } = only;
    return [
      problemsData,
      ...(rttMs === null ? [] : [`rtt=${roundToHundredths(rttMs)}ms;;;0`]),
      ...(lossPct === null ? [] : [`loss=${roundToHundredths(lossPct)}%;;;0;100`]),
      ...(hops === null ? [] : [`hops=${hops};;;0`]),
    ];
  }
  const count = (state: State) => tests.filter((summary) => summary.state === state).length;
  return [
    problemsData,
    `tests=${tests.length};;;0`,
    ...states.map((state) => `${state}=${count(state)};;;0`),
  ];
}

function roundToHundredths(value: number): number {
  return Math.round(value * 100) / 100;
}

function line(code: NagiosCheckResult['code'], text: string, data: readonly string[]): string {
  const statusLine = `PSTRACE ${statusNames[code]} - ${escapeOutput(text)}`;
  return data.length === 0 ? statusLine : `${statusLine} | ${data.join(' ')}`;
}

/** Plugin output without bars and line breaks, which separate performance data and lines. */
function escapeOutput(text: string): string {
  return (cleanText(text, 500) ?? '').replaceAll('|', '/');
}
