import type { Silence } from '../../model/alerting/silence.ts';
import type { Change } from '../../model/change/change.ts';
import type { Incident } from '../../model/incident/incident.ts';
import { isWithinSelection, matchesGlob, type TestGroup } from '../../model/test/selection.ts';
import type { Test } from '../../model/test/test.ts';

/** A change with everything that a silence can match. */
export interface SilenceSubject {
  readonly change: Change;
  readonly test: Test;
  readonly suspect: Incident['suspect'] | null;
  /** Epoch seconds; null while it is open. */
  readonly closedAt: number | null;
}

/**
 * The silence that a page shows for a change: one that matches and was active at its detection, or
 * is active now while the change is open; null for none.
 */
export function findSilence(
  subject: SilenceSubject,
  silences: readonly Silence[],
  groups: readonly TestGroup[],
  now: number,
): Silence | null {
  const covers = (silence: Silence) =>
    isActive(silence, subject.change.detectedAt) ||
    (subject.closedAt === null && isActive(silence, now));
  return silences.find((each) => covers(each) && matchesSilence(each, subject, groups)) ?? null;
}

/**
 * Whether a change must not be notified now: a matching silence is active, or the change began and
 * ended within one. A change that outlasts its silence is notified afterwards.
 */
export function isSilencedNow(
  subject: SilenceSubject,
  silences: readonly Silence[],
  groups: readonly TestGroup[],
  now: number,
): boolean {
  const { change, closedAt } = subject;
  const mutes = (silence: Silence) =>
    isActive(silence, now) ||
    (closedAt !== null && isActive(silence, change.detectedAt) && closedAt <= silence.until);
  return silences.some((each) => mutes(each) && matchesSilence(each, subject, groups));
}

function isActive({ from, until }: Silence, at: number): boolean {
  return from <= at && at < until;
}

function matchesSilence(
  silence: Silence,
  subject: SilenceSubject,
  groups: readonly TestGroup[],
): boolean {
  const { elements, classes } = silence;
  if (classes.length > 0 && !classes.includes(subject.change.class)) return false;
  if (elements.length > 0 && !concernsElements(elements, subject)) return false;
  return isWithinSelection(silence, subject.test, groups);
}

/**
 * Whether a change involves an element: removed and added devices and links, ASes, ends, the
 * suspect.
 */
function concernsElements(
  elements: readonly string[],
  { change, test, suspect }: SilenceSubject,
): boolean {
  const { removed, added, removedLinks, asns } = change.evidence;
  const differing = change.route.filter(({ mark }) => mark !== 'same' && mark !== 'silent');
  const names = [
    ...removed,
    ...added,
    ...removedLinks,
    ...asns.map((asn) => `AS${asn}`),
    ...differing.flatMap(({ before, after }) => [...before, ...after]),
    ...[test.source, test.destination].flatMap(({ name, address }) => [name, address ?? name]),
    ...(suspect === null ? [] : [suspect.name]),
  ];
  return elements.some((pattern) => names.some((name) => matchesGlob(pattern, name)));
}
