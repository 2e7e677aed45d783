import { blankChange } from '../../../src/model/change/blankChange.ts';
import type { Change } from '../../../src/model/change/change.ts';
import type { Incident } from '../../../src/model/incident/incident.ts';
import type { Store } from '../../../src/store/store.ts';
import { midnight } from './samples.ts';

/** A route change with every field set. */
function changeAt(testId: string, at: number): Change {
  const blank = blankChange(testId, 'inter_as', 'major', at);
  return {
    ...blank,
    onset: { after: at - 1200, by: at - 600 },
    fromAsPath: [64_500, 64_501],
    toAsPath: [64_500, 64_502],
    route: [
      { mark: 'same', before: ['192.0.2.1'], after: ['192.0.2.1'] },
      { mark: 'replaced', before: ['198.51.100.9'], after: ['198.51.100.13', '2001:db8::7'] },
    ],
    evidence: {
      removed: ['r9.example.net'],
      added: ['198.51.100.13'],
      removedLinks: ['198.51.100.8/30'],
      asns: [64_501],
      edge: ['192.0.2.1', 'r9.example.net'],
    },
    prevalence: 0.97,
    usedSince: at - 86_400,
    verdict: { ...blank.verdict, effect: 'worse', rttBeforeMs: 1.25, shiftCiMs: [3, 4.5] },
    icmpError: 'host-unreachable',
    policy: { rule: 'must_avoid', expected: 'AS64502', found: 'hop 2' },
    reassessedAt: at - 300,
  };
}

/** An incident of one change. */
export function incidentOf(change: Change, closedAt: number | null = null): Incident {
  const { id: changeId, testId, severity, detectedAt } = change;
  const { after, by } = change.onset;
  const member = { changeId, testId, class: change.class, severity, detectedAt };
  return {
    id: `incident-${changeId}`,
    members: [{ ...member, after: after ?? by, by, closedAt }],
    status: closedAt === null ? 'open' : 'recovered',
    severity,
    from: by,
    to: closedAt,
    suspect: { kind: 'router', name: 'r9.example.net' },
    tests: [testId],
    unaffectedTests: [],
  };
}

/** Fills every table about detection, changes and messages. */
export function fillAlerts(store: Store, testId: string): void {
  const { detectionStates, lateArrivals, changes, incidents, outbox } = store;
  const { silences, acknowledgements, acceptances } = store;
  const [open, over] = [changeAt(testId, midnight + 3000), changeAt(testId, midnight + 1000)];
  detectionStates.startWatching(testId, midnight + 1);
  detectionStates.setPolicyState(testId, { version: 1, broken: { max_hops: midnight } });
  const engine = { version: 1, testId, nodes: [{ name: 'Łódź' }], route: null };
  for (const before of [900, 300])
    lateArrivals.restoreCheckpoint(testId, {
      until: midnight - before,
      engine: { version: 3, before },
    });
  lateArrivals.markLateFrom(testId, midnight - 600);
  detectionStates.save(testId, { until: midnight + 600.5, elements: ['r9.example.net'], engine });
  detectionStates.setMeshState('testActivity', {
    version: 1,
    sinceAt: midnight,
    known: { [testId]: 'active' },
  });
  detectionStates.queueFindings([{ kind: 'change', change: changeAt(testId, midnight + 9000) }]);
  const [incident, past] = [incidentOf(open), incidentOf(over, midnight + 2000)];
  changes.add({ change: open, incidentId: incident.id, closedAt: null, accepted: false });
  changes.add({ change: over, incidentId: past.id, closedAt: midnight + 2000, accepted: true });
  incidents.put({
    incident,
    engine: { id: incident.id, members: incident.members, removed: { 'r9.example.net': 1 } },
  });
  incidents.put({ incident: past, engine: null });
  incidents.merge('incident-of-old', incident.id);
  const about = { tests: ['ps1*'], groups: [], elements: ['AS64501'], classes: ['loss' as const] };
  const span = { from: midnight, until: midnight + 3600 };
  silences.add({ id: 's1', ...span, reason: 'new “line card”', by: 'Łucja', ...about });
  acknowledgements.add({ incidentId: incident.id, at: midnight + 4000, by: null, note: 'seen' });
  acceptances.add({ changeId: open.id, at: midnight + 4100, by: 'Łucja', note: 'old link' });
  const message = {
    recipient: 'noc:noc@example.org',
    kind: 'alert' as const,
    thread: incident.id,
    plannedAt: midnight + 3100,
    notices: [
      {
        incidentId: incident.id,
        kind: 'alert' as const,
        tests: 1,
        severity: 'major' as const,
        endedAt: null,
      },
    ],
    body: '{"subject":"s","text":"a\\nb"}',
  };
  outbox.enqueue([
    { ...message, key: 'k1', messageId: '<k1@example.org>' },
    { ...message, key: 'k2', messageId: '<k2@example.org>', thread: null },
  ]);
  outbox.markSent('k1', midnight + 3200);
  outbox.markFailed('k2', midnight + 3200, midnight + 3500, '451 later');
}
