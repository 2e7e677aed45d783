import type { Change, ChangeClass, Evidence, Severity, Verdict } from './change.ts';

/** Nothing is known of the routes. */
const noEvidence: Evidence = { left: [], came: [], leftLinks: [], systems: [], edge: null };

/** A verdict that says nothing. */
export const noVerdict: Verdict = {
  judgement: 'unknown',
  rttBeforeMs: null,
  rttAfterMs: null,
  shiftMs: null,
  shiftCiMs: null,
  samplesBefore: 0,
  samplesAfter: 0,
  measuredAt: null,
  lossBeforePct: null,
  lossAfterPct: null,
  hopsBefore: null,
  hopsAfter: null,
  mtuBefore: null,
  mtuAfter: null,
};

/** A change of which nothing is known but what, how bad and when (epoch seconds), for the rest to be filled in. */
export function blankChange(
  testId: string,
  kind: ChangeClass,
  severity: Severity,
  at: number,
): Change {
  return {
    id: `${testId}@${at}-${kind}`,
    testId,
    class: kind,
    severity,
    closes: [],
    detectedAt: at,
    onset: { after: null, by: at },
    fromAsPath: [],
    toAsPath: [],
    route: [],
    evidence: noEvidence,
    prevalence: null,
    usedSince: null,
    seenBeforeAt: null,
    verdict: noVerdict,
    icmpError: null,
  };
}
