import { isOverdue, patienceIntervals } from '../model/test/overdue.ts';
import { endpointId, type Test } from '../model/test/test.ts';
import { earliest, latest } from '../model/values/time.ts';
import { compareText } from './ordering.ts';
import { intervalOf } from './window/freshness.ts';

/** A key of an archive, and which test it names. Times are epoch seconds. */
export interface KeyedTest extends Test {
  /** Id of the test, which is that of its first key; null as long as that is not decided. */
  readonly sameAs: string | null;
  readonly firstSeenAt: number;
  readonly lastListedAt: number;
  /** Starts of its first trace, also if that is pruned, and of its newest one; null for none. */
  readonly firstTraceAt: number | null;
  readonly newestTraceAt: number | null;
  /** Since when its changes are notified; null before the detection knows it. */
  readonly watchedSince: number | null;
  /** Whether its runs repeat, as its archive states; null: the archive states nothing. */
  readonly isScheduled: boolean | null;
}

/**
 * A test with all its keys, the first one first: with the id of that, and else as the newest key
 * describes it. `sameAs` is null if its only key may still turn out to be one of another test.
 */
export type WholeTest<Key extends KeyedTest> = Omit<Key, 'keys'> & {
  readonly keys: readonly Key[];
};

/**
 * Groups keys by the test that they name. For people, a test is its source, destination, family and
 * tool; parameters separate two tests only while both are measured. Stored decisions stand; the
 * others follow `assignKeys`. The order is that of the keys.
 */
export function groupKeys<Key extends KeyedTest>(keys: readonly Key[]): WholeTest<Key>[] {
  const assigned = assignKeys(keys);
  const groups = Map.groupBy(keys, ({ id }) => assigned.get(id) ?? id);
  return Array.from(groups, ([id, group]) => describeGroup(id, group, assigned.get(id) ?? null));
}

function describeGroup<Key extends KeyedTest>(
  id: string,
  group: readonly Key[],
  sameAs: string | null,
): WholeTest<Key> {
  const keys = group.toSorted(
    (a, b) => Number(b.id === id) - Number(a.id === id) || compareAge(a, b),
  );
  const lead = keys[0] as Key;
  const newestTraceAt = latest(keys.map((key) => key.newestTraceAt));
  const isLive = (key: Key) =>
    key.newestTraceAt !== null &&
    !isOverdue((newestTraceAt ?? 0) - key.newestTraceAt, intervalOf(key));
  const shown = keys.find(isLive) ?? lead;
  const { archive, key, source, destination, taskName, parameters } = shown;
  return {
    ...lead,
    ...{ id, sameAs, archive, key, source, destination, taskName, parameters },
    intervalSeconds: shown.intervalSeconds ?? lead.intervalSeconds,
    isScheduled: shown.isScheduled ?? lead.isScheduled,
    firstSeenAt: Math.min(...keys.map(({ firstSeenAt }) => firstSeenAt)),
    lastListedAt: Math.max(...keys.map(({ lastListedAt }) => lastListedAt)),
    firstTraceAt: earliest(keys.map((key) => key.firstTraceAt)),
    newestTraceAt,
    keys,
  };
}

/**
 * Decides which test each key names: the id of the test by the id of the key. A key names a known
 * test if another archive lists the same with equal parameters, or if all earlier keys of the test
 * fell silent when this one began. While an earlier key may still go on, the key is absent; so is
 * one without a trace that matches no other.
 */
export function assignKeys(keys: readonly KeyedTest[]): Map<string, string> {
  const assigned = new Map(
    keys.flatMap(({ id, sameAs }) => (sameAs === null ? [] : [[id, sameAs]])),
  );
  if (assigned.size === keys.length) return assigned;
  for (const alike of Map.groupBy(keys, pairKey).values()) assignAlike(alike, assigned);
  return assigned;
}

function pairKey({ source, destination, family, tool }: Test): string {
  return JSON.stringify([endpointId(source), endpointId(destination), family, tool]);
}

/** Assigns the keys with equal ends, family and tool. */
function assignAlike(alike: readonly KeyedTest[], assigned: Map<string, string>): void {
  const tests = new Map<string, KeyedTest[]>();
  const assign = (key: KeyedTest, id: string) => {
    assigned.set(key.id, id);
    tests.set(id, [...(tests.get(id) ?? []), key]);
  };
  for (const key of alike) if (key.sameAs !== null) assign(key, key.sameAs);
  const undecided = alike.filter(({ sameAs }) => sameAs === null).sort(compareAge);
  for (const key of undecided) {
    const known = decideKey(key, tests, alike);
    if (known !== null) assign(key, known);
  }
}

/** The tests that the detection knows first, then by the start of their traces. */
function compareAge(a: KeyedTest, b: KeyedTest): number {
  const ageOf = ({ firstTraceAt }: KeyedTest) => firstTraceAt ?? Number.MAX_VALUE;
  return (
    Number(a.watchedSince === null) - Number(b.watchedSince === null) ||
    Math.sign(ageOf(a) - ageOf(b)) ||
    compareText(a.id, b.id)
  );
}

