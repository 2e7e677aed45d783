import { createPlanMatcher } from '../../analysis/window/mesh/plannedTests.ts';
import { daySeconds } from '../../model/values/time.ts';
import { localArchive } from '../../sources/mtr/localTest.ts';
import type { Store } from '../../store/store.ts';
import type { CollectResult } from '../collect/collect.ts';
import type { KnownTest } from '../knownTests.ts';
import type { RunContext } from '../runContext.ts';
import { offerProblems } from './linkOffers.ts';
import { nameKeys } from './nameKeys.ts';
import { retireTests, returnTests } from './retireTests.ts';

/** A test is retired when no archive has listed it for so long, and no template contains it. */
const unlistedSeconds = 7 * daySeconds;
/** An archive whose list is older says nothing about which tests it has. */
const listAgeSeconds = daySeconds;

/** The time of the last template is recorded this exactly, seconds. */
const plannedResolution = daySeconds;

/**
 * Decides which test each new key names, and which tests belong to the mesh. Tests that may be one,
 * but that only people can join, become warnings of the run.
 */
export function identifyTests(
  { store, record, session: { now } }: Pick<RunContext, 'store' | 'record' | 'session'>,
  { plan, isPlanComplete }: CollectResult,
): void {
  const tests = store.transaction(() => {
    const known = nameKeys(store);
    placeInMesh(store, known, { plan, isPlanComplete, now });
    return known;
  });
  record.addWarnings(offerProblems(tests, store.responders().merged(), plan));
}

/** Retires and returns tests as the archives and the templates show at `now` (epoch seconds). */
function placeInMesh(
  store: Store,
  tests: readonly KnownTest[],
  { plan, isPlanComplete, now }: Pick<CollectResult, 'plan' | 'isPlanComplete'> & { now: number },
): void {
  returnTests(
    store,
    tests.filter((test) => deliversAgain(test)),
    now,
  );
  if (plan === null || !isPlanComplete) return;
  const isPlanned = createPlanMatcher(plan);
  const planned = tests.filter((test) => isPlanned(test));
  const isDue = ({ plannedAt }: KnownTest) => now - (plannedAt ?? 0) >= plannedResolution;
  const due = planned.filter(isDue).map(({ id }) => id);
  store.identities.setPlannedAt(due, now);
  returnTests(
    store,
    planned.filter((test) => test.retired?.by === 'template' && !deliversAgain(test)),
    now,
  );
  const dropped = tests.filter((test) => !isPlanned(test) && isAbandoned(test, store, now));
  retireTests(store, dropped, 'template', now);
}

/** Whether a retired test has a result from after that. */
function deliversAgain({ retired, newestTraceAt }: KnownTest): boolean {
  return retired !== null && newestTraceAt !== null && newestTraceAt > retired.at;
}

/** Whether a template contained a test once, and the archives have not listed it for long. */
function isAbandoned(test: KnownTest, store: Store, now: number): boolean {
  const { retired, plannedAt, lastListedAt, keys } = test;
  if (retired !== null || plannedAt === null || now - lastListedAt < unlistedSeconds) return false;
  return keys.every(({ archive }) => {
    const listedUntil = archive === localArchive ? null : store.listedUntil(archive);
    return listedUntil !== null && now - listedUntil < listAgeSeconds;
  });
}
