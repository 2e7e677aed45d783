import { cleanText } from '../../lib/text.ts';
import type { TestSummary } from '../../model/analysis.ts';
import type { Severity } from '../../model/change.ts';
import { formatDuration, pluralize } from '../../model/format.ts';
import { type Incident, isOpenIncident } from '../../model/incident.ts';
import { suspectText } from '../../model/suspectText.ts';
import { isRenamed, pairText } from '../../model/testText.ts';

/** Input of a check. Times are epoch seconds. */
export interface NagiosCheckInput {
  readonly now: number;
  /** The selected tests. */
  readonly tests: readonly TestSummary[];
  /** Their incidents with an open change that is not silenced. */
  readonly incidents: readonly Incident[];
  /** Ids of silenced tests, which give no findings. */
  readonly silenced: ReadonlySet<string>;
  /** End of the last run; null: none yet. If it is older than the limit, the result is UNKNOWN. */
  readonly lastRunAt: number | null;
  readonly longestRunAgeSeconds: number;
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
  const worst = findings[0]?.code ?? 0;
  const code = worst < 2 && hasNoResults(input) ? 3 : worst;
  const text = findings[0]?.text ?? okText(input);
  const more = findings.length > 1 ? `, and ${findings.length - 1} more` : '';
  const rest = findings.slice(1, 1 + maxLines).map((finding) => escapeOutput(finding.text));
  return { code, output: [line(code, `${text}${more}`, perfdata(tests)), ...rest].join('\n') };
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

function incidentFindings({ incidents, now }: NagiosCheckInput): CheckFinding[] {
  return incidents.filter(isOpenIncident).map(({ severity, suspect, tests, from }) => ({
    code: codeOf(severity),
    text: `${severity} incident, ${pluralize(tests.length, 'test')}, ${suspectText(suspect, [], []) || 'cause unknown'}, for ${formatDuration(now - from)}`,
  }));
}

function codeOf(severity: Severity): 1 | 2 {
  return severity === 'critical' || severity === 'major' ? 2 : 1;
}

function testFindings({ tests, silenced }: NagiosCheckInput): CheckFinding[] {
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

/** `label=value;;;min;max`: the figures of a single test, else the number of tests by state. */
function perfdata(tests: readonly TestSummary[]): string[] {
  const [only, ...others] = tests;
  if (only !== undefined && others.length === 0) {
    const { rttMs, lossPct, hops } = only;
    return [
      ...(rttMs === null ? [] : [`rtt=${roundToHundredths(rttMs)}ms;;;0`]),
      ...(lossPct === null ? [] : [`loss=${roundToHundredths(lossPct)}%;;;0;100`]),
      ...(hops === null ? [] : [`hops=${hops};;;0`]),
    ];
  }
  const unreached = tests.filter(({ state }) => state === 'unreached').length;
  const withoutResults = tests.filter(({ state }) => statesWithoutResults.includes(state)).length;
  return [
    `tests=${tests.length};;;0`,
    `unreached=${unreached};;;0`,
    `silent=${withoutResults};;;0`,
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
