import type { Severity } from '../../model/change/change.ts';

/**
 * A limit in the unit of its rule: a number, or relative to the usual value of the test by the
 * larger of `overUsualPct` percent and `floor`. Infinity: no limit, even where a more general rule
 * has one.
 */
export type Limit = number | { readonly overUsualPct: number; readonly floor: number };

/**
 * The expectations on a route. `undefined` or absent: left to a more general rule; an empty list:
 * nothing is expected.
 */
export interface Expectations {
  /**
   * The route has to pass each of the first, and none of the second: `AS64500`, an address, a
   * prefix, or a host name with `*`.
   */
  readonly mustTraverse?: readonly string[] | undefined;
  readonly mustAvoid?: readonly string[] | undefined;
  /**
   * The AS path has to match one of these: numbers with blanks between, `?` for one AS, `*` for any
   * number.
   */
  readonly expectAsPath?: readonly string[] | undefined;
  /** AS paths that are allowed but merit a warning. */
  readonly backupAsPath?: readonly string[] | undefined;
  readonly maxHops?: Limit | undefined;
  readonly maxRttMs?: Limit | undefined;
  readonly maxLossPct?: Limit | undefined;
  /**
   * At a hop and all hops behind it; a high value at one hop alone is the router's own delay. The
   * usual value is that of the whole route.
   */
  readonly maxHopRttMs?: Limit | undefined;
  readonly maxHopLossPct?: Limit | undefined;
}

/**
 * Expectations for tests: those that a pattern selects, those of a group, or, with neither, all.
 */
export interface PolicyRule extends Expectations {
  /** Patterns for `matchesTest`. */
  readonly tests: readonly string[];
  readonly groups: readonly string[];
}

/** The rules by their names in the configuration. */
const ruleNames = [
  'must_traverse',
  'must_avoid',
  'expect_as_path',
  'backup_as_path',
  'max_hops',
  'max_rtt_ms',
  'max_loss_pct',
  'max_hop_rtt_ms',
  'max_hop_loss_pct',
] as const;
export type RuleName = (typeof ruleNames)[number];

/** The severity of a broken rule. A backup route serves its purpose, so it is only a warning. */
export const ruleSeverities: Readonly<Record<RuleName, Severity>> = {
  must_traverse: 'major',
  must_avoid: 'major',
  expect_as_path: 'moderate',
  backup_as_path: 'minor',
  max_hops: 'moderate',
  max_rtt_ms: 'moderate',
  max_loss_pct: 'major',
  max_hop_rtt_ms: 'moderate',
  max_hop_loss_pct: 'moderate',
};

/**
 * `met`; `broken`, with the value found instead; `unknown`: silent hops or missing traces leave it
 * open.
 */
export type PolicyOutcome =
  | { readonly kind: 'met' | 'unknown' }
  | { readonly kind: 'broken'; readonly found: string };

/**
 * The result of one expectation. `item` distinguishes several of the same rule; '' where there is
 * only one.
 */
export interface PolicyFinding {
  readonly rule: RuleName;
  readonly item: string;
  readonly expected: string;
  readonly outcome: PolicyOutcome;
}
