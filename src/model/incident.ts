import type { ChangeClass, Severity } from './change.ts';

/**
 * What is thought to have caused an incident. `host`: a measuring host or what stands right before it; `source` and
 * `destination` where it is known to be silent in that role; `archive`: no results at all.
 */
export type SuspectKind =
  | 'link'
  | 'router'
  | 'host'
  | 'source'
  | 'destination'
  | 'archive'
  | 'unknown';

/** `open`: nothing new for a while; `growing`: tests joined lately; `accepted`: lasts so long that it is normal. */
export type IncidentStatus = 'growing' | 'open' | 'recovered' | 'accepted';

/** One change as part of an incident. */
export interface IncidentMember {
  readonly changeId: string;
  readonly testId: string;
  readonly class: ChangeClass;
  readonly severity: Severity;
  /** Start of the trace at which the change was told, and the span in which it happened, epoch seconds. */
  readonly detectedAt: number;
  readonly after: number;
  readonly by: number;
  /** When the test was well again; null while it is not. */
  readonly closedAt: number | null;
  /** It did not end: it has lasted for so long that it is normal since `closedAt`. */
  readonly accepted?: boolean;
}

/** Changes of several tests that have one cause. */
export interface Incident {
  readonly id: string;
  readonly members: readonly IncidentMember[];
  readonly status: IncidentStatus;
  readonly severity: Severity;
  /** Median begin of its members, and the end of the last one; null while any is open. */
  readonly from: number;
  readonly to: number | null;
  /** `name` without its kind; '' for `unknown`. */
  readonly suspect: { readonly kind: SuspectKind; readonly name: string };
  /** Tests that changed, and tests that use the suspected element and did not. */
  readonly tests: readonly string[];
  readonly unaffectedTests: readonly string[];
}
