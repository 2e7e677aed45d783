import type { Change } from '../../model/change/change.ts';
import type { RouteVariant, State } from '../../model/site/analysis.ts';
import {
  asPathText,
  formatMs,
  formatPercent,
  sentenceCase,
  utcSpan,
  utcTime,
} from '../../model/values/format.ts';
import type { StateVerdict, TestMemory } from './testState.ts';

/** The usual value of a test, and when traces last showed it. Times are epoch seconds. */
export interface UsualValue {
  /** RTT to the destination, ms; null if unknown. */
  readonly rttMs: number | null;
  /** Start of the first and the last trace that showed it; null if unknown. */
  readonly from: number | null;
  readonly to: number | null;
  /** `131 ms over AS64500 → AS64501, seen 2026-11-03 06:00 to 12:00 UTC`; '' if unknown. */
  readonly text: string;
}

/**
 * The usual value of a test: the one before its oldest open change, however long ago that was, else
 * that of the most frequent variant of the window.
 */
export function usualValue(
  { openChanges }: Pick<TestMemory, 'openChanges'>,
  variant: RouteVariant | null,
): UsualValue {
  const changes = openChanges
    .filter((change) => change.class !== 'vanished')
    .toSorted((a, b) => a.onset.by - b.onset.by);
  const [oldest] = changes;
  if (oldest === undefined) return usualOfWindow(variant);
  const timed = changes.find(
    ({ verdict }) => verdict.rttBeforeMs !== null && verdict.measuredTo === null,
  );
  const rttMs = timed?.verdict.rttBeforeMs ?? null;
  const { usedSince: from, onset } = timed ?? oldest;
  const to = onset.after ?? onset.by;
  const text = [valueText(timed ?? oldest, rttMs), `seen ${spanText(from, to)}`].join(', ');
  return { rttMs: rttMs ?? variant?.medianRttMs ?? null, from, to, text };
}

function usualOfWindow(variant: RouteVariant | null): UsualValue {
  if (variant === null) return { rttMs: null, from: null, to: null, text: '' };
  const { medianRttMs: rttMs, firstSeen: from, lastSeen: to } = variant;
  const text = rttMs === null ? '' : `${formatMs(rttMs)}, seen ${spanText(from, to)}`;
  return { rttMs, from, to, text };
}

/** The values that a change left: those that its class concerns, where they are known. */
function valueText({ class: changeClass, verdict, fromAsPath }: Change, rttMs: number | null) {
  const { lossBeforePct, mtuBefore } = verdict;
  const values = [
    rttMs === null ? '' : formatMs(rttMs),
    lossBeforePct === null ? '' : `${formatPercent(lossBeforePct)} loss`,
    changeClass !== 'mtu_drop' || mtuBefore === null ? '' : `MTU ${mtuBefore}`,
  ].filter((text) => text !== '');
  if (changeClass === 'inter_as')
    return `${values.join(', ')} over ${asPathText(fromAsPath)}`.trim();
  return values.length === 0 ? 'the route before' : values.join(', ');
}

/** A span; only its end if the start is unknown or the same. */
function spanText(from: number | null, to: number): string {
  return from === null || from >= to ? `at ${utcTime(to)}` : utcSpan(from, to);
}

/** The reason of `ok` names the usual value itself, and a filtered destination has none. */
const statesWithoutUsual: readonly State[] = ['ok', 'filtered'];

/** A reason with the start of its state, the usual value, and when that was seen. */
export function fullReason({ state, since, reason }: StateVerdict, { text }: UsualValue): string {
  if (state === 'accepted') return reason;
  const parts = [
    since === null ? '' : `since ${utcTime(since)}`,
    text === '' || statesWithoutUsual.includes(state) ? '' : `usual: ${text}`,
  ].filter((part) => part !== '');
  if (parts.length === 0) return reason;
  return `${reason}${reason.endsWith('.') ? '' : '.'} ${sentenceCase(parts.join('; '))}.`;
}
