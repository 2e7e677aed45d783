import type { Change } from '../../../model/change.ts';
import type { GradingReason } from '../../../model/grading.ts';
import type { Finding } from '../finding.ts';
import { severityOf } from '../severity.ts';
import { interiorAsn, sharedFacts } from './changeFacts.ts';
import { confidenceOf, isGradedClass, reasonNats } from './confidence.ts';
import { confirmOutages } from './confirmOutages.ts';
import type { GradedMesh, GradedTest } from './gradedMesh.ts';
import {
  type MeshState,
  pruneRemembered,
  type RememberedChange,
  repeatIntervals,
} from './meshState.ts';

/** Changes of two tests within so many intervals of the slower one are simultaneous. */
const simultaneousIntervals = 1.7;
/** Changes detected so many intervals later do not count against one: it has been notified. */
const contradictedIntervals = 2;
/** So many tests of a source that change elsewhere show that all its flows were hashed anew. */
const minStrangers = 2;
/** A route with a smaller share of the traces is one of several that the AS uses in turn. */
const alternateShare = 0.6;

/**
 * Confirms outages and grades changes, in order of time, by what other tests show, and grades
 * earlier changes anew that they confirm or contradict. Updates the state.
 */
export function gradeFindings(
  state: MeshState,
  findings: readonly Finding[],
  mesh: GradedMesh,
): Finding[] {
  return findings
    .flatMap((finding) => confirmOutages(state, finding, mesh))
    .flatMap((finding) => gradeFinding(state, finding, mesh));
}

function gradeFinding(state: MeshState, finding: Finding, mesh: GradedMesh): Finding[] {
  if (finding.kind !== 'change' || !isGradedClass(finding.change.class)) return [finding];
  const { change } = finding;
  const at = change.detectedAt;
  pruneRemembered(state, at);
  const remembered = remember(change, state, mesh.testOf(change.testId));
  const related = state.recent.filter((other) => relate(remembered, other));
  state.recent.push(remembered);
  const graded = { ...change, ...gradeOf(remembered, mesh) };
  return [
    { ...finding, change: { ...graded, severity: severityOf(graded) } },
    ...related.map((other): Finding => {
      const { id: changeId, testId } = other;
      return { kind: 'regraded', testId, changeId, at, ...gradeOf(other, mesh) };
    }),
  ];
}

function remember(
  change: Change,
  { recent }: MeshState,
  { source, intervalSeconds }: GradedTest,
): RememberedChange {
  const { id, testId, class: changeClass, detectedAt, onset, routeChange, prevalence } = change;
  const asn = interiorAsn(change);
  const isRepeated = recent.some(
    (other) =>
      asn !== null &&
      other.testId === testId &&
      other.interiorAsn === asn &&
      detectedAt - other.detectedAt <= repeatIntervals * intervalSeconds,
  );
  const isAlternate = asn !== null && prevalence !== null && prevalence < alternateShare;
  const ownReasons: GradingReason[] = [
    ...(routeChange?.reason === 'routers' ? ['routers' as const] : []),
    ...(isRepeated ? ['repeat' as const] : []),
    ...(isAlternate ? ['alternate' as const] : []),
  ];
  return {
    id,
    testId,
    class: changeClass,
    detectedAt,
    source,
    by: onset.by,
    intervalSeconds,
    facts: sharedFacts(change),
    interiorAsn: asn,
    ownReasons,
    company: [],
    strangers: [],
  };
}

/** Notes that two changes are simultaneous. Returns whether the older one is to be graded anew. */
function relate(newer: RememberedChange, older: RememberedChange): boolean {
  const intervalSeconds = Math.max(newer.intervalSeconds, older.intervalSeconds);
  if (newer.testId === older.testId) return false;
  if (Math.abs(newer.by - older.by) > simultaneousIntervals * intervalSeconds) return false;
  if (newer.facts.some((fact) => older.facts.includes(fact))) {
    newer.company = withId(newer.company, older.testId);
    older.company = withId(older.company, newer.testId);
    return true;
  }
  if (newer.source !== older.source) return false;
  newer.strangers = withId(newer.strangers, older.testId);
  const isLate = newer.detectedAt - older.detectedAt > contradictedIntervals * intervalSeconds;
  if (!isLate) older.strangers = withId(older.strangers, newer.testId);
  return !isLate;
}

function withId(ids: readonly string[], id: string): readonly string[] {
  return ids.includes(id) ? ids : [...ids, id];
}

/** The confidence in a change, with the reasons for it. */
function gradeOf(
  change: RememberedChange,
  mesh: GradedMesh,
): Required<Pick<Change, 'confidence' | 'grading'>> {
  const reasons = [...change.ownReasons, ...meshReasons(change, mesh)];
  return {
    confidence: confidenceOf(change.class, reasons),
    grading: {
      company: change.company,
      reasons: reasons.map((reason) => [reason, reasonNats[reason]]),
    },
  };
}

function meshReasons(change: RememberedChange, mesh: GradedMesh): GradingReason[] {
  const { class: changeClass, company, strangers, interiorAsn: asn } = change;
  const isMove = changeClass === 'intra_as' || changeClass === 'flap';
  const isAlone =
    company.length === 0 && asn !== null && hasWitness(change, mesh.testsThrough(asn));
  return [
    ...(company.length > 0 ? ['company' as const] : []),
    ...(isMove && strangers.length >= minStrangers ? ['rehash' as const] : []),
    ...(isMove && isAlone ? ['interior' as const] : []),
  ];
}

/** Whether another test could have shown the change. */
function hasWitness({ testId }: RememberedChange, tests: ReadonlySet<string>): boolean {
  return tests.size > (tests.has(testId) ? 1 : 0);
}
