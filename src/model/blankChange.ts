import type { Change, ChangeClass, Evidence, Severity, Verdict } from './change.ts';

/** Nothing is known of the routes. */
const emptyEvidence: Evidence = { removed: [], added: [], removedLinks: [], asns: [], edge: null };

/** A verdict that says nothing. */
export const unknownVerdict: Verdict = {
  effect: 'unknown',
  rttBeforeMs: null,
  rttAfterMs: null,
  shiftMs: null,
  shiftCiMs: null,
  samplesBefore: 0,
  samplesAfter: 0,
  measuredTo: null,
  lossBeforePct: null,
  lossAfterPct: null,
  hopsBefore: null,
  hopsAfter: null,
  mtuBefore: null,
  mtuAfter: null,
};

/**
 * A change of which nothing is known but what, how bad and when (epoch seconds), for the rest to be
 * filled in.
 */
export function blankChange(
  testId: string,
  changeClass: ChangeClass,
  severity: Severity,
  at: number,
): Change {
  return {
    id: `${testId}@${at}-${changeClass}`,
    testId,
    class: changeClass,
    severity,
    closes: [],
    detectedAt: at,
    onset: { after: null, by: at },
    fromAsPath: [],
    toAsPath: [],
    route: [],
    evidence: emptyEvidence,
    prevalence: null,
    usedSince: null,
    seenBeforeAt: null,
    verdict: unknownVerdict,
    icmpError: null,
  };
}
