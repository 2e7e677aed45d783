import { severities } from '../model/change.ts';
import { messageKinds } from '../model/outbox.ts';
import { digestFor } from './digest.ts';
import { hear } from './hearing.ts';
import { newsOf } from './news.ts';
import { aboutMany, aboutOne } from './outgoing.ts';
import type { Outgoing, OutgoingItem, PlanInput } from './planInput.ts';
import type { Recipient } from './recipient.ts';
import { type PastTelling, pastTellings } from './told.ts';

const hourSeconds = 3600;

/**
 * Who is to be told what now. Depends on its input alone: planned again after the messages were logged, nothing is left.
 * One message an incident, updates when it grew, one for its end; in the quiet hours only what is critical; beyond
 * the hourly limit one summary; the minor ones once a day.
 */
export function plan(input: PlanInput): Outgoing[] {
  return input.recipients.flatMap((recipient) => {
    const past = pastTellings(input.log, recipient.id, input.merged);
    const heard = input.incidents.flatMap((incident) => hear(incident, recipient, input) ?? []);
    const items = heard.flatMap((each): OutgoingItem[] => {
      const as = newsOf(each, past.get(each.incident.id) ?? [], recipient, input);
      return as === null ? [] : [{ heard: each, as }];
    });
    const digest = digestFor(recipient, heard, past, input);
    return [...limited(items.sort(byUrgency), recipient, past, input), ...digest];
  });
}

function byUrgency({ as, heard }: OutgoingItem, other: OutgoingItem): number {
  return (
    severities.indexOf(heard.severity) - severities.indexOf(other.heard.severity) ||
    messageKinds.indexOf(as) - messageKinds.indexOf(other.as) ||
    heard.detectedAt - other.heard.detectedAt ||
    (heard.incident.id < other.heard.incident.id ? -1 : 1)
  );
}

/** As many messages as the hour still allows, and one summary of the others if there was none within the hour. */
function limited(
  items: readonly OutgoingItem[],
  recipient: Recipient,
  past: ReadonlyMap<string, readonly PastTelling[]>,
  input: PlanInput,
): Outgoing[] {
  const recent = input.log.filter(
    ({ recipient: id, plannedAt }) => id === recipient.id && plannedAt > input.now - hourSeconds,
  );
  const counted = recent.filter(({ kind }) => kind !== 'digest' && kind !== 'summary').length;
  const room = Math.max(0, recipient.perHour - counted);
  const single = items
    .slice(0, room)
    .map((item) => aboutOne(item, recipient, past.get(item.heard.incident.id) ?? [], input));
  const rest = items.slice(room);
  if (rest.length === 0 || recent.some(({ kind }) => kind === 'summary')) return single;
  return [...single, aboutMany('summary', input.now, rest, recipient, input)];
}
