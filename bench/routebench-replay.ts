import { type Finding, sortFindings } from '../src/analysis/detection/finding.ts';
import {
  addChange,
  closeTest,
  type IncidentState,
} from '../src/analysis/detection/incidents/incidents.ts';
import type { GradedMesh } from '../src/analysis/detection/mesh/gradedMesh.ts';
import { gradeFindings } from '../src/analysis/detection/mesh/gradeFindings.ts';
import { createMeshState } from '../src/analysis/detection/mesh/meshState.ts';
import { defaultDetectionSettings } from '../src/analysis/detection/settings.ts';
import { severityOf } from '../src/analysis/detection/severity.ts';
import { createDetectionState } from '../src/analysis/detection/step.ts';
import { stepThrough } from '../src/analysis/detection/stepThrough.ts';
import { serializeState } from '../src/analysis/detection/storedState.ts';
import {
  createTestActivityState,
  detectActivityChanges,
  type WatchedTest,
} from '../src/analysis/detection/testActivity.ts';
import { asElement, usualElements } from '../src/analysis/detection/usualFigures.ts';
import {
  type Change,
  type Severity,
  severityRank,
  worstSeverity,
} from '../src/model/change/change.ts';
import { resolveMergedId } from '../src/model/incident/incident.ts';
import type { Responder, Trace } from '../src/model/trace/trace.ts';
import { hourSeconds } from '../src/model/values/time.ts';
import { parseTraces } from '../src/sources/esmond/parseResults.ts';
import { createResultFaults } from '../src/sources/esmond/resultFaults.ts';
import { createIncidents } from '../test/helpers/createIncidents.ts';
import type { BenchTest } from './routebench-mesh.ts';

/**
 * One line of the output. Only the page shows a change of severity `info` or `minor`, and the
 * recovery from it is no line. A recovery has the severity of what it ends, no `verdict` and no
 * `incident`.
 */
export interface Alert {
  readonly pair: string;
  readonly ts: number;
  readonly kind: Change['class'];
  readonly severity: Change['severity'];
  readonly confidence: number | null;
  readonly incident?: string;
  readonly verdict?: Change['verdict']['effect'];
}

/** CPU time per trace, microseconds. */
export interface Cost {
  readonly traces: number;
  readonly jsonUs: number;
  readonly parserUs: number;
  readonly detectionUs: number;
  /** Bytes of the stored state of a test, mean over the tests. */
  readonly stateBytes: number;
}

/** The replay of one test. */
interface TestReplay {
  readonly findings: readonly Finding[];
  /** Bytes of its state at the end. */
  readonly stateBytes: number;
  /** Elements of its last usual route. */
  readonly elements: readonly string[];
  /** Starts of its traces, ascending. */
  readonly starts: number[];
}

/** Interval of a test without a known one. */
const defaultIntervalSeconds = 600;

const everything = { from: 0, to: Number.MAX_SAFE_INTEGER };

/** Replays all tests and groups their changes into incidents. */
export function replay(tests: readonly BenchTest[]): { alerts: Alert[]; cost: Cost } {
  const { changes, cost } = replayChanges(tests);
  return { alerts: groupAlerts(changes, tests), cost };
}

/**
 * Replays all tests. Tests do not depend on each other, so each is replayed on its own. Grading and
 * test activity, which concern all tests, are then replayed in order of time.
 */
export function replayChanges(tests: readonly BenchTest[]): {
  changes: GradedChange[];
  cost: Cost;
} {
  const cost = { traces: 0, jsonUs: 0, parserUs: 0, detectionUs: 0, stateBytes: 0 };
  const replays = tests.map((test) => replayTest(test, cost));
  const findings = [
    ...replays.flatMap((test) => test.findings),
    ...activityChanges(tests, replays).map(
      (change): Finding => ({ kind: 'change', change, elements: [] }),
    ),
  ];
  const graded = gradeFindings(createMeshState(), sortFindings(findings), meshOf(tests, replays));
  const perTrace = (us: number): number => us / Math.max(1, cost.traces);
  return {
    changes: gradedChanges(graded),
    cost: {
      traces: cost.traces,
      jsonUs: perTrace(cost.jsonUs),
      parserUs: perTrace(cost.parserUs),
      detectionUs: perTrace(cost.detectionUs),
      stateBytes: cost.stateBytes / Math.max(1, tests.length),
    },
  };
}

