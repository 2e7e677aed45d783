/** What kind of change it is. `recovered` closes one or several of the others; see `Change.closes`. */
export const changeClasses = [
  'unreachable',
  'inter_as',
  'intra_as',
  'same_site',
  'flap',
  'recovered',
  'rtt_shift',
  'loss',
  'mtu_drop',
  'vanished',
  'new_test',
  'policy',
] as const;
export type ChangeClass = (typeof changeClasses)[number];

/** How much it matters, worst first. */
export const severities = ['critical', 'major', 'moderate', 'minor', 'info'] as const;
export type Severity = (typeof severities)[number];

/** `same`: no measurable effect; `unknown`: the samples do not tell. */
export type Effect = 'worse' | 'better' | 'same' | 'unknown';

/** What a change did to those who use the path: before against after. null where nothing was measured. */
export interface Verdict {
  readonly effect: Effect;
  /** Median round-trip times, ms, of the samples compared. */
  readonly rttBeforeMs: number | null;
  readonly rttAfterMs: number | null;
  /** Hodges-Lehmann shift, after minus before, ms, and its confidence interval (95 % or as near as the samples allow). */
  readonly shiftMs: number | null;
  readonly shiftCiMs: readonly [number, number] | null;
  readonly samplesBefore: number;
  readonly samplesAfter: number;
  /** The device the times were measured to; null for the destination itself. */
  readonly measuredTo: string | null;
  readonly lossBeforePct: number | null;
  readonly lossAfterPct: number | null;
  readonly hopsBefore: number | null;
  readonly hopsAfter: number | null;
  readonly mtuBefore: number | null;
  readonly mtuAfter: number | null;
}

/** How a hop of the new route relates to the old one. */
export type HopMark = 'same' | 'removed' | 'added' | 'replaced' | 'silent';

/** One line of a comparison of two routes; an address list is empty where the side is silent or has no such hop. */
export interface AlignedHop {
  readonly mark: HopMark;
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** Where the hop stands in the old and in the new route; null where it does not. Older records lack it. */
  readonly ttls?: readonly [number | null, number | null];
}

/** What a test lost or gained, in the terms in which tests are compared: router names where known, else addresses. */
export interface Evidence {
  /** Devices that every trace of the old route passed and none of the new one does. */
  readonly removed: readonly string[];
  /** Devices that came instead. */
  readonly added: readonly string[];
  /** Subnets of the addresses that left: the two ends of a link share one, whatever the direction. */
  readonly removedLinks: readonly string[];
  /** AS numbers of what left and what came. */
  readonly asns: readonly number[];
  /** Devices on both sides of the difference, or of the place where times rise; for a loss all of the route. */
  readonly adjacent?: readonly string[];
  /** Where the old route was left: the last device before the difference and the first one that is gone. */
  readonly edge: readonly [string, string] | null;
}

/** A rule of the expected-path policy that a test breaks, in words: `must_avoid AS64511`, `AS64511 at hop 5`. */
export interface PolicyBreach {
  readonly rule: string;
  readonly expected: string;
  readonly found: string;
}

/** Something that happened to one test, with all that a reader needs to judge it. Times are epoch seconds. */
export interface Change {
  /** Test id, detection time and class. */
  readonly id: string;
  readonly testId: string;
  readonly class: ChangeClass;
  readonly severity: Severity;
  /** For `recovered`: the classes that it closes; empty otherwise. */
  readonly closes: readonly ChangeClass[];
  /** Start of the trace at which the detection was sure. */
  readonly detectedAt: number;
  /** It happened after this trace (null: before the first) and by that one. */
  readonly onset: { readonly after: number | null; readonly by: number };
  readonly fromAsPath: readonly number[];
  readonly toAsPath: readonly number[];
  readonly route: readonly AlignedHop[];
  readonly evidence: Evidence;
  /** Share of the test's traces that took the old route, 0 to 1, and since when it was used; null when unknown. */
  readonly prevalence: number | null;
  readonly usedSince: number | null;
  /** When the new route was last in use before; null when it is new. */
  readonly seenBeforeAt: number | null;
  readonly verdict: Verdict;
  /** Start of the trace with which the verdict became what it is; absent while it is that of the detection. */
  readonly reassessedAt?: number;
  /** The ICMP error, for an outage that a router reported. */
  readonly icmpError: string | null;
  /** For the class `policy`. */
  readonly policy?: PolicyBreach;
}

/** A `Change` that the detection reports; `accepted`: what had been reported is normal now, nothing is told. */
export type ChangeEvent =
  | { readonly kind: 'change'; readonly change: Change }
  | { readonly kind: 'accepted'; readonly testId: string; readonly at: number };
