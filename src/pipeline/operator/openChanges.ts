import { acceptedReason, changesReason } from '../../analysis/window/stateReason.ts';
import { stateOfClass } from '../../analysis/window/testState.ts';
import type { Config } from '../../config/load.ts';
import type { Silence } from '../../model/alerting/silence.ts';
import type { AcceptedChange } from '../../model/change/acceptance.ts';
import { type Change, type ChangeClass, compareSeverity } from '../../model/change/change.ts';
import type { Incident } from '../../model/incident/incident.ts';
import { type State, type TestSummary, worseState } from '../../model/site/analysis.ts';
import { isWithinSelection } from '../../model/test/selection.ts';
import type { Test } from '../../model/test/test.ts';
import { isSilencedNow } from '../../notify/routing/silences.ts';
import type { Store } from '../../store/store.ts';

/** The store, and what silences changes in it now. */
export interface SilenceContext {
  readonly store: Store;
  readonly silences: readonly Silence[];
  readonly config: Pick<Config, 'groups'>;
  readonly now: number;
}

/** An open change and its incident. */
export interface OpenChange {
  readonly incident: Incident;
  readonly change: Change;
  readonly testId: string;
  readonly isSilenced: boolean;
}

/** The open changes of some tests. */
export function openChanges(
  ids: ReadonlySet<string>,
  tests: ReadonlyMap<string, Test>,
  { store, silences, config, now }: SilenceContext,
): OpenChange[] {
  return store.incidents.active().flatMap(({ incident }) => {
    const openMembers = incident.members.filter(
      ({ testId, closedAt }) => closedAt === null && ids.has(testId),
    );
    if (openMembers.length === 0) return [];
    const changes = new Map(
      store.changes.ofIncident(incident.id).map(({ change }) => [change.id, change]),
    );
    return openMembers.flatMap(({ changeId, testId }): OpenChange[] => {
      const change = changes.get(changeId);
      const test = tests.get(testId);
      if (change === undefined || test === undefined) return [];
      const subject = { change, test, suspect: incident.suspect, closedAt: null };
      const isSilenced = isSilencedNow(subject, silences, config.groups, now);
      return [{ incident, change, testId, isSilenced }];
    });
  });
}

/** Whether a silence covers the whole test, or all of its open changes. */
export function isTestSilenced(
  test: Test,
  open: readonly OpenChange[],
  { silences, config, now }: SilenceContext,
): boolean {
  const testChanges = open.filter(({ testId }) => testId === test.id);
  if (testChanges.length > 0 && testChanges.every(({ isSilenced }) => isSilenced)) return true;
  return silences.some(
    (silence) =>
      silence.from <= now &&
      now < silence.until &&
      silence.classes.length === 0 &&
      silence.elements.length === 0 &&
      isWithinSelection(silence, test, config.groups),
  );
}

/** The accepted changes that last, by test id. */
export function acceptedChanges(store: Store): Map<string, AcceptedChange[]> {
  const acceptances = new Map(store.acceptances.list().map((each) => [each.changeId, each]));
  const ids = new Set(
    store.incidents
      .active()
      .filter(({ incident }) => incident.members.some(({ changeId }) => acceptances.has(changeId)))
      .map(({ incident }) => incident.id),
  );
  const accepted = [...ids]
    .flatMap((id) => store.changes.ofIncident(id))
    .flatMap(({ change, closedAt }): AcceptedChange[] => {
      const acceptance = acceptances.get(change.id);
      return acceptance === undefined || closedAt !== null ? [] : [{ change, acceptance }];
    });
  return Map.groupBy(accepted, ({ change }) => change.testId);
}

/**
 * The tests as they stand now: since the last run, an operator may have accepted their changes, or
 * taken that back. `open`: their open changes.
 */
export function withAcceptances(
  tests: readonly TestSummary[],
  open: readonly OpenChange[],
  store: Store,
): TestSummary[] {
  const accepted = acceptedChanges(store);
  const openByTest = Map.groupBy(open, ({ testId }) => testId);
  return tests.map((summary) => {
    const { id } = summary.test;
    const openOfTest = openByTest.get(id);
    if (openOfTest !== undefined) return withReopened(summary, openOfTest);
    const own = accepted.get(id) ?? [];
    const isExplained = own.some(({ change }) => stateOf(change.class) === summary.state);
    if (!isExplained) return summary;
    return { ...summary, state: 'accepted', stateReason: acceptedReason(own) };
  });
}

/** A test with open changes: it is not `accepted` any more. */
function withReopened(summary: TestSummary, open: readonly OpenChange[]): TestSummary {
  const states = open.flatMap(({ change }) => stateOf(change.class) ?? []);
  if (summary.state !== 'accepted' || states.length === 0) return summary;
  const changes = open.map(({ change }) => change).sort(compareSeverity);
  const state = states.reduce(worseState);
  return { ...summary, state, stateReason: changesReason(changes) };
}

function stateOf(changeClass: ChangeClass): State | undefined {
  return changeClass === 'vanished' ? 'stale' : stateOfClass[changeClass];
}
