import {
  formatMs,
  formatMsChange,
  formatMsDigits,
  formatPercent,
  pluralize,
} from '../values/format.ts';
import type { Change, Verdict } from './change.ts';
import { effectText } from './changeLabels.ts';

/** Classes whose name already says everything. */
const classesWithoutVerdict: readonly Change['class'][] = [
  'vanished',
  'new_test',
  'recovered',
  'policy',
  'retired',
  'returned',
];

/**
 * The effect of a change with figures and sample sizes: `worse: RTT +14 ms (…), hops 14 → 16`; ''
 * for a class that has no verdict.
 */
export function verdictText({ class: changeClass, verdict }: Change): string {
  if (classesWithoutVerdict.includes(changeClass)) return '';
  const figures = [rtt(verdict), loss(verdict), hops(verdict), mtu(verdict)].filter(Boolean);
  const word = effectText(verdict);
  return figures.length === 0 ? word : `${word}: ${figures.join('; ')}`;
}

/**
 * The most important figure, for a list: `+14 ms`, `loss 0% → 25%`, `MTU 9000 → 1500`; '' if there
 * is none, as for an outage.
 */
export function shortVerdict({
  class: changeClass,
  verdict,
}: Pick<Change, 'class' | 'verdict'>): string {
  if (changeClass === 'unreachable') return '';
  if (verdict.shiftMs !== null) return formatMsChange(verdict.shiftMs);
  return loss(verdict) || mtu(verdict);
}

function rtt(verdict: Verdict): string {
  const { shiftMs, shiftCiMs, rttBeforeMs, rttAfterMs, samplesBefore, samplesAfter } = verdict;
  if (shiftMs === null || rttBeforeMs === null || rttAfterMs === null) return '';
  const interval = shiftCiMs === null ? '' : `, confidence interval ${intervalText(shiftCiMs)}`;
  const measuredTo = verdict.measuredTo === null ? '' : `, measured to ${verdict.measuredTo}`;
  const samples = `${pluralize(samplesBefore, 'sample')} before and ${samplesAfter} after`;
  const medians = `median ${formatMsDigits(rttBeforeMs)} → ${formatMs(rttAfterMs)}`;
  return `RTT ${formatMsChange(shiftMs)} (${medians}${interval}, ${samples}${measuredTo})`;
}

function intervalText([low, high]: readonly [number, number]): string {
  return `${formatMsChange(low)} to ${formatMsChange(high)}`;
}

function loss({ lossBeforePct, lossAfterPct }: Verdict): string {
  if (lossBeforePct === null || lossAfterPct === null) return '';
  return `loss ${formatPercent(lossBeforePct)} → ${formatPercent(lossAfterPct)}`;
}

function hops({ hopsBefore, hopsAfter }: Verdict): string {
  if (hopsBefore === null || hopsAfter === null || hopsBefore === hopsAfter) return '';
  return `hops ${hopsBefore} → ${hopsAfter}`;
}

function mtu({ mtuBefore, mtuAfter }: Verdict): string {
  if (mtuBefore === null || mtuAfter === null || mtuBefore === mtuAfter) return '';
  return `MTU ${mtuBefore} → ${mtuAfter} bytes`;
}
