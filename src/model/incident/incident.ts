import type { ChangeClass, Severity } from '../change/change.ts';
import { lowerMedian } from '../values/statistics.ts';

/**
 * The probable cause of an incident. `host`: a measurement host or the device right before it;
 * `source` and `destination`: a host that is silent in that role; `archive`: no results at all.
 */
export type SuspectKind =
  | 'link'
  | 'router'
  | 'host'
  | 'source'
  | 'destination'
  | 'archive'
  | 'unknown';

/**
 * `open`: nothing new for a while; `growing`: tests joined lately; `accepted`: the new baseline.
 */
export type IncidentStatus = 'growing' | 'open' | 'recovered' | 'accepted';

/** Whether an incident is neither recovered nor accepted. */
export function isOpenIncident({ status }: Pick<Incident, 'status'>): boolean {
  return status === 'open' || status === 'growing';
}

/** Share of its changes, without the accepted ones, that must have ended for an incident to end. */
const endedShare = 0.8;

/** Whether an incident with these changes is over: they have ended or been accepted. */
export function isOver(members: readonly Pick<IncidentMember, 'closedAt' | 'accepted'>[]): boolean {
  const left = members.filter(({ accepted }) => accepted !== true);
  return left.filter(({ closedAt }) => closedAt !== null).length >= endedShare * left.length;
}

/** Ids of incidents that were merged into another incident, each with the id of that one. */
export type MergedIds = Readonly<Record<string, string>>;

/** The present id of an incident that may have been merged into another, even several times. */
export function resolveMergedId(mergedIds: MergedIds, id: string): string {
  let presentId = id;
  for (let next = mergedIds[id]; next !== undefined; next = mergedIds[next]) presentId = next;
  return presentId;
}

const formerIdsOfMerged = new WeakMap<MergedIds, ReadonlyMap<string, readonly string[]>>();

/** Ids of the incidents that became part of the one with a present id. */
export function formerIds(mergedIds: MergedIds, presentId: string): readonly string[] {
  const byPresentId =
    formerIdsOfMerged.get(mergedIds) ??
    Map.groupBy(Object.keys(mergedIds), (id) => resolveMergedId(mergedIds, id));
  formerIdsOfMerged.set(mergedIds, byPresentId);
  return byPresentId.get(presentId) ?? [];
}

/** One change as part of an incident. */
export interface IncidentMember {
  readonly changeId: string;
  readonly testId: string;
  readonly class: ChangeClass;
  readonly severity: Severity;
  /**
   * Start of the trace that confirmed the change, and the span in which it occurred, epoch seconds.
   */
  readonly detectedAt: number;
  readonly after: number;
  readonly by: number;
  /** Epoch seconds; null while it is open. */
  readonly closedAt: number | null;
  /** It did not recover: at `closedAt` it became the new baseline, or an operator accepted it. */
  readonly accepted?: boolean;
}

/** Changes of one or more tests with a common cause. */
export interface Incident {
  readonly id: string;
  readonly members: readonly IncidentMember[];
  readonly status: IncidentStatus;
  readonly severity: Severity;
  /** As `startOf` its members, and the end of the last one; null while any is open. */
  readonly from: number;
  readonly to: number | null;
  /** `name` without its kind; '' for `unknown`. */
  readonly suspect: { readonly kind: SuspectKind; readonly name: string };
  /** Tests that changed, and tests that use the suspected element and did not. */
  readonly tests: readonly string[];
  readonly unaffectedTests: readonly string[];
}

/**
 * When an incident began, epoch seconds: the median of the first change of each test, as the clocks
 * of hosts differ and some tests change again later. The incident has at least one member.
 */
export function startOf(members: readonly Pick<IncidentMember, 'testId' | 'by'>[]): number {
  const first = new Map<string, number>();
  for (const { testId, by } of members) first.set(testId, Math.min(by, first.get(testId) ?? by));
  return lowerMedian([...first.values()]) as number;
}
