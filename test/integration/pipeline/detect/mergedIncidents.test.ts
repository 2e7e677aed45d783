import { expect, test } from 'vitest';
import { blankChange } from '../../../../src/model/change/blankChange.ts';
import { recordIncidents } from '../../../../src/pipeline/detect/recordIncidents.ts';
import { meshChanges } from '../../../../src/pipeline/publish/meshChanges.ts';
import { openedStore } from '../../store/openedStore.ts';
import { midnight } from '../../store/samples.ts';

test('what was said of an incident follows it into the older one that it turns out to be part of', () => {
  const store = openedStore('a', 'b', 'c');
  const record = (testId: string, at: number, lost: readonly string[]) => {
    const blank = blankChange(testId, 'intra_as', 'moderate', at);
    const evidence = { ...blank.evidence, removed: lost };
    // The tests of this store share a host; what they lost is hours of clocks apart.
    const onset = { after: at - 600, by: at };
    const change = { ...blank, onset, evidence };
    store.detectionStates.queueFindings([{ kind: 'change', change, elements: [] }]);
    store.transaction(() => recordIncidents(store, at));
  };
  record('a', midnight, ['r1']);
  record('b', midnight + 5400, ['r2']);
  const [older, newer] = store.incidents.active().map(({ incident }) => incident.id);
  expect([older, newer]).toEqual([
    `incident-a@${midnight}-intra_as`,
    `incident-b@${midnight + 5400}-intra_as`,
  ]);
  store.acknowledgements.add({
    incidentId: newer ?? '',
    at: midnight + 5500,
    by: 'ada',
    note: null,
  });
  record('c', midnight + 2700, ['r1', 'r2']);

  expect(store.incidents.active().map(({ incident }) => incident.id)).toEqual([older]);
  const window = { from: midnight - 86_400, to: midnight + 7200 };
  const settings = { alerts: null, groups: [] };
  const shown = meshChanges(store, window, window.to, settings);
  expect(shown.records.map(({ incidentId }) => incidentId)).toEqual([older, older, older]);
  expect(shown.acknowledgements).toMatchObject([{ incidentId: older, by: 'ada' }]);
  expect(shown.formerIds?.get(older ?? '')).toEqual([newer]);
});
