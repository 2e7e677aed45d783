import { severities } from '../model/change.ts';
import { lastOccurrence } from './clock.ts';
import { isMissed, isQuiet } from './news.ts';
import { aboutMany } from './outgoing.ts';
import type { Heard, Outgoing, PlanInput } from './planInput.ts';
import { atLeast, type Recipient } from './recipient.ts';
import type { PastTelling } from './told.ts';

/** Two digests are at least so far apart, also when the clocks change. */
const leastApartSeconds = 20 * 3600;
/** The log may have forgotten what was told of older incidents. */
const oldestSeconds = 7 * 86_400;

/** The daily digest if it is due and there is something in it: what a recipient was not told at once and is new to him. */
export function digestFor(
  recipient: Recipient,
  heard: readonly Heard[],
  past: ReadonlyMap<string, readonly PastTelling[]>,
  input: PlanInput,
): Outgoing[] {
  const { now, log } = input;
  const { digestFrom, digestAt, timeZone, id } = recipient;
  if (digestFrom === null || isQuiet(recipient, now)) return [];
  const due = lastOccurrence(now, digestAt, timeZone);
  const last = log.findLast((message) => message.recipient === id && message.kind === 'digest');
  if (last !== undefined && (last.plannedAt >= due || now - last.plannedAt < leastApartSeconds))
    return [];
  const items = heard
    .filter((each) => {
      const { severity, detectedAt } = each;
      if (!atLeast(severity, digestFrom) || past.has(each.incident.id)) return false;
      if (detectedAt >= due || detectedAt < now - oldestSeconds) return false;
      return !atLeast(severity, recipient.alertFrom) || isMissed(each, now);
    })
    .sort(byTime)
    .map((each) => ({ heard: each, as: 'digest' as const }));
  return items.length === 0 ? [] : [aboutMany('digest', due, items, recipient, input)];
}

function byTime(a: Heard, b: Heard): number {
  const worse = severities.indexOf(a.severity) - severities.indexOf(b.severity);
  return worse || a.detectedAt - b.detectedAt || (a.incident.id < b.incident.id ? -1 : 1);
}
