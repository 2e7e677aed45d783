import type { Change, ChangeClass, Evidence, Severity, Verdict } from './change.ts';

/** Evidence without any device. */
const emptyEvidence: Evidence = { removed: [], added: [], removedLinks: [], asns: [], edge: null };

/** A verdict without figures. */
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
 * A change with class, severity and time (epoch seconds) only; the caller fills in the rest.
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
    confidence: null,
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
