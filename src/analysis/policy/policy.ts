import type { Severity } from '../../model/change.ts';

/**
 * A limit: a number, or so much over what is usual for the test: the larger of `overUsualPct` percent and `floor`, in the unit
 * of the limit. Infinite: none, also where a less close rule has one.
 */
export type Limit = number | { readonly overUsualPct: number; readonly floor: number };

/**
 * What is expected of a path. `undefined` and absent: not said, so that a less close rule may; an empty list: nothing is
 * expected.
 */
export interface Expectations {
  /** Each of these, and none of these, is on the way: `AS64500`, an address, a prefix, or a host name with `*`. */
  readonly mustTraverse?: readonly string[] | undefined;
  readonly mustAvoid?: readonly string[] | undefined;
  /** One of these is the AS path: numbers with blanks between, `?` for one AS, `*` for any number of them. */
  readonly expectAsPath?: readonly string[] | undefined;
  /** AS paths that are allowed but worth a warning. */
  readonly backupAsPath?: readonly string[] | undefined;
  readonly maxHops?: Limit | undefined;
  readonly maxRttMs?: Limit | undefined;
  readonly maxLossPct?: Limit | undefined;
  /**
   * At a hop and all behind it; what is high at one hop alone is the router's own slowness to answer. What is usual is that of
   * the whole path.
   */
  readonly maxHopRttMs?: Limit | undefined;
  readonly maxHopLossPct?: Limit | undefined;
}

/** Expectations of some tests: of those that a pattern selects, of those of a group, or, with neither, of all. */
export interface PolicyRule extends Expectations {
  /** Patterns as `selects` reads them. */
  readonly tests: readonly string[];
  readonly groups: readonly string[];
}

/** The kinds of rule, by their names in the configuration. */
export const ruleNames = [
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

/** How much it matters that a rule is broken. A backup path is what it is for, so it is only a warning. */
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

/** `met`; `broken`, with what was found instead; `unknown`: silent hops or missing traces leave it open. */
export type PolicyOutcome =
  | { readonly kind: 'met' | 'unknown' }
  | { readonly kind: 'broken'; readonly found: string };

/** What became of one expectation. `item` tells several of the same rule apart; '' where there is only one. */
export interface PolicyFinding {
  readonly rule: RuleName;
  readonly item: string;
  readonly expected: string;
  readonly outcome: PolicyOutcome;
}
