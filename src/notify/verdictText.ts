import type { Change, Verdict } from '../model/change.ts';
import { judgementWords } from '../model/changeWords.ts';
import { counted, digits, ms, percent, signedMs } from './format.ts';

/** Classes of which the name says all there is to judge. */
const withoutVerdict: readonly Change['class'][] = ['vanished', 'new_test', 'recovered', 'policy'];

/** What a change did, with figures and sample sizes: `worse: RTT +14 ms (…), hops 14 → 16`; '' where nothing is judged. */
export function verdictText({ class: kind, verdict }: Change): string {
  if (withoutVerdict.includes(kind)) return '';
  const figures = [rtt(verdict), loss(verdict), hops(verdict), mtu(verdict)].filter(Boolean);
  const word = judgementWords[verdict.judgement];
  return figures.length === 0 ? word : `${word}: ${figures.join('; ')}`;
}

/** The figure that matters most, for a list: `+14 ms`, `loss 0% → 25%`, `MTU 9000 → 1500`; '' for none, as of an outage. */
export function verdictInShort({
  class: kind,
  verdict,
}: Pick<Change, 'class' | 'verdict'>): string {
  if (kind === 'unreachable') return '';
  if (verdict.shiftMs !== null) return signedMs(verdict.shiftMs);
  return loss(verdict) || mtu(verdict);
}

function rtt(verdict: Verdict): string {
  const { shiftMs, shiftCiMs, rttBeforeMs, rttAfterMs, samplesBefore, samplesAfter } = verdict;
  if (shiftMs === null || rttBeforeMs === null || rttAfterMs === null) return '';
  const interval = shiftCiMs === null ? '' : `, confidence interval ${ci(shiftCiMs)}`;
  const place = verdict.measuredAt === null ? '' : `, measured to ${verdict.measuredAt}`;
  const samples = `${counted(samplesBefore, 'sample')} before and ${samplesAfter} after`;
  const medians = `median ${digits(rttBeforeMs)} → ${ms(rttAfterMs)}`;
  return `RTT ${signedMs(shiftMs)} (${medians}${interval}, ${samples}${place})`;
}

function ci([low, high]: readonly [number, number]): string {
  return `${signedMs(low)} to ${signedMs(high)}`;
}

function loss({ lossBeforePct, lossAfterPct }: Verdict): string {
  if (lossBeforePct === null || lossAfterPct === null) return '';
  return `loss ${percent(lossBeforePct)} → ${percent(lossAfterPct)}`;
}

function hops({ hopsBefore, hopsAfter }: Verdict): string {
  if (hopsBefore === null || hopsAfter === null || hopsBefore === hopsAfter) return '';
  return `hops ${hopsBefore} → ${hopsAfter}`;
}

function mtu({ mtuBefore, mtuAfter }: Verdict): string {
  if (mtuBefore === null || mtuAfter === null || mtuBefore === mtuAfter) return '';
  return `MTU ${mtuBefore} → ${mtuAfter} bytes`;
}
