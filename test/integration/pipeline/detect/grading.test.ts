import { expect, test } from 'vitest';
import type { Finding } from '../../../../src/analysis/detection/finding.ts';
import { asElement } from '../../../../src/analysis/detection/usualFigures.ts';
import { blankChange } from '../../../../src/model/change/blankChange.ts';
import type { RouteChange } from '../../../../src/model/change/routeChange.ts';
import { recordIncidents } from '../../../../src/pipeline/detect/recordIncidents.ts';
import type { Store } from '../../../../src/store/store.ts';
import { openedStore } from '../../store/openedStore.ts';
import { listedTest, midnight } from '../../store/samples.ts';

const cloud = 64_520;

/** A finding: from one city of the destination's AS to another. */
function moved(testId: string, at: number): Finding {
  const device = (place: string) => ({
    ...{ name: `cr1.${place}.cloud.example`, asn: cloud, place: `${place}.cloud.example`, ttl: 5 },
  });
  const routeChange: RouteChange = {
    level: 'intra_as',
    reason: 'place',
    removed: [device('fra')],
    added: [device('par')],
    evidenceNats: 9,
    traces: 2,
    firstAsn: 64_500,
  };
  const blank = blankChange(testId, 'intra_as', 'moderate', at);
  const evidence = { ...blank.evidence, removed: ['cr1.fra.cloud.example'] };
  const onset = { after: at - 1200, by: at - 600 };
  const change = { ...blank, evidence, onset, routeChange, fromAsPath: [64_500, cloud] };
  return { kind: 'change', change, elements: [] };
}

/** A store with three tests whose routes pass the cloud. */
function cloudStore(): Store {
  const ids = ['a', 'b', 'c'];
  const store = openedStore();
  const to = (id: string) => ({ destination: { address: null, name: `${id}.cloud.example` } });
  store.upsertTests(
    ids.map((id) => listedTest(id, to(id))),
    midnight,
  );
  for (const id of ids)
    store.detectionStates.save(id, { until: midnight, elements: [asElement(cloud)], engine: {} });
  return store;
}

/** A run that detects one change, at `at`. */
function run(store: Store, finding: Finding, at: number): void {
  store.detectionStates.queueFindings([finding]);
  store.transaction(() => recordIncidents(store, at));
}

test('a change is raised, in its incident too, by the company that a later run detects', () => {
  const store = cloudStore();
  run(store, moved('a', midnight), midnight);
  const severities = () => store.changes.since(0).map(({ change }) => change.severity);
  expect(severities()).toEqual(['info']);
  expect(store.incidents.active()[0]?.incident.severity).toBe('info');

  run(store, moved('b', midnight + 300), midnight + 300);
  expect(severities()).toEqual(['moderate', 'moderate']);
  expect(store.changes.since(0)[0]?.change.grading?.company).toEqual(['b']);
  expect(store.changes.since(0)[0]?.change.detectedAt).toBe(midnight);
  expect(store.incidents.active().map(({ incident }) => incident.severity)).toEqual(['moderate']);
});

test('a worse verdict does not raise an unsure change', () => {
  const store = cloudStore();
  run(store, moved('a', midnight), midnight);
  const [stored] = store.changes.since(0);
  if (stored === undefined) throw new Error('no change');
  const { id: changeId, testId, verdict } = stored.change;
  const worse = { ...verdict, effect: 'worse' as const };
  run(store, { kind: 'reassessed', testId, changeId, at: midnight, verdict: worse }, midnight);
  expect(store.changes.since(0)[0]?.change).toMatchObject({ severity: 'info', verdict: worse });
});
