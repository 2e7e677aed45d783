import type { Incident, SuspectKind } from '../../../model/incident/incident.ts';
import type { IncidentState } from './incidents.ts';
import type { TestEnds } from './sharedCause.ts';

type Suspect = Incident['suspect'];

/** The testimony of all tests of the mesh about the elements of their routes. */
export interface Witnesses {
  /** The tests that pass an element on their usual route; the empty set when none does. */
  usersOf(element: string): ReadonlySet<string>;
  /** The ends of a test; null for an unknown test. */
  endsOf(testId: string): TestEnds | null;
  /** Whether a device or a link answers in the newest trace of a test that misses its end. */
  answers(element: string): boolean;
}

/** A suspect, and the tests that use it and did not change. */
export interface Suspicion {
  readonly suspect: Suspect;
  readonly unaffectedTests: readonly string[];
}

/** An element that names its kind; all others are devices and links. */
const namedKind = /^(host|archive) (.+)$/;

const unknownSuspect: Suspect = { kind: 'unknown', name: '' };

/**
 * The probable cause of an incident: the element that most members lost and that most of its users
 * lost, in that order of weight. Tests of one pair of hosts are one witness, which cannot
 * distinguish the elements of its route: then only an end that fell silent is a suspect.
 */
export function findSuspect(state: IncidentState, witnesses: Witnesses): Suspicion {
  const tests = testsOf(state);
  const element = isOneWitness(tests, witnesses)
    ? silentEnd(state, tests, witnesses)
    : mostSuspected(state, tests, witnesses);
  if (element === null) return { suspect: unknownSuspect, unaffectedTests: [] };
  const others = [...witnesses.usersOf(element)].filter((test) => !tests.includes(test));
  return { suspect: toSuspect(element), unaffectedTests: others.sort() };
}

/** The element that a suspect stands for. */
export function elementOf({ kind, name }: Suspect): string {
  return kind === 'host' || kind === 'archive' ? `${kind} ${name}` : name;
}

/** The tests of an incident, sorted. */
export function testsOf({ members }: IncidentState): string[] {
  return [...new Set(members.map(({ testId }) => testId))].sort();
}

function isOneWitness(tests: readonly string[], { endsOf }: Witnesses): boolean {
  const pairs = tests.map((test) => {
    const ends = endsOf(test);
    return ends === null ? test : [ends.source, ends.destination].sort().join('\n');
  });
  return new Set(pairs).size === 1;
}

/**
 * The end that fell silent: the destination of an outage, unless other tests use it unharmed, or
 * what a test that delivers no results any more names.
 */
function silentEnd(
  state: IncidentState,
  tests: readonly string[],
  { usersOf, endsOf }: Witnesses,
): string | null {
  if (!state.members.some((member) => member.class === 'unreachable'))
    return Object.keys(countOf(state, 'lost')).find((element) => namedKind.test(element)) ?? null;
  const [destination, ...others] = new Set(tests.map((test) => endsOf(test)?.destination));
  if (destination === undefined || others.length > 0) return null;
  const element = `host ${destination}`;
  return [...usersOf(element)].every((test) => tests.includes(test)) ? element : null;
}

/**
 * The element that left with most members; where none did, a device next to the difference or on
 * all routes.
 */
function mostSuspected(
  state: IncidentState,
  tests: readonly string[],
  witnesses: Witnesses,
): string | null {
  return (
    highestScore(countOf(state, 'lost'), tests, witnesses) ??
    highestScore(countOf(state, 'beside'), tests, witnesses)
  );
}

function highestScore(
  counts: Readonly<Record<string, number>>,
  tests: readonly string[],
  { usersOf, answers }: Witnesses,
): string | null {
  let best: string | null = null;
  let bestScore = 0;
  for (const element of Object.keys(counts).sort()) {
    const users = usersOf(element);
    const changed = tests.filter((test) => users.has(test)).length;
    const share = users.size > 0 ? changed / users.size : 1;
    const score = (counts[element] as number) * share;
    if (score <= bestScore || answers(element)) continue;
    best = element;
    bestScore = score;
  }
  return best;
}

/** How many changes of an incident have each element. */
function countOf({ traits }: IncidentState, list: 'lost' | 'beside'): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const element of Object.values(traits).flatMap((each) => each[list]))
    counts[element] = (counts[element] ?? 0) + 1;
  return counts;
}

/** Reads an element: `host a`, `archive a`, or the name of a device or link. */
function toSuspect(element: string): Suspect {
  const [, kind, name] = namedKind.exec(element) ?? [];
  if (name !== undefined) return { kind: kind as SuspectKind, name };
  return { kind: element.includes('/') ? 'link' : 'router', name: element };
}