type Sums = { -readonly [key in keyof Cost]: number };

function replayTest(test: BenchTest, cost: Sums): TestReplay {
  const text = test.read();
  let since = process.cpuUsage();
  const results = JSON.parse(text) as unknown[];
  cost.jsonUs += cpuSince(since);
  since = process.cpuUsage();
  const known = new Map<string, Responder>();
  const parsed = results.map((result) => parseOne(result, test, known));
  cost.parserUs += cpuSince(since);
  since = process.cpuUsage();
  const detected = detect(test, parsed);
  cost.detectionUs += cpuSince(since);
  cost.stateBytes += detected.stateBytes;
  cost.traces += results.length;
  const starts = parsed.flatMap(({ traces }) => traces.map((trace) => trace.startedAt));
  return { ...detected, starts: starts.sort((a, b) => a - b) };
}

/** A result, and what it says about addresses that was not known before. */
interface ParsedResult {
  readonly traces: readonly Trace[];
  readonly news: readonly Responder[];
}

/** Parses a result and adds its addresses to those that are known, as the store does. */
function parseOne(result: unknown, test: BenchTest, known: Map<string, Responder>): ParsedResult {
  const destination = { address: test.destination, name: test.destinationName };
  const { traces, responders } = parseTraces(
    [result],
    { destination, firstTtl: 1, lastTtl: 30, interval: everything },
    createResultFaults(),
  );
  return { traces, news: [...responders.values()].flatMap((each) => mergeResponder(known, each)) };
}

function detect(test: BenchTest, parsed: readonly ParsedResult[]): Omit<TestReplay, 'starts'> {
  const known = new Map<string, Responder>();
  const findings: Finding[] = [];
  let state = createDetectionState(test.pair, test.destination);
  for (const { traces, news } of parsed) {
    for (const responder of news) known.set(responder.address, responder);
    const stepped = stepThrough(state, traces, known, defaultDetectionSettings);
    state = stepped.state;
    findings.push(...stepped.findings);
  }
  const stateBytes = Buffer.byteLength(JSON.stringify(serializeState(state)));
  return { findings, stateBytes, elements: usualElements(state) };
}

/** The mesh, for grading its changes. */
function meshOf(tests: readonly BenchTest[], replays: readonly TestReplay[]): GradedMesh {
  const byPair = new Map(tests.map((test) => [test.pair, test]));
  return {
    testOf(testId) {
      const test = byPair.get(testId);
      return {
        source: test?.sourceName ?? '',
        destination: test?.destinationName ?? '',
        intervalSeconds: test?.intervalSeconds ?? defaultIntervalSeconds,
      };
    },
    testsThrough(asn) {
      const pairs = tests.map(({ pair }) => pair);
      return new Set(pairs.filter((_, nth) => replays[nth]?.elements.includes(asElement(asn))));
    },
  };
}

/** Merges the name and the AS of an address as the store does; returns what is new. */
function mergeResponder(known: Map<string, Responder>, responder: Responder): Responder[] {
  const { address } = responder;
  const before = known.get(address);
  const hostname = responder.hostname ?? before?.hostname ?? null;
  const asn = responder.asn ?? before?.asn ?? null;
  if (before !== undefined && hostname === before.hostname && asn === before.asn) return [];
  const merged = { ...(before ?? responder), hostname, asn };
  known.set(address, merged);
  return [merged];
}

