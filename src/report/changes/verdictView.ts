import type { Change, Effect, Verdict } from '../../model/change/change.ts';
import { effectText } from '../../model/change/changeLabels.ts';
import { formatMs, formatMsChange, formatPercent, pluralize } from '../../model/values/format.ts';

/** The effect of a change as pages show it. */
export interface VerdictView {
  readonly judgment: Effect;
  /** `worse`, `no measurable effect`. */
  readonly word: string;
  /** `RTT +14 ms (131 ms → 148 ms)`, `loss 0% → 25%`; '' without measurements. */
  readonly figures: string;
  /** Confidence interval, samples and place of the measurement; '' without round-trip times. */
  readonly basis: string;
}

/** Classes whose name says everything. */
const classesWithoutVerdict: readonly Change['class'][] = [
  'vanished',
  'new_test',
  'recovered',
  'policy',
  'retired',
  'returned',
];

/** null for a change without a verdict. */
export function verdictView({ class: changeClass, verdict }: Change): VerdictView | null {
  if (classesWithoutVerdict.includes(changeClass)) return null;
  const figures = [rttText(verdict), lossText(verdict), hopsText(verdict), mtuText(verdict)];
  return {
    judgment: verdict.effect,
    word: effectText(verdict),
    figures: figures.filter((text) => text !== '').join(', '),
    basis: basisText(verdict),
  };
}

function rttText({ shiftMs, rttBeforeMs, rttAfterMs }: Verdict): string {
  if (shiftMs === null || rttBeforeMs === null || rttAfterMs === null) return '';
  return `RTT ${formatMsChange(shiftMs)} (${formatMs(rttBeforeMs)} → ${formatMs(rttAfterMs)})`;
}

function lossText({ lossBeforePct, lossAfterPct }: Verdict): string {
  if (lossBeforePct === null || lossAfterPct === null || lossBeforePct === lossAfterPct) return '';
  return `loss ${formatPercent(lossBeforePct)} → ${formatPercent(lossAfterPct)}`;
}

function hopsText({ hopsBefore, hopsAfter }: Verdict): string {
  if (hopsBefore === null || hopsAfter === null || hopsBefore === hopsAfter) return '';
  return `${hopsBefore} → ${hopsAfter} hops`;
}

function mtuText({ mtuBefore, mtuAfter }: Verdict): string {
  if (mtuBefore === null || mtuAfter === null || mtuBefore === mtuAfter) return '';
  return `MTU ${mtuBefore} → ${mtuAfter} bytes`;
}

function basisText({
  shiftMs,
  shiftCiMs,
  samplesBefore,
  samplesAfter,
  measuredTo,
}: Verdict): string {
  if (shiftMs === null) return '';
  const interval =
    shiftCiMs === null
      ? ''
      : `between ${formatMsChange(shiftCiMs[0])} and ${formatMsChange(shiftCiMs[1])}, `;
  const place = measuredTo === null ? '' : `, measured to ${measuredTo}`;
  return `${interval}${pluralize(samplesBefore, 'sample')} before and ${samplesAfter} after${place}`;
}
