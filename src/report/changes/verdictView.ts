import type { Change, Judgement, Verdict } from '../../model/change.ts';
import { judgementWords } from '../../model/changeWords.ts';
import { counted, ms, msChange, percent } from '../format.ts';

/** What a change did, for a reader. */
export interface VerdictView {
  readonly judgement: Judgement;
  /** `worse`, `no measurable effect`. */
  readonly word: string;
  /** `+14 ms (median 131 ms → 148 ms)`, `loss 0% → 25%`; '' where nothing was measured. */
  readonly figures: string;
  /** How sure it is: confidence interval, samples, where it was measured; '' without round-trip times. */
  readonly basis: string;
}

/** Classes of which the name says all there is to judge. */
const plain: readonly Change['class'][] = ['vanished', 'new_test', 'recovered', 'policy'];

/** null for a change that is not judged. */
export function verdictView({ class: kind, verdict }: Change): VerdictView | null {
  if (plain.includes(kind)) return null;
  const figures = [rtt(verdict), loss(verdict), hops(verdict), mtu(verdict)];
  return {
    judgement: verdict.judgement,
    word: judgementWords[verdict.judgement],
    figures: figures.filter((text) => text !== '').join(', '),
    basis: basis(verdict),
  };
}

function rtt({ shiftMs, rttBeforeMs, rttAfterMs }: Verdict): string {
  if (shiftMs === null || rttBeforeMs === null || rttAfterMs === null) return '';
  return `RTT ${msChange(shiftMs)} (${ms(rttBeforeMs)} → ${ms(rttAfterMs)})`;
}

function loss({ lossBeforePct, lossAfterPct }: Verdict): string {
  if (lossBeforePct === null || lossAfterPct === null || lossBeforePct === lossAfterPct) return '';
  return `loss ${percent(lossBeforePct)} → ${percent(lossAfterPct)}`;
}

function hops({ hopsBefore, hopsAfter }: Verdict): string {
  if (hopsBefore === null || hopsAfter === null || hopsBefore === hopsAfter) return '';
  return `${hopsBefore} → ${hopsAfter} hops`;
}

function mtu({ mtuBefore, mtuAfter }: Verdict): string {
  if (mtuBefore === null || mtuAfter === null || mtuBefore === mtuAfter) return '';
  return `MTU ${mtuBefore} → ${mtuAfter} bytes`;
}

function basis({ shiftMs, shiftCiMs, samplesBefore, samplesAfter, measuredAt }: Verdict): string {
  if (shiftMs === null) return '';
  const interval =
    shiftCiMs === null ? '' : `between ${msChange(shiftCiMs[0])} and ${msChange(shiftCiMs[1])}, `;
  const place = measuredAt === null ? '' : `, measured to ${measuredAt}`;
  return `${interval}${counted(samplesBefore, 'sample')} before and ${samplesAfter} after${place}`;
}