/** The id of the test that a key names, its own for a new test; null as long as that is open. */
function decideKey(
  key: KeyedTest,
  tests: ReadonlyMap<string, readonly KeyedTest[]>,
  alike: readonly KeyedTest[],
): string | null {
  const duplicates = [...tests].filter(([, names]) => isDuplicate(key, names, alike));
  const [duplicate] = duplicates;
  if (duplicate !== undefined && duplicates.length === 1) return duplicate[0];
  if (key.firstTraceAt === null) return tests.size === 0 ? key.id : null;
  const found = [...tests].map(([id, names]) => ({ id, names, succession: succeeds(key, names) }));
  const predecessors = found.filter(({ succession }) => succession === 'yes');
  if (predecessors.length > 0) return mostAlike(key, predecessors) ?? key.id;
  return found.some(({ succession }) => succession === 'maybe') ? null : key.id;
}

/** Whether a key is that of the same test in another archive, and cannot be another one there. */
function isDuplicate(
  key: KeyedTest,
  names: readonly KeyedTest[],
  alike: readonly KeyedTest[],
): boolean {
  const isRepeated = (a: KeyedTest, b: KeyedTest) =>
    a.archive === b.archive && haveEqualParameters(a, b) && !isBefore(a, b) && !isBefore(b, a);
  const isAmbiguous = (name: KeyedTest) =>
    alike.some((other) => other.id !== name.id && isRepeated(name, other));
  const matches = names.filter((name) => isSameElsewhere(name, key));
  const rest = names.filter((name) => !matches.includes(name));
  return (
    matches.length > 0 &&
    ![key, ...matches].some(isAmbiguous) &&
    rest.every((name) => isBefore(name, key) || isBefore(key, name))
  );
}

/** Whether two keys are of different archives and have equal parameters. */
export function isSameElsewhere(a: KeyedTest, b: KeyedTest): boolean {
  return a.archive !== b.archive && haveEqualParameters(a, b);
}

/** Whether the last trace of one key precedes the first of another. */
function isBefore(a: KeyedTest, b: KeyedTest): boolean {
  return (a.newestTraceAt ?? Number.POSITIVE_INFINITY) < (b.firstTraceAt ?? 0);
}

/**
 * Whether a key with traces goes on where a test ended: its traces began when those of the test had
 * ended (the two may overlap for a few runs), and go on for longer than the test may be late.
 */
function succeeds(key: KeyedTest, names: readonly KeyedTest[]): 'yes' | 'maybe' | 'no' {
  const endedAt = latest(names.map((name) => name.newestTraceAt));
  if (endedAt === null || key.firstTraceAt === null || key.newestTraceAt === null) return 'no';
  const last = names.find(({ newestTraceAt }) => newestTraceAt === endedAt) as KeyedTest;
  const interval = intervalOf(last);
  if (endedAt - key.firstTraceAt > patienceIntervals * interval) return 'no';
  const isSilent = isOverdue(key.newestTraceAt - endedAt, interval);
  const repeats = key.newestTraceAt - key.firstTraceAt >= interval;
  return isSilent && repeats ? 'yes' : 'maybe';
}

/** The test whose last key has the most parameters in common; null if several have equally many. */
function mostAlike(
  key: KeyedTest,
  tests: readonly { readonly id: string; readonly names: readonly KeyedTest[] }[],
): string | null {
  const scored = tests.map(({ id, names }) => ({
    id,
    score: Math.max(...names.map((name) => commonParameters(key, name))),
  }));
  const best = Math.max(...scored.map(({ score }) => score));
  const [first, ...others] = scored.filter(({ score }) => score === best);
  return first === undefined || others.length > 0 ? null : first.id;
}

/** How many parameters are equal, less those that differ. */
function commonParameters({ parameters: a }: Test, { parameters: b }: Test): number {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].reduce((sum, name) => sum + (a[name] === b[name] ? 1 : -1), 0);
}

function haveEqualParameters(a: Test, b: Test): boolean {
  return a.parameters === b.parameters || parametersKey(a) === parametersKey(b);
}

function parametersKey({ parameters }: Test): string {
  return JSON.stringify(Object.entries(parameters).sort());
}

/** Turns between two keys that a change from one to the other, and back, does not explain. */
const minTurns = 4;

/**
 * Whether two keys are measured side by side, as the starts of their traces in one span show: they
 * take turns.
 */
export function takeTurns(starts: readonly number[], otherStarts: readonly number[]): boolean {
  const merged = [
    ...starts.map((at) => ({ at, isOther: false })),
    ...otherStarts.map((at) => ({ at, isOther: true })),
  ].sort((a, b) => a.at - b.at);
  const turns = merged.filter(({ isOther }, index) => isOther !== merged[index - 1]?.isOther);
  return turns.length - 1 >= minTurns;
}
