import { cleanText } from '../../lib/text.ts';
import type { TestSummary } from '../../model/analysis.ts';
import type { Severity } from '../../model/change.ts';
import { formatDuration, pluralize } from '../../model/format.ts';
import type { Incident } from '../../model/incident.ts';
import { suspectName } from '../../model/suspectText.ts';
import { isRenamed, pairText } from '../../model/testText.ts';

/** What a check looks at. Times are epoch seconds. */
export interface NagiosCheckInput {
  readonly now: number;
  /** The tests asked for. */
  readonly tests: readonly TestSummary[];
  /** Incidents with an open change of them that is not silenced. */
  readonly incidents: readonly Incident[];
  /** Ids of tests that are silenced: what they do is no finding. */
  readonly silenced: ReadonlySet<string>;
  /** When the last run ended; null: never. Older than this many seconds, nothing can be said. */
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
/** States in which a test gives no usable result, and those in which it is not as usual. */
const statesWithoutResults: readonly TestSummary['state'][] = ['stale', 'failed', 'untested'];
const abnormalStates: readonly TestSummary['state'][] = ['changed', 'degraded', 'flapping'];

/**
 * The state of some tests: 2 for an open incident that is critical or major and for a test that is not reached, 1 for a lesser
 * incident and for tests that are not as usual or give no results, 3 when there is nothing else to judge by; silenced tests count for none of
 * these. Performance data for up to one test in full.
 */
export function nagiosCheck(input: NagiosCheckInput): NagiosCheckResult {
  const { now, tests, lastRunAt, longestRunAgeSeconds } = input;
  if (lastRunAt === null || now - lastRunAt > longestRunAgeSeconds) {
    const since =
      lastRunAt === null
        ? 'no run has ended yet'
        : `the last run ended ${formatDuration(now - lastRunAt)} ago`;
    return { code: 3, output: line(3, since, []) };
  }
  if (tests.length === 0) return { code: 3, output: line(3, 'no such test', []) };
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

/** Whether there are tests that somebody wants to hear of, and none of them gives results. */
function hasNoResults({ tests, silenced }: NagiosCheckInput): boolean {
  const notSilenced = tests.filter(({ test }) => !silenced.has(test.id));
  return (
    notSilenced.length > 0 && notSilenced.every(({ state }) => statesWithoutResults.includes(state))
  );
}

function okText({ tests, silenced }: NagiosCheckInput): string {
  const silencedCount = tests.filter(({ test }) => silenced.has(test.id)).length;
  if (silencedCount === 0) return `${pluralize(tests.length, 'test')} as usual`;
  if (silencedCount === tests.length) return `${pluralize(silencedCount, 'test')}, silenced`;
  return `${pluralize(tests.length - silencedCount, 'test')} as usual, ${silencedCount} silenced`;
}

interface CheckFinding {
  readonly code: 1 | 2;
  readonly text: string;
}

function incidentFindings({ incidents, now }: NagiosCheckInput): CheckFinding[] {
  return incidents
    .filter(({ status }) => status === 'open' || status === 'growing')
    .map(({ severity, suspect, tests, from }) => ({
      code: codeOf(severity),
      text: `${severity} incident, ${pluralize(tests.length, 'test')}, ${suspectText(suspect)}, for ${formatDuration(now - from)}`,
    }));
}

function suspectText({ kind, name }: Incident['suspect']): string {
  return kind === 'unknown' ? 'cause not known' : `${kind} ${suspectName(name)}`;
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

/** `label=value;;;min;max`: of one test its figures, of several how many are in which state. */
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

/** Text for a monitoring system: a bar would begin the performance data, a line break the next line. */
function escapeOutput(text: string): string {
  return (cleanText(text, 500) ?? '').replaceAll('|', '/');
}
