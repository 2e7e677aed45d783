import type { Change } from '../../../model/change/change.ts';
import type { GradingReason } from '../../../model/change/grading.ts';
import type { RouteChangeReason } from '../../../model/change/routeChange.ts';
import type { Finding } from '../finding.ts';
import { severityOf } from '../severity.ts';
import { changedAsns, interiorAsn, sharedFacts } from './changeFacts.ts';
import { confidenceOf, isGradedClass, reasonNats } from './confidence.ts';
import { confirmOutages } from './confirmOutages.ts';
import type { GradedMesh, GradedTest } from './gradedMesh.ts';
import {
  type MeshState,
  pruneRemembered,
  type RememberedChange,
  rememberedIntervals,
} from './meshState.ts';

/** A change within the destination's AS repeats one so many intervals ago. */
const repeatIntervals = 24;
/** So many earlier ones within the remembered intervals are as good as one shortly before. */
const manyRepeats = 3;
/** Changes of two tests within so many intervals of the slower one are simultaneous. */
const simultaneousIntervals = 1.7;
/** Changes detected so many intervals later do not count against one: it has been notified. */
const contradictedIntervals = 2;
/** Tests to so many destinations that change elsewhere show that a source's flows hash anew. */
const minStrangers = 3;

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
  const { id, testId, class: changeClass, detectedAt, onset, routeChange } = change;
  const asn = interiorAsn(change);
  const earlier = recent
    .filter((other) => asn !== null && other.testId === testId && other.interiorAsn === asn)
    .map((other) => (detectedAt - other.detectedAt) / intervalSeconds);
  const isRepeated =
    earlier.some((intervals) => intervals <= repeatIntervals) ||
    earlier.filter((intervals) => intervals <= rememberedIntervals).length >= manyRepeats;
  const ownReasons: GradingReason[] = [
    ...(isOfRouters(routeChange?.reason, asn) ? ['routers' as const] : []),
    ...(isRepeated ? ['repeat' as const] : []),
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
    asns: changedAsns(change),
    interiorAsn: asn,
    hasTimeShift: routeChange?.reason === 'time',
    ownReasons,
    company: [],
    strangers: [],
  };
}

/**
 * Whether only some of the routers differ; within the AS `asn` of the destination, the number of
 * hops says nothing.
 */
function isOfRouters(reason: RouteChangeReason | undefined, asn: number | null): boolean {
  return reason === 'routers' || (reason === 'hops' && asn !== null);
}

/** Notes that two changes are simultaneous. Returns whether the older one is to be graded anew. */
function relate(newer: RememberedChange, older: RememberedChange): boolean {
  const intervalSeconds = Math.max(newer.intervalSeconds, older.intervalSeconds);
  if (newer.testId === older.testId) return false;
  if (Math.abs(newer.by - older.by) > simultaneousIntervals * intervalSeconds) return false;
  if (newer.facts.some((fact) => older.facts.includes(fact))) {
    if (canConfirm(older)) newer.company = withId(newer.company, older.testId);
    if (canConfirm(newer)) older.company = withId(older.company, newer.testId);
    return canConfirm(newer);
  }
  if (newer.source !== older.source || newer.asns.some((asn) => older.asns.includes(asn)))
    return false;
  newer.strangers = withId(newer.strangers, older.testId);
  const isLate = newer.detectedAt - older.detectedAt > contradictedIntervals * intervalSeconds;
  if (!isLate) older.strangers = withId(older.strangers, newer.testId);
  return !isLate;
}

/** Whether a change can confirm another one: a test that changes all the time cannot. */
function canConfirm({ ownReasons }: RememberedChange): boolean {
  return !ownReasons.includes('repeat');
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
  const { class: changeClass, company, strangers, interiorAsn: asn, hasTimeShift } = change;
  const isMove = (changeClass === 'intra_as' || changeClass === 'flap') && !hasTimeShift;
  const hasCompany = hasOtherPair(change, company, mesh);
  const hasWitness = asn !== null && hasOtherPair(change, mesh.testsThrough(asn), mesh);
  const hasForeignCompany = company.some((id) => mesh.testOf(id).source !== change.source);
  const destinations = new Set(strangers.map((id) => mesh.testOf(id).destination));
  return [
    ...(hasCompany ? ['company' as const] : []),
    ...(isMove && !hasForeignCompany && destinations.size >= minStrangers
      ? ['rehash' as const]
      : []),
    ...(isMove && !hasCompany && hasWitness ? ['interior' as const] : []),
  ];
}

/** Whether some tests measure another pair of hosts than a change: those of one pair are one. */
function hasOtherPair(
  { testId }: RememberedChange,
  tests: Iterable<string>,
  mesh: GradedMesh,
): boolean {
  const own = mesh.testOf(testId);
  return [...tests].some((id) => {
    const { source, destination } = mesh.testOf(id);
    return source !== own.source || destination !== own.destination;
  });
}
