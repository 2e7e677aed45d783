import type { Told } from '../model/outbox.ts';
import { localTime, within } from './clock.ts';
import type { Heard, PlanInput } from './planInput.ts';
import { atLeast, type Recipient } from './recipient.ts';
import { currentId, type PastTelling } from './told.ts';

const updateSeconds = 3600;
/** An update is worth a message when so many times the tests told of have changed. */
const growth = 1.5;
/** What was over for longer than this before it could be told is left to the digest. */
const staleSeconds = 86_400;
const longestWaitSeconds = 3600;
const usualIntervalSeconds = 600;

/** Whether a recipient is to be told of an incident now, and as what; null: not now. Knows nothing of the hourly limit. */
export function newsOf(
  heard: Heard,
  past: readonly PastTelling[],
  recipient: Recipient,
  input: PlanInput,
): Told['as'] | null {
  if (isHeldBack(heard, recipient, input.now)) return null;
  const told = past.filter(({ told: { as } }) => as !== 'digest');
  return told.length === 0 ? firstNews(heard, recipient, input) : laterNews(heard, told, input);
}

/** In the quiet hours only what is critical is told. */
function isHeldBack({ severity }: Heard, recipient: Recipient, now: number): boolean {
  return severity !== 'critical' && isQuiet(recipient, now);
}

/** Whether it is a recipient's quiet time. */
export function isQuiet({ quiet, timeZone }: Recipient, now: number): boolean {
  return quiet !== null && within(localTime(now, timeZone).minutes, quiet);
}

function firstNews(heard: Heard, recipient: Recipient, input: PlanInput): Told['as'] | null {
  if (!atLeast(heard.severity, recipient.alertFrom) || isMissed(heard, input.now)) return null;
  if (heard.ending !== null) return heard.ending;
  if (isAcknowledged(heard, input)) return null;
  return input.now >= heard.detectedAt + waitSeconds(heard, input) ? 'alert' : null;
}

/** Whether an incident was over, or normal, long before anybody could be told of it. */
export function isMissed({ ending, endedAt, course }: Heard, now: number): boolean {
  if (ending === null) return false;
  return course === 'accepted' || (endedAt !== null && now - endedAt > staleSeconds);
}

function laterNews(
  heard: Heard,
  told: readonly PastTelling[],
  input: PlanInput,
): Told['as'] | null {
  const last = told.at(-1) as PastTelling;
  const isRecent = input.now - last.message.plannedAt < updateSeconds;
  if (heard.ending !== null) return isKnownEnd(heard, last, isRecent) ? null : heard.ending;
  if (isAcknowledged(heard, input) || isRecent) return null;
  const worse =
    last.told.severity !== heard.severity && atLeast(heard.severity, last.told.severity);
  const grown = heard.tests.length >= growth * last.told.tests;
  return last.told.as === 'recovered' || worse || grown ? 'update' : null;
}

/** Whether people know that it is over. What came again after that and went before it could be told is an end of its own. */
function isKnownEnd({ ending, members }: Heard, { told }: PastTelling, isRecent: boolean): boolean {
  if (told.as === 'accepted') return ending === 'accepted';
  if (told.as !== 'recovered') return false;
  const knownEnd = told.endedAt ?? Number.POSITIVE_INFINITY;
  return isRecent || members.every(({ detectedAt }) => detectedAt <= knownEnd);
}

function isAcknowledged({ incident }: Heard, { acknowledgements, merged }: PlanInput): boolean {
  return acknowledgements.some(({ incidentId }) => currentId(merged, incidentId) === incident.id);
}

/** Two intervals of the slowest test: what has the same cause shows up within them. */
function waitSeconds({ tests }: Heard, { groupWaitSeconds, tests: known }: PlanInput): number {
  if (groupWaitSeconds !== null) return groupWaitSeconds;
  const intervals = tests.map((id) => known.get(id)?.intervalSeconds ?? usualIntervalSeconds);
  return Math.min(2 * Math.max(...intervals), longestWaitSeconds);
}
