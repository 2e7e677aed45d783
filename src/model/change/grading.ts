/**
 * Reasons that raise or lower the confidence in a change: other tests show the same; it lies within
 * the AS of the destination, and other tests through that AS do not show it; other tests of its
 * source changed elsewhere at the same moment, so the flows were hashed anew; the test changed in
 * that AS shortly before; the routers are others, and nothing else is known.
 */
export const gradingReasons = ['company', 'interior', 'rehash', 'repeat', 'routers'] as const;
export type GradingReason = (typeof gradingReasons)[number];

/** How a change of route was graded, after all tests were looked at. */
export interface Grading {
  /**
   * Ids of other tests that lost or gained one of its devices, links or places at about the same
   * time.
   */
  readonly company: readonly string[];
  /** The reasons that apply, each with its weight in nats of log odds: positive is for it. */
  readonly reasons: readonly (readonly [reason: GradingReason, nats: number])[];
}

/** A change less probable than this is unsure: only the page shows it. */
const unsureBelow = 0.5;

/** Whether a change is unsure. */
export function isUnsure({ confidence }: { readonly confidence: number | null }): boolean {
  return confidence !== null && confidence < unsureBelow;
}
