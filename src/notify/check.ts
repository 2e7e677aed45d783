import { duration } from '../lib/duration.ts';
import { cleanText } from '../lib/text.ts';
import type { TestSummary } from '../model/analysis.ts';
import type { Severity } from '../model/change.ts';
import { elementText } from '../model/elementText.ts';
import type { Incident } from '../model/incident.ts';
import { isRenamed, pairText } from './cause.ts';
import { counted } from './format.ts';

/** What a check looks at. Times are epoch seconds. */
export interface CheckInput {
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
export interface CheckResult {
  readonly code: 0 | 1 | 2 | 3;
  readonly output: string;
}

const words = ['OK', 'WARNING', 'CRITICAL', 'UNKNOWN'] as const;
const mostLines = 10;
/** States in which a test gives no usable result, and those in which it is not as usual. */
const silent: readonly TestSummary['state'][] = ['stale', 'failed', 'untested'];
const unusual: readonly TestSummary['state'][] = ['changed', 'degraded', 'flapping'];

/**
 * The state of some tests: 2 for an open incident that is critical or major and for a test that is not reached, 1 for a lesser
 * incident and for tests that are not as usual or give no results, 3 when there is nothing else to judge by; silenced tests count for none of
 * these. Performance data for up to one test in full.
 */
export function check(input: CheckInput): CheckResult {
  const { now, tests, lastRunAt, longestRunAgeSeconds } = input;
  if (lastRunAt === null || now - lastRunAt > longestRunAgeSeconds) {
    const since =
      lastRunAt === null
        ? 'no run has ended yet'
        : `the last run ended ${duration(now - lastRunAt)} ago`;
    return { code: 3, output: line(3, since, []) };
  }
  if (tests.length === 0) return { code: 3, output: line(3, 'no such test', []) };
  const findings = [...incidentFindings(input), ...testFindings(input)].sort(
    (a, b) => b.code - a.code,
  );
  const worst = findings[0]?.code ?? 0;
  const code = worst < 2 && hasNothing(input) ? 3 : worst;
  const text = findings[0]?.text ?? calmText(input);
  const more = findings.length > 1 ? `, and ${findings.length - 1} more` : '';
  const rest = findings.slice(1, 1 + mostLines).map((finding) => safe(finding.text));
  return { code, output: [line(code, `${text}${more}`, perfdata(tests)), ...rest].join('\n') };
}

/** Whether there are tests that somebody wants to hear of, and none of them gives results. */
function hasNothing({ tests, silenced }: CheckInput): boolean {
  const heard = tests.filter(({ test }) => !silenced.has(test.id));
  return heard.length > 0 && heard.every(({ state }) => silent.includes(state));
}

function calmText({ tests, silenced }: CheckInput): string {
  const muted = tests.filter(({ test }) => silenced.has(test.id)).length;
  if (muted === 0) return `${counted(tests.length, 'test')} as usual`;
  if (muted === tests.length) return `${counted(muted, 'test')}, silenced`;
  return `${counted(tests.length - muted, 'test')} as usual, ${muted} silenced`;
}

interface Finding {
  readonly code: 1 | 2;
  readonly text: string;
}

function incidentFindings({ incidents, now }: CheckInput): Finding[] {
  return incidents
    .filter(({ course }) => course === 'open' || course === 'growing')
    .map(({ severity, suspect, tests, from }) => ({
      code: codeOf(severity),
      text: `${severity} incident, ${counted(tests.length, 'test')}, ${causeText(suspect)}, for ${duration(now - from)}`,
    }));
}

function causeText({ kind, name }: Incident['suspect']): string {
  return kind === 'unknown' ? 'cause not known' : `${kind} ${elementText(name)}`;
}

function codeOf(severity: Severity): 1 | 2 {
  return severity === 'critical' || severity === 'major' ? 2 : 1;
}

function testFindings({ tests, silenced }: CheckInput): Finding[] {
  return tests.flatMap(({ test, state, stateReason }): Finding[] => {
    if (silenced.has(test.id)) return [];
    const hosts = isRenamed(test) ? `, ${test.source.name} → ${test.destination.name}` : '';
    const which = `IPv${test.family} ${test.tool}${hosts}`;
    const text = `${pairText(test)} (${which}) ${state}: ${stateReason}`;
    if (state === 'unreached') return [{ code: 2, text }];
    return silent.includes(state) || unusual.includes(state) ? [{ code: 1, text }] : [];
  });
}

/** `label=value;;;min;max`: of one test its figures, of several how many are in which state. */
function perfdata(tests: readonly TestSummary[]): string[] {
  const [only, ...others] = tests;
  if (only !== undefined && others.length === 0) {
    const { rttMs, lossPct, hops } = only;
    return [
      ...(rttMs === null ? [] : [`rtt=${rounded(rttMs)}ms;;;0`]),
      ...(lossPct === null ? [] : [`loss=${rounded(lossPct)}%;;;0;100`]),
      ...(hops === null ? [] : [`hops=${hops};;;0`]),
    ];
  }
  const unreached = tests.filter(({ state }) => state === 'unreached').length;
  const quiet = tests.filter(({ state }) => silent.includes(state)).length;
  return [`tests=${tests.length};;;0`, `unreached=${unreached};;;0`, `silent=${quiet};;;0`];
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

function line(code: CheckResult['code'], text: string, data: readonly string[]): string {
  const said = `PSTRACE ${words[code]} - ${safe(text)}`;
  return data.length === 0 ? said : `${said} | ${data.join(' ')}`;
}

/** Text for a monitoring system: a bar would begin the performance data, a line break the next line. */
function safe(text: string): string {
  return (cleanText(text, 500) ?? '').replaceAll('|', '/');
}
