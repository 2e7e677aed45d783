import type { Grading } from './grading.ts';
import type { RouteChange } from './routeChange.ts';

/** Classes of changes. `recovered` closes one or more of the others; see `Change.closes`. */
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
  'retired',
  'returned',
] as const;
export type ChangeClass = (typeof changeClasses)[number];

/** Classes of point events, which have no duration and no end. */
export const pointEventClasses: readonly ChangeClass[] = [
  'same_site',
  'new_test',
  'recovered',
  'retired',
  'returned',
];

/** Severities, worst first. */
export const severities = ['critical', 'major', 'moderate', 'minor', 'info'] as const;
export type Severity = (typeof severities)[number];

/** Position of a severity in `severities`, 0 for the worst. */
export function severityRank(severity: Severity): number {
  return severities.indexOf(severity);
}

/** Order of changes and the like by severity, worst first. */
export function compareSeverity(
  a: { readonly severity: Severity },
  b: { readonly severity: Severity },
): number {
  return severityRank(a.severity) - severityRank(b.severity);
}

/** The worst severity of a list; `info` for an empty one. */
export function worstSeverity(list: readonly { readonly severity: Severity }[]): Severity {
  return severities.find((each) => list.some(({ severity }) => severity === each)) ?? 'info';
}

/** `same`: no measurable effect; `unknown`: too few samples. */
export type Effect = 'worse' | 'better' | 'same' | 'unknown';

/** The effect of a change: figures before and after. null where nothing was measured. */
export interface Verdict {
  readonly effect: Effect;
  /** Median round-trip times, ms, of the samples compared. */
  readonly rttBeforeMs: number | null;
  readonly rttAfterMs: number | null;
  /**
   * Hodges-Lehmann shift, after minus before, ms, and its confidence interval (95 % or as near as
   * the samples allow).
   */
  readonly shiftMs: number | null;
  readonly shiftCiMs: readonly [number, number] | null;
  readonly samplesBefore: number;
  readonly samplesAfter: number;
  /** The interval leaves no doubt about the effect on times; absent in older records. */
  readonly sure?: boolean;
  /** The device the times were measured to; null for the destination itself. */
  readonly measuredTo: string | null;
  readonly lossBeforePct: number | null;
  readonly lossAfterPct: number | null;
  readonly hopsBefore: number | null;
  readonly hopsAfter: number | null;
  readonly mtuBefore: number | null;
  readonly mtuAfter: number | null;
}

/** Relation of a hop of the new route to the old route. */
export type HopMark = 'same' | 'removed' | 'added' | 'replaced' | 'silent';

/**
 * One line of a comparison of two routes; an address list is empty where the side is silent or has
 * no such hop.
 */
export interface AlignedHop {
  readonly mark: HopMark;
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** ttl in the old and in the new route; null if absent there. Older records lack the field. */
  readonly ttls?: readonly [number | null, number | null];
}

/** The devices that a test lost or gained: router names if known, else addresses. */
export interface Evidence {
  /** Devices on every trace of the old route and on none of the new route. */
  readonly removed: readonly string[];
  /** Devices that replaced them. */
  readonly added: readonly string[];
  /** Subnets of the removed addresses: the two ends of a link share one, whatever the direction. */
  readonly removedLinks: readonly string[];
  /** AS numbers of removed and added devices. */
  readonly asns: readonly number[];
  /** Devices on both sides of the difference or of a rise in RTT; for loss, the whole route. */
  readonly adjacent?: readonly string[];
  /** The point where the routes diverge: the last common device and the first removed one. */
  readonly edge: readonly [string, string] | null;
}

/** The figures behind a step of the round-trip time on an unchanged route. */
export interface StepFigures {
  /** Noise of the level before, ms: half the distance between its 16th and 84th percentiles. */
  readonly noiseMs: number;
  /** The smallest step that counts on this path, ms. */
  readonly leastStepMs: number;
  /** Time from the old level to the new one, seconds. */
  readonly riseSeconds: number;
  /** Earlier days with times of the same hours, and those of them that show the same rise. */
  readonly daysCompared: number;
  readonly daysWithRise: number;
  /** The hours of a daily rhythm, 0 to 23 UTC, and its height, ms; null for none. */
  readonly daily: {
    readonly fromHour: number;
    readonly toHour: number;
    readonly heightMs: number;
  } | null;
}

/** A violated rule of the policy, in words: `must_avoid AS64511`, `AS64511 at hop 5`. */
export interface PolicyBreach {
  readonly rule: string;
  readonly expected: string;
  readonly found: string;
}

/** A change of one test, with everything needed to judge it. Times are epoch seconds. */
export interface Change {
  /** Test id, detection time and class. */
  readonly id: string;
  readonly testId: string;
  readonly class: ChangeClass;
  readonly severity: Severity;
  /** Probability that the change is real, 0 to 1; null if unknown. */
  readonly confidence: number | null;
  /** For changes of route and outages; absent in older records. */
  readonly grading?: Grading;
  /** For `recovered`: the classes that it closes; else empty. */
  readonly closes: readonly ChangeClass[];
  /** Start of the trace that confirmed the change. */
  readonly detectedAt: number;
  /** The change occurred after this trace (null: before the first) and by that one. */
  readonly onset: { readonly after: number | null; readonly by: number };
  readonly fromAsPath: readonly number[];
  readonly toAsPath: readonly number[];
  readonly route: readonly AlignedHop[];
  readonly evidence: Evidence;
  /** How the routes differ, for a change of route; absent in older records. */
  readonly routeChange?: RouteChange;
  /**
   * Share of the test's traces that took the old route, 0 to 1, and since when it was used; null
   * when unknown.
   */
  readonly prevalence: number | null;
  readonly usedSince: number | null;
  /** When the new route was last used before; null for a route never seen. */
  readonly seenBeforeAt: number | null;
  readonly verdict: Verdict;
  /**
   * Start of the trace that led to the present verdict; absent for the verdict of the detection.
   */
  readonly reassessedAt?: number;
  /** The ICMP error, for an outage that a router reported. */
  readonly icmpError: string | null;
  /** For the class `rtt_shift`; absent in older records. */
  readonly step?: StepFigures;
  /** For the class `policy`. */
  readonly policy?: PolicyBreach;
}

/** Whether a change may become the baseline: a change of route that made nothing worse. */
export function canBecomeUsual({ class: changeClass, verdict }: Change): boolean {
  const isMove = changeClass === 'inter_as' || changeClass === 'intra_as';
  return isMove && verdict.effect !== 'worse';
}

/**
 * A result of the detection. `unconfirmed`: a change that other tests have to confirm; `dismissed`:
 * the unconfirmed change of the test is over. `accepted`: open changes of some classes became the
 * new baseline.
 */
export type ChangeEvent =
  | { readonly kind: 'change'; readonly change: Change }
  | { readonly kind: 'unconfirmed'; readonly change: Change }
  | { readonly kind: 'dismissed'; readonly testId: string; readonly at: number }
  | {
      readonly kind: 'accepted';
      readonly testId: string;
      /** Epoch seconds. */
      readonly at: number;
      readonly classes: readonly ChangeClass[];
    };