/** Checks the activity of all tests once an hour, as hourly runs do. */
function activityChanges(tests: readonly BenchTest[], replays: readonly TestReplay[]): Change[] {
  const state = createTestActivityState();
  const first = Math.min(...replays.map(({ starts }) => starts[0] ?? Number.POSITIVE_INFINITY));
  const last = Math.max(...replays.map(({ starts }) => starts.at(-1) ?? 0));
  const changes: Change[] = [];
  for (let now = first; now <= last; now += hourSeconds) {
    const watched = tests.map((test, index) => watchedAt(test, replays[index]?.starts ?? [], now));
    changes.push(...detectActivityChanges(state, watched, now).map(({ change }) => change));
  }
  return changes.filter((change) => change.class !== 'recovered');
}

function watchedAt(test: BenchTest, starts: readonly number[], now: number): WatchedTest {
  const newest = starts.findLast((start) => start <= now) ?? null;
  const { pair, sourceName, archive, intervalSeconds } = test;
  const firstAt = newest === null ? null : (starts[0] ?? null);
  return { testId: pair, source: sourceName, archive, firstAt, newestAt: newest, intervalSeconds };
}

/** A change with its last grade, and when it was first worth a notification, epoch seconds. */
export interface GradedChange {
  readonly change: Change;
  readonly at: number;
}

/** The changes among graded findings, in the order of detection. */
function gradedChanges(findings: readonly Finding[]): GradedChange[] {
  const graded = new Map<string, GradedChange>();
  for (const [nth, finding] of findings.entries()) {
    if (finding.kind === 'change') {
      const { change } = finding;
      // Several recoveries may have one id.
      const key = change.class === 'recovered' ? `${nth}` : change.id;
      graded.set(key, { change, at: change.detectedAt });
    } else if (finding.kind === 'regraded') {
      const { change, at } = graded.get(finding.changeId) as GradedChange;
      const revised = { ...change, confidence: finding.confidence, grading: finding.grading };
      const severity = severityOf(revised);
      const isFirst = !isNotified(change.severity) && isNotified(severity);
      const revision = { ...revised, severity };
      graded.set(finding.changeId, { change: revision, at: isFirst ? finding.at : at });
    }
  }
  return [...graded.values()];
}

/** Groups graded changes into incidents. */
function groupAlerts(graded: readonly GradedChange[], tests: readonly BenchTest[]): Alert[] {
  const byPair = new Map(tests.map((test) => [test.pair, test]));
  const incidents = createIncidents();
  const alerts: Alert[] = [];
  for (const { change, at: ts } of graded) {
    const { testId: pair, class: kind, severity, confidence } = change;
    const test = byPair.get(pair);
    if (test === undefined || kind === 'same_site') continue;
    const alert = { pair, ts, kind, severity, confidence };
    if (kind === 'recovered') {
      const affected = closeTest(incidents, pair, ts, change.closes);
      const ended = worstSeverity(membersEnded(affected, change));
      if (closesRouteChange(change) && isNotified(ended))
        alerts.push({ ...alert, severity: ended });
      continue;
    }
    const ends = { source: test.sourceName, destination: test.destinationName };
    const { id: incident } = addChange(incidents, change, ends);
    alerts.push({ ...alert, incident, verdict: change.verdict.effect });
  }
  return alerts.map((alert) =>
    alert.incident === undefined
      ? alert
      : { ...alert, incident: resolveMergedId(incidents.merged, alert.incident) },
  );
}

/** The changes that a recovery ended. */
function membersEnded(incidents: readonly IncidentState[], recovery: Change) {
  const { testId, detectedAt } = recovery;
  return incidents
    .flatMap(({ members }) => members)
    .filter((member) => member.testId === testId && member.closedAt === detectedAt);
}

/** Whether notifications report changes of a severity, by the defaults of the configuration. */
export function isNotified(severity: Severity): boolean {
  return severityRank(severity) <= severityRank('moderate');
}

/** Whether a change is the recovery of a route or of reachability. */
function closesRouteChange({ closes }: Change): boolean {
  return closes.some((closed) => ['unreachable', 'inter_as', 'intra_as', 'flap'].includes(closed));
}

/** CPU time since a reading, microseconds. */
function cpuSince(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return user + system;
}
