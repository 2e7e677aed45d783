import type { Change } from '../../model/change.ts';
import type { Incident } from '../../model/incident.ts';
import { isWithinSelection, matchesGlob, type TestGroup } from '../../model/selection.ts';
import type { Silence } from '../../model/silence.ts';
import type { Test } from '../../model/test.ts';

/** A change with what a silence may be about: its test, the incident it is part of, and when it ended. */
export interface SilenceSubject {
  readonly change: Change;
  readonly test: Test;
  readonly suspect: Incident['suspect'] | null;
  /** Epoch seconds; null while it lasts. */
  readonly closedAt: number | null;
}

/**
 * The silence that covers a change, for marking it: one that fits and was in force when the change was detected, or is in force
 * now while it lasts; null for none.
 */
export function findSilence(
  subject: SilenceSubject,
  silences: readonly Silence[],
  groups: readonly TestGroup[],
  now: number,
): Silence | null {
  const covers = (silence: Silence) =>
    isInForce(silence, subject.change.detectedAt) ||
    (subject.closedAt === null && isInForce(silence, now));
  return silences.find((each) => covers(each) && matchesSilence(each, subject, groups)) ?? null;
}

/**
 * Whether nobody is to be told of a change now: a silence that fits is in force, or the change began and ended within one. What
 * outlasts its silence is told afterwards.
 */
export function isSilencedNow(
  subject: SilenceSubject,
  silences: readonly Silence[],
  groups: readonly TestGroup[],
  now: number,
): boolean {
  const { change, closedAt } = subject;
  const mutes = (silence: Silence) =>
    isInForce(silence, now) ||
    (closedAt !== null && isInForce(silence, change.detectedAt) && closedAt <= silence.until);
  return silences.some((each) => mutes(each) && matchesSilence(each, subject, groups));
}

function isInForce({ from, until }: Silence, at: number): boolean {
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

/** Whether a change has to do with one of some elements: what left, what came, the suspect, its ASes, addresses, ends. */
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
