import { randomBytes } from 'node:crypto';
import type { Config } from '../../config/load.ts';
import { parseElementPattern } from '../../config/patterns.ts';
import { currentUserName } from '../../lib/currentUser.ts';
import { maxDurationSeconds } from '../../lib/duration.ts';
import { cleanText } from '../../lib/text.ts';
import { usageError } from '../../lib/usageError.ts';
import type { Silence } from '../../model/alerting/silence.ts';
import { utcTime } from '../../model/values/format.ts';
import type { Session } from '../session.ts';
import { parsePattern } from './parsePattern.ts';

const maxReasonLength = 300;

/** A requested silence. */
export interface SilenceRequest extends Pick<Silence, 'tests' | 'groups' | 'elements' | 'classes'> {
  /** Duration; null if `until` gives the end. */
  readonly forSeconds: number | null;
  /** End in epoch seconds; null if `forSeconds` gives the duration. */
  readonly until: number | null;
  readonly reason: string;
}

/** The silence for a request, from now on. Throws a `UsageError` for an impossible request. */
export function buildSilence(
  request: SilenceRequest,
  { groups: known }: Config,
  session: Session,
): Silence {
  const { now, env } = session;
  const { tests, groups, elements, classes } = request;
  if ([tests, groups, elements, classes].every((each) => each.length === 0)) {
    throw usageError(
      'Specify at least one test, group, element or class.',
      'Use --test, --group, --element or --class; for everything: --test "*".',
    );
  }
  const unknown = groups.find((name) => !known.some((group) => group.name === name));
  if (unknown !== undefined) {
    const names = known.map(({ name }) => name).join(', ');
    throw usageError(
      `There is no group ${unknown}.`,
      names === '' ? 'The configuration has no [[group]].' : `The configuration has: ${names}.`,
    );
  }
  const reason = cleanText(request.reason, maxReasonLength);
  if (reason === null)
    throw usageError('The reason is empty.', 'Give a reason; the pages show it.');
  return {
    id: randomBytes(4).toString('hex'),
    from: now,
    until: silenceEnd(request, now),
    reason,
    by: currentUserName(env),
    tests: tests.map(parsePattern),
    groups,
    elements: elements.map(parseElement),
    classes,
  };
}

function silenceEnd({ forSeconds, until }: SilenceRequest, now: number): number {
  if (forSeconds !== null) return now + forSeconds;
  if (until === null) {
    throw usageError('The silence has no end.', 'Specify --for, as in --for 8h, or --until.');
  }
  if (until - now > maxDurationSeconds)
    throw usageError(`--until ${utcTime(until)} is more than 100 years away.`);
  if (until <= now) throw usageError(`--until ${utcTime(until)} is in the past.`);
  return until;
}

function parseElement(text: string): string {
  const element = parseElementPattern(text);
  if (element === null) throw usageError(`${JSON.stringify(text)} is not a prefix.`);
  return element;
}
